from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_direct_debit import debit_states

DEBIT_STATUSES = [
    ("draft", "To send"),
    ("submitting", "Being sent"),
    ("unknown", "Outcome unknown"),
    ("submitted", "Sent"),
    ("collected", "Collected"),
    ("paid_out", "Paid out"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
    ("returned", "Returned"),
]

# What makes a debit the debit it is: written by the engine only, once the row is a debit.
DEBIT_CORE_FIELDS = frozenset(
    {
        "state",
        "amount",
        "currency_id",
        "partner_id",
        "provider_id",
        "provider_reference",
        "reference",
        "token_id",
        "mandate_id",
        "debit_description",
        "debit_requested_date",
        "debit_expected_date",
        "debit_settled_date",
        "debit_sent_at",
        "debit_last_sent_at",
        "debit_tries",
        "debit_next_check",
        "debit_reason_id",
        "debit_reason_raw",
        "debit_will_retry",
        "payout_id",
    }
)


class PaymentTransaction(models.Model):
    """A debit: one attempt to take money by mandate. One attempt = one row = one key."""

    _name = "payment.transaction"
    _inherit = ["payment.transaction", "payment.state.mixin"]

    _state_field = "debit_status"
    _state_initial = ()
    _state_transitions = debit_states.TRANSITIONS
    _state_guarded = frozenset({"debit_key", "debit_worker", "debit_raw_status"})

    debit_status = fields.Selection(
        DEBIT_STATUSES, copy=False, readonly=True, index="btree_not_null"
    )
    mandate_id = fields.Many2one(
        "payment.mandate", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    debit_key = fields.Char(
        string="Idempotency Key", copy=False, readonly=True, groups="base.group_system"
    )
    debit_worker = fields.Integer(copy=False, readonly=True, groups="base.group_system")
    debit_description = fields.Char(string="Statement Text", readonly=True)
    debit_requested_date = fields.Date(string="Requested For", readonly=True, copy=False)
    debit_expected_date = fields.Date(string="Expected On", readonly=True, copy=False)
    debit_settled_date = fields.Date(string="Settled On", readonly=True, copy=False)
    debit_sent_at = fields.Datetime(string="Sent At", readonly=True, copy=False)
    debit_last_sent_at = fields.Datetime(string="Last Sent At", readonly=True, copy=False)
    debit_tries = fields.Integer(string="Times Sent", readonly=True, copy=False)
    debit_next_check = fields.Datetime(readonly=True, copy=False)
    debit_raw_status = fields.Char(string="Provider's Status", readonly=True, copy=False)
    debit_reason_id = fields.Many2one(
        "payment.reason.code", string="Reason", readonly=True, copy=False, index="btree_not_null"
    )
    debit_reason_raw = fields.Char(string="Provider's Reason", readonly=True, copy=False)
    debit_will_retry = fields.Boolean(string="Provider Will Retry", readonly=True, copy=False)
    debit_line_ids = fields.One2many(
        "account.move.line", "debit_transaction_id", string="Journal Items", readonly=True
    )
    payout_id = fields.Many2one(
        "payment.payout", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
    return_ids = fields.One2many("payment.return", "transaction_id", readonly=True)

    _debit_key_uniq = models.UniqueIndex("(debit_key) WHERE debit_key IS NOT NULL")
    # A notification looks a debit up by the provider's reference.
    _provider_reference_idx = models.UniqueIndex(
        "(provider_id, provider_reference)"
        " WHERE debit_status IS NOT NULL AND provider_reference IS NOT NULL",
        "Another debit has this reference at the provider already.",
    )
    _debit_open_idx = models.Index(
        "(debit_status, debit_next_check) WHERE debit_status IN ('draft', 'submitting', 'unknown')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("debit_status") for vals in vals_list) and not self._state_is_writer():
            raise AccessError(self.env._("Debits are made by the collection engine only."))
        return super().create(vals_list)

    def write(self, vals):
        if (
            DEBIT_CORE_FIELDS & vals.keys()
            and not self._state_is_writer()
            and any(self.mapped("debit_status"))
        ):
            raise AccessError(
                self.env._("The state and the terms of a debit change by its own actions only.")
            )
        return super().write(vals)

    @api.constrains("token_id")
    def _check_token_is_active(self):
        """Check each transaction's token; core's own check takes one transaction at a time."""
        for token in self.token_id:
            if not token.active:
                raise ValidationError(
                    self.env._("Creating a transaction from an archived token is forbidden.")
                )

    @api.constrains("mandate_id", "partner_id")
    def _check_mandate_is_the_clients(self):
        for debit in self.filtered("mandate_id"):
            if (
                debit.mandate_id.partner_id.commercial_partner_id
                != debit.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "Mandate %(rum)s was signed by %(debtor)s; it can not be used to debit"
                        " %(client)s.",
                        rum=debit.mandate_id.name,
                        debtor=debit.mandate_id.partner_id.display_name,
                        client=debit.partner_id.display_name,
                    )
                )

    @api.constrains("debit_status", "amount")
    def _check_debit_amount(self):
        for debit in self.filtered("debit_status"):
            if debit.currency_id.compare_amounts(debit.amount, 0) <= 0:
                raise ValidationError(
                    self.env._(
                        "Debit %(reference)s: the amount must be above zero.",
                        reference=debit.reference,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never_a_debit(self):
        if debits := self.filtered("debit_status"):
            raise ValidationError(
                self.env._(
                    "%(debits)s: a debit is proof and can not be deleted.",
                    debits=", ".join(debits.mapped("reference")),
                )
            )

    @api.model
    @api.private
    def _debit_create(self, vals_list):
        """Make debits to send, all at once. The caller commits before anything is sent.

        :param list vals_list: dicts with mandate_id, partner_id, amount, currency_id, reference,
            debit_requested_date, debit_description and, where known, invoice_ids; token_id where
            another provider than the one that holds the mandate shall take the debit.
        :return: the debits, in state draft.
        :raise ValidationError: amount not above zero, mandate of another client, no token, a
            token of another mandate.
        """
        mandates = self.env["payment.mandate"].browse([vals["mandate_id"] for vals in vals_list])
        mandates._ensure_tokens()
        method = self.env["payment.provider"]._debit_payment_method()
        for vals, mandate in zip(vals_list, mandates, strict=True):
            token = self.env["payment.token"].browse(vals.get("token_id"))
            token = token or mandate._own_tokens()[:1]
            if not token.active or token.mandate_id != mandate:
                raise ValidationError(
                    self.env._(
                        "Mandate %(rum)s is not known to its provider yet: no debit can use it.",
                        rum=mandate.name,
                    )
                )
            vals.update(
                provider_id=token.provider_id.id,
                payment_method_id=method.id,
                token_id=token.id,
                operation="offline",
                debit_status="draft",
            )
        debits = self._state_writer().create(vals_list).with_env(self.env)
        for debit in debits:
            debit._state_write({"debit_key": payment_utils.generate_idempotency_key(debit)})
        return debits

    # Chatter of every invoice for every step of every debit would cost more than the debit; the
    # history of the debit and of what it pays says it all.
    def _get_sent_message(self):
        return None if self.debit_status else super()._get_sent_message()

    def _get_received_message(self):
        return None if self.debit_status else super()._get_received_message()

    def _send_payment_request(self):
        """Queue a token payment (portal, “Register payment”) as a debit instead of sending it.

        The row has to be committed before the provider is called, and this runs in the middle
        of somebody's transaction: the sending cron takes it from there.
        """
        if not self.provider_id._debit_profile():
            return super()._send_payment_request()
        if not self.debit_status:
            self._state_write(
                {
                    "debit_key": payment_utils.generate_idempotency_key(self),
                    "mandate_id": self.token_id.mandate_id.id,
                    "debit_requested_date": fields.Date.context_today(self),
                    "debit_description": self.reference,
                }
            )
            self._set_state("draft", self.env._("Queued"))
            self._state_writer()._set_pending()
            self.env.ref("payment_direct_debit.ir_cron_send_debits")._trigger()
        return None

    def _post_process(self):
        """Leave debits out of the generic payment: the engine books them in batches."""
        debits = self.filtered("debit_status")
        result = super(PaymentTransaction, self - debits)._post_process()
        debits._debit_book_missing()
        return result
