from odoo import api, fields, models
from odoo.fields import Domain

# States from which "unpaid" is news; from "held" it is only a release.
FAILED_FROM = ("in_collection", "paid", "invoiced", "disputed")


class PaymentInstallment(models.Model):
    """From an installment that failed to its dunning, and back."""

    _inherit = "payment.installment"

    retry_for = fields.Date(
        string="Presented Again For",
        copy=False,
        readonly=True,
        help="The day of the debit that the retry policy has chosen.",
    )
    dunning_ids = fields.One2many(
        "payment.dunning",
        "installment_id",
        readonly=True,
        groups="payment_direct_debit.group_payment_user",
    )

    def _set_state(self, state, reason="", on=None, values=None):
        before = {installment.id: installment.state for installment in self}
        moved = super()._set_state(state, reason, on, values)
        on = on or fields.Date.context_today(self)
        if state in ("unpaid", "disputed"):
            news = moved.filtered(lambda i: before[i.id] in FAILED_FROM)
            news.sudo()._chase(on)
        elif state in ("paid", "cancelled", "written_off"):
            moved.sudo()._stop_chasing(state, on)
        return moved

    def _chase(self, on):
        """Open or go on with the dunning of what just failed.

        :param date on: the engine's date.
        """
        # The provider takes some up again by itself: one owner of the retry (money rule 4).
        ours = self.filtered(lambda i: not i._live_debits())
        if not ours:
            return
        category = {i.id: i._dunning_category() for i in ours}
        self.env["payment.dunning"]._open(ours, category, on)

    def _dunning_category(self):
        self.ensure_one()
        if self.collection_mode == "one_off":
            return "overdue"
        return self.last_reason_id.category or "unknown"

    def _stop_chasing(self, state, on):
        dunnings = self.env["payment.dunning"].search(
            [("installment_id", "in", self.ids), ("state", "!=", "recovered")]
        )
        if state == "paid":
            dunnings._close("recovered", self.env._("Paid"), on)
        else:
            dunnings._close("stopped", self.env._("Not owed any more"), on)

    def _tell_no_policy(self, on):
        """No policy fits: the debt must not be forgotten for that."""
        for installment in self:
            self.env["payment.alert"]._raise_alert(
                "no_policy",
                installment,
                self.env._(
                    "%(installment)s is unpaid (%(reason)s) and no retry policy covers it: decide"
                    " yourself, or add a policy.",
                    installment=installment.display_name,
                    reason=installment.last_reason_id.display_name or "-",
                ),
            )

    @api.model
    def _chase_overdue(self, today):
        """Make one-off installments unpaid whose invoice is past its date; their dunning begins.

        :param date today: the engine's date.
        """
        overdue = self.search(
            Domain("collection_mode", "=", "one_off")
            & Domain("state", "=", "invoiced")
            & Domain("due_date", "<", today)
            & Domain("invoice_id.payment_state", "in", ("not_paid", "partial"))
        )
        overdue._set_state("unpaid", self.env._("The invoice is overdue"), today)

    def _payment_link(self):
        """Return the page on which the client pays the invoice by card or transfer; no login.

        The token in it opens this invoice and nothing else.
        """
        self.ensure_one()
        invoice = self.sudo().invoice_id
        if not invoice:
            return ""
        return f"{invoice.get_base_url()}{invoice.get_portal_url(anchor='portal_pay')}"

    # === WHAT OTHERS KNOW === #

    def _origin_user(self):
        """Hook: return the sales rep who looks after what the debt comes from (res.users)."""
        return self.env["res.users"]

    def _origin_suspend(self, reason, on):
        """Hook: suspend what the debts come from.

        :param str reason: why, for a person.
        :param date on: the engine's date.
        :return: the installments whose origin is suspended now.
        """
        return self.browse()
