from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_direct_debit import debit_states

# The debtor of a Core debit may have it paid back by his bank for so long, without a reason:
# SDD Core rulebook, 4.3.4 and PSD2, articles 76 and 77.
NO_QUESTIONS = relativedelta(weeks=8)

# Refunds that may have taken, or may still take, a part of the debit's amount.
LIVE = ("draft", "queued", "submitting", "unknown", "submitted", "done")
# Refunds of which the provider has, or may have, heard.
AT_PROVIDER = ("submitting", "unknown", "submitted", "done")

TERMS = frozenset({"transaction_id", "amount", "note", "confirm_within_8_weeks"})
MANAGER = "payment_direct_debit.group_payment_manager"


class PaymentRefund(models.Model):
    """Money that we give back of one collected debit. One refund = one row = one key."""

    _name = "payment.refund"
    _description = "Debit Refund"
    _inherit = ["payment.state.mixin"]
    _order = "id desc"
    _rec_name = "reference"

    _state_transitions = frozenset(
        {
            ("draft", "queued"),
            ("draft", "cancelled"),
            ("queued", "cancelled"),
            ("queued", "submitting"),
            ("queued", "failed"),  # refused by our own checks, before any call
            ("submitting", "queued"),  # surely not executed: may leave again, same key
            ("submitting", "unknown"),
            ("submitting", "submitted"),
            ("submitting", "failed"),
            ("unknown", "submitted"),
            ("unknown", "failed"),
            ("submitted", "done"),
            ("submitted", "failed"),
            ("done", "failed"),  # the debtor's bank sent it back
        }
    )
    _state_guarded = frozenset(
        {
            "reference",
            "refund_key",
            "provider_ref",
            "raw_status",
            "sent_at",
            "tries",
            "next_check",
            "error",
            "move_id",
            "reversal_move_id",
        }
    )

    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Debit",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("debit_status", "in", debit_states.MONEY_IN)],
    )
    provider_id = fields.Many2one(related="transaction_id.provider_id", store=True, index=True)
    company_id = fields.Many2one(related="transaction_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="transaction_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="transaction_id.currency_id", store=True)
    amount = fields.Monetary(required=True)
    note = fields.Char(string="Reason", help="Why the money goes back; stays in this database.")
    confirm_within_8_weeks = fields.Boolean(
        string="Refund although it may be paid twice",
        copy=False,
        help="For eight weeks the client can have a Core debit paid back by his bank, whether we"
        " have refunded it or not. Only a finance manager can accept that.",
    )
    within_8_weeks = fields.Boolean(compute="_compute_within_8_weeks")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "To send"),
            ("submitting", "Being sent"),
            ("unknown", "Outcome unknown"),
            ("submitted", "Sent"),
            ("done", "Refunded"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    reference = fields.Char(readonly=True, copy=False)
    refund_key = fields.Char(
        string="Idempotency Key", readonly=True, copy=False, groups="base.group_system"
    )
    provider_ref = fields.Char(string="Reference at the Provider", readonly=True, copy=False)
    raw_status = fields.Char(string="Provider's Status", readonly=True, copy=False)
    error = fields.Char(string="What Went Wrong", readonly=True, copy=False)
    sent_at = fields.Datetime(readonly=True, copy=False)
    tries = fields.Integer(string="Times Sent", readonly=True, copy=False)
    next_check = fields.Datetime(readonly=True, copy=False)
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, copy=False, index="btree_not_null"
    )
    reversal_move_id = fields.Many2one(
        "account.move", string="Entry of the Failure", readonly=True, copy=False
    )

    _reference_uniq = models.UniqueIndex("(reference)")
    _key_uniq = models.UniqueIndex("(refund_key) WHERE refund_key IS NOT NULL")
    _provider_ref_uniq = models.UniqueIndex(
        "(provider_id, provider_ref) WHERE provider_ref IS NOT NULL",
        "Another refund has this reference at the provider already.",
    )

    @api.depends("transaction_id.debit_settled_date", "transaction_id.mandate_id.scheme")
    def _compute_within_8_weeks(self):
        today = fields.Date.context_today(self)
        for refund in self:
            refund.within_8_weeks = refund._may_be_claimed_on(today)

    def _may_be_claimed_on(self, date):
        """Tell whether the debtor can have the debit paid back by his bank on that day."""
        self.ensure_one()
        debit = self.transaction_id.sudo()
        settled = debit.debit_settled_date
        is_core = debit.mandate_id.scheme == "core"
        return bool(settled and is_core and date <= settled + NO_QUESTIONS)

    # === WHO MAY WRITE WHAT === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_may_confirm(vals)
        refunds = super().create(vals_list)
        for debit, ours in refunds.sudo().grouped("transaction_id").items():
            first = debit._debit_last_refund_number() + 1
            for number, refund in enumerate(ours, first):
                reference = f"{debit.reference}-R{number}"
                key = payment_utils.generate_idempotency_key(debit, scope=f"refund {reference}")
                refund._state_write({"reference": reference, "refund_key": key})
        return refunds

    def write(self, vals):
        if TERMS & vals.keys() and not self._state_is_writer():
            if "transaction_id" in vals or any(refund.state != "draft" for refund in self):
                raise UserError(
                    self.env._("A refund keeps its debit, and its terms once it is to be sent.")
                )
            self._check_may_confirm(vals)
            if not self._is_manager():  # what a manager confirmed was another refund
                vals = {**vals, "confirm_within_8_weeks": False}
        return super().write(vals)

    def _is_manager(self):
        return self.env.su or self.env.user.has_group(MANAGER)

    def _check_may_confirm(self, vals):
        if vals.get("confirm_within_8_weeks") and not self._is_manager():
            raise AccessError(
                self.env._("Only a finance manager can accept that a refund may be paid twice.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if kept := self.filtered(lambda refund: refund.state != "draft"):
            raise UserError(
                self.env._(
                    "%(refunds)s: a refund is proof and can not be deleted; cancel it instead.",
                    refunds=", ".join(kept.mapped("reference")),
                )
            )

    @api.constrains("amount", "transaction_id")
    def _check_amount(self):
        for refund in self:
            currency, debit = refund.currency_id, refund.transaction_id.sudo()
            if currency.compare_amounts(refund.amount, 0) <= 0:
                raise ValidationError(self.env._("The amount of a refund must be above zero."))
            if not debit.debit_status:
                raise ValidationError(
                    self.env._("%(payment)s is no direct debit.", payment=debit.reference)
                )
            if currency.compare_amounts(debit._debit_refundable(), 0) < 0:
                raise ValidationError(
                    self.env._(
                        "The refunds of debit %(debit)s would come to more than its %(amount)s.",
                        debit=debit.reference,
                        amount=currency.format(debit.amount),
                    )
                )

    # === RULES === #

    def _problem(self, on):
        """Return why the refund can not be sent, or None.

        :param date on: the engine's date.
        """
        self.ensure_one()
        debit = self.transaction_id.sudo()
        problem = debit._debit_refund_problem(on)
        if problem:
            return problem
        if self.currency_id.compare_amounts(debit._debit_refundable(), 0) < 0:
            return self.env._(
                "The refunds of debit %(debit)s come to more than the debit.", debit=debit.reference
            )
        if self._may_be_claimed_on(on) and not self.confirm_within_8_weeks:
            return self.env._(
                "The client can have debit %(debit)s paid back by his bank until %(day)s, whether"
                " it is refunded or not: it may be paid twice. A finance manager has to confirm"
                " the refund; or wait, or ask the client to claim it at his bank.",
                debit=debit.reference,
                day=format_date(self.env, debit.debit_settled_date + NO_QUESTIONS),
            )
        return None

    # === ACTIONS === #

    def action_send(self):
        """Queue the refunds: the row is committed by this request, the cron sends it."""
        self.check_access("write")
        self._queue(fields.Date.context_today(self))
        self.env.ref("payment_direct_debit.ir_cron_send_refunds").sudo()._trigger()
        return True

    @api.private
    def _queue(self, on):
        """Put drafts into the queue, or say what stands in the way.

        :param date on: the engine's date.
        :raise UserError: by the first one that may not be sent.
        """
        for refund in self:
            if problem := refund._problem(on):
                raise UserError(problem)
        self._set_state("queued", on=on)

    def action_cancel(self):
        """Give up refunds that have not left."""
        self._set_state("cancelled", self.env._("Cancelled before it left"))
        return True

    def action_refresh(self):
        """Ask the provider again; for the button."""
        self.check_access("read")
        self.sudo()._refresh()
        return True
