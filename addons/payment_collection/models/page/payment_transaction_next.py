from odoo import api, fields, models

from odoo.addons.payment_collection.models.page.payment_transaction_page import CAME_BACK


class PaymentTransaction(models.Model):
    """Why, and what comes next: in plain words, for a whole page at once."""

    _inherit = "payment.transaction"

    payment_reason = fields.Char(
        string="In Plain Words", compute="_compute_payment_reason", compute_sudo=True
    )
    next_step = fields.Char(compute="_compute_next_step", compute_sudo=True)
    next_step_on = fields.Date(string="On", compute="_compute_next_step", compute_sudo=True)

    @api.depends("payment_status", "debit_reason_id", "state_message")
    @api.depends_context("lang")
    def _compute_payment_reason(self):
        for payment in self:
            reason = payment.debit_reason_id.label
            if payment.payment_status in CAME_BACK and not reason:
                reason = payment.debit_reason_raw or payment.state_message
            elif payment.payment_status == "unknown":
                reason = self.env._("The provider has not answered")
            payment.payment_reason = reason

    @api.depends("payment_status", "payment_follow_up", "debit_will_retry", "debit_expected_date")
    @api.depends_context("lang")
    def _compute_next_step(self):
        """Say what happens next by itself, or that a person has to act; no query for one row."""
        stuck = self.filtered(lambda p: p.payment_status in CAME_BACK and not p.payment_follow_up)
        dunnings = self.env["payment.dunning"].search(
            [("installment_id", "in", stuck.installment_id.ids), ("is_open", "=", True)]
        )
        by_installment = {dunning.installment_id.id: dunning for dunning in dunnings}
        stuck_ids = set(stuck.ids)
        for payment in self:
            if payment.id in stuck_ids:
                dunning = by_installment.get(payment.installment_id.id, dunnings.browse())
                step = payment._next_step_after_failure(dunning)
            else:
                step = payment._next_step_of_status()
            payment.next_step, payment.next_step_on = step

    def _next_step_of_status(self):
        """Return (text, day) for a payment that nobody has to look at."""
        expected = self.debit_expected_date or self.debit_requested_date
        steps = {
            "draft": (self.env._("Leaves with the next sending"), False),
            "submitting": (self.env._("Is being sent"), False),
            "unknown": (
                self.env._("Looked up until the provider answers"),
                self.debit_next_check and self.debit_next_check.date(),
            ),
            "submitted": (self.env._("Answer of the bank"), expected),
            "collected": (self.env._("Payout to the bank"), False),
        }
        followed = {
            "retried": (self.env._("Presented again"), False),
            "recovered": (self.env._("None: paid since"), False),
        }
        if self.payment_status in CAME_BACK:
            return followed[self.payment_follow_up]
        if self.payment_status == "collected" and not self.debit_status:
            return (False, False)
        return steps.get(self.payment_status, (False, False))

    def _next_step_after_failure(self, dunning):
        """Return (text, day) for what failed or came back and is still owed."""
        installment = self.installment_id
        if self.debit_will_retry:
            return (self.env._("The provider presents it again"), self.debit_expected_date)
        if installment.state == "held":
            reasons = dict(installment._fields["hold_reason"]._description_selection(self.env))
            held = reasons.get(installment.hold_reason, "")
            return (self.env._("Held: %(reason)s", reason=held), False)
        if installment.state == "unpaid" and installment.retry_on:
            day = installment.retry_for or installment.retry_on
            return (self.env._("Debit presented again"), day)
        if dunning.state == "paused":
            return (self.env._("Dunning paused: resume it"), False)
        if dunning.next_step_id:
            return (dunning.next_step_id.display_name, dunning.next_on)
        if installment.state in ("written_off", "cancelled"):
            return (self.env._("None: not owed any more"), False)
        if not installment:
            return (self.env._("The client may pay again"), False)
        return (self.env._("A person decides"), False)
