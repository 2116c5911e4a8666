from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.payment_direct_debit import debit_states

HOLD_REASONS = [
    ("manual", "Held by a person"),
    ("client", "Client on hold"),
    ("no_mandate", "No mandate"),
    ("mandate_unusable", "Mandate not active"),
    ("mandate_foreign", "Mandate of another client"),
    ("scheme", "Scheme does not fit"),
    ("dispute", "Another debit of this mandate is disputed"),
    ("over_limit", "Amount over the limit"),
    ("notice_missing", "Not announced to the client"),
    ("notice_late", "Announced too late"),
    ("cutoff_passed", "Announced day can not be met any more"),
    ("provider_unavailable", "Provider not available"),
    ("currency", "Currency not taken by the provider"),
    ("amount_limit", "Amount outside of the provider's limits"),
    ("amount_zero", "Nothing to collect"),
    ("amount_mismatch", "Invoice total differs"),
    ("invoice_error", "Invoice could not be made"),
    ("live_attempt", "Another attempt is under way"),
]

# Held because something is wrong here, not because of the client or his mandate.
HOLDS_BY_ERROR = ("amount_mismatch", "invoice_error", "live_attempt")

# What a collection run takes up; what is held is released first, once it is mended.
COLLECTABLE = ("planned", "notified", "invoiced")


class PaymentInstallment(models.Model):
    """An amount owed on a date, and everything that happened to it."""

    _name = "payment.installment"
    _description = "Installment"
    _inherit = ["payment.state.mixin"]
    _order = "due_date desc, id desc"
    _check_company_auto = True

    _state_initial = ("planned",)
    _state_transitions = frozenset(
        {
            ("planned", "notified"),
            ("planned", "invoiced"),
            ("planned", "held"),
            ("planned", "cancelled"),
            ("notified", "planned"),  # its terms changed: to be announced again
            ("notified", "invoiced"),
            ("notified", "held"),
            ("notified", "cancelled"),
            ("held", "planned"),
            ("held", "notified"),
            ("held", "invoiced"),
            ("held", "unpaid"),
            ("held", "paid"),
            ("held", "cancelled"),
            ("invoiced", "held"),
            ("invoiced", "in_collection"),
            ("invoiced", "paid"),
            ("invoiced", "cancelled"),
            ("invoiced", "unpaid"),  # not a debit: the invoice is overdue
            ("in_collection", "invoiced"),  # the debit was cancelled before it left
            ("in_collection", "paid"),
            ("in_collection", "unpaid"),
            ("in_collection", "disputed"),
            ("paid", "unpaid"),
            ("paid", "disputed"),
            ("unpaid", "held"),
            ("unpaid", "in_collection"),
            ("unpaid", "in_recovery"),
            ("unpaid", "disputed"),
            ("unpaid", "paid"),
            ("unpaid", "written_off"),
            ("unpaid", "cancelled"),
            ("disputed", "in_collection"),
            ("disputed", "in_recovery"),
            ("disputed", "paid"),
            ("disputed", "unpaid"),
            ("disputed", "written_off"),
            ("in_recovery", "paid"),
            ("in_recovery", "in_collection"),
            ("in_recovery", "written_off"),
            ("written_off", "paid"),
        }
    )
    _state_guarded = frozenset(
        {
            "hold_reason",
            "hold_detail",
            "invoice_id",
            "notice_line_id",
            "announced_date",
            "forecast_hold_reason",
            "forecast_hold_detail",
            "mend_before",
        }
    )

    name = fields.Char(string="Number", readonly=True, copy=False, index=True)
    label = fields.Char(help="What the client reads: the period, the subject.")
    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(required=True, help="What is owed, taxes included.")
    due_date = fields.Date(required=True)
    period_start = fields.Date()
    period_end = fields.Date()
    collection_mode = fields.Selection(
        [("automatic", "Automatic (direct debit)"), ("one_off", "One-off")],
        required=True,
        default="automatic",
    )
    mandate_id = fields.Many2one(
        "payment.mandate",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="payment_direct_debit.group_payment_user",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("notified", "Notified"),
            ("invoiced", "Invoiced"),
            ("in_collection", "In collection"),
            ("paid", "Paid"),
            ("unpaid", "Unpaid"),
            ("held", "Held"),
            ("disputed", "Disputed"),
            ("in_recovery", "In recovery"),
            ("written_off", "Written off"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        copy=False,
        readonly=True,
    )
    hold_reason = fields.Selection(HOLD_REASONS, copy=False, readonly=True)
    hold_detail = fields.Char(
        copy=False,
        readonly=True,
        groups="payment_direct_debit.group_payment_user",
        help="May name the mandate.",
    )
    invoice_id = fields.Many2one(
        "account.move", copy=False, readonly=True, index="btree_not_null", ondelete="restrict"
    )
    transaction_ids = fields.One2many(
        "payment.transaction",
        "installment_id",
        string="Debits",
        readonly=True,
        groups="payment_direct_debit.group_payment_user",
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True, copy=False)
    retry_on = fields.Date(
        string="Collect Again From",
        copy=False,
        help="An unpaid installment is taken up by the runs from this day on.",
    )
    last_reason_id = fields.Many2one("payment.reason.code", readonly=True, copy=False)
    paid_on = fields.Date(readonly=True, copy=False)

    _due_idx = models.Index(
        "(company_id, due_date) WHERE state IN ('planned', 'notified', 'invoiced', 'held')"
    )
    _retry_idx = models.Index("(company_id, retry_on) WHERE state = 'unpaid'")
    _state_idx = models.Index("(state, due_date)")
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "The amount of an installment can not be negative."
    )

    @api.depends("name", "label")
    def _compute_display_name(self):
        for installment in self:
            installment.display_name = " · ".join(
                filter(None, (installment.name, installment.label))
            )

    @api.model_create_multi
    def create(self, vals_list):
        installments = super().create(vals_list)
        for installment in installments:
            if not installment.name:
                installment.name = f"EC{installment.id:08d}"
        return installments

    @api.constrains("mandate_id", "partner_id")
    def _check_mandate_is_the_clients(self):
        for installment in self.sudo().filtered("mandate_id"):
            if (
                installment.mandate_id.partner_id.commercial_partner_id
                != installment.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(installment)s is owed by %(client)s; mandate %(rum)s was signed by"
                        " %(debtor)s. Choose a mandate of the client.",
                        installment=installment.display_name,
                        client=installment.partner_id.display_name,
                        rum=installment.mandate_id.name,
                        debtor=installment.mandate_id.partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        if kept := self.filtered(lambda i: i.state not in ("planned", "cancelled")):
            raise UserError(
                self.env._(
                    "%(installments)s: what has been invoiced or collected can not be deleted.",
                    installments=", ".join(kept.mapped("display_name")),
                )
            )

    # === WHAT THE ENGINE AND OTHERS ASK === #

    def _live_debits(self):
        """Return the attempts that may still bring money, or have brought it.

        A failed one that the provider has announced to take up again is among them: two owners of
        one retry would debit the client twice (money rule 4).
        """
        return self.sudo().transaction_ids.filtered(
            lambda debit: (
                debit.debit_status in debit_states.LIVE
                or (debit.debit_status == "failed" and debit.debit_will_retry)
            )
        )

    def _is_settled(self):
        """Tell whether the invoice says that this installment is paid."""
        self.ensure_one()
        return self.invoice_id.payment_state in ("paid", "in_payment", "reversed")

    def _settle(self, on=None, paid_on=None):
        """Make installments paid whose invoices are: the books decide, not the debit.

        :param date on: the engine's date; today by default.
        :param date paid_on: the day of the money, where it is another.
        """
        # What was written off stays so: the loss in the books also closes the invoice.
        closed = ("paid", "cancelled", "written_off")
        settled = self.filtered(lambda i: i.state not in closed and i._is_settled())
        settled._set_state(
            "paid", on=on, values={"paid_on": paid_on or on, "last_reason_id": False}
        )

    def _cancel(self, reason="", on=None):
        """Cancel what has not been collected; what is under way stays as it is.

        :param str reason: why, for a person.
        :param date on: the engine's date; today by default.
        :return: the installments that are cancelled now.
        """
        open_ones = self.filtered(
            lambda i: i.state in ("planned", "notified") or (i.state == "held" and not i.invoice_id)
        )
        return open_ones._set_state("cancelled", reason, on)

    def _hold(self, reason, detail="", on=None):
        """Hold back, with a reason that a person can act on.

        :param str reason: one of HOLD_REASONS.
        :param str detail: the particulars.
        :param date on: the engine's date; today by default.
        """
        labels = dict(self._fields["hold_reason"]._description_selection(self.env))
        text = " ".join(filter(None, (labels[reason], detail)))
        values = {"hold_reason": reason, "hold_detail": detail}
        held = self.filtered(lambda i: i.state == "held" and i.hold_reason != reason)
        held._state_note(text, on)
        held._state_write(values)
        self._set_state("held", text, on, values)

    def _release(self, on=None):
        """Let held installments go where they were."""
        empty = {"hold_reason": False, "hold_detail": False}
        held = self.filtered(lambda i: i.state == "held")
        # An attempt that was cancelled before it left is none.
        tried = held.filtered(
            lambda i: i.sudo().transaction_ids.filtered(lambda d: d.debit_status != "cancelled")
        )
        tried._set_state("unpaid", self.env._("Released"), on, empty)
        invoiced = (held - tried).filtered("invoice_id")
        invoiced._set_state("invoiced", self.env._("Released"), on, empty)
        fresh = held - tried - invoiced
        announced = fresh.filtered("announced_date")
        announced._set_state("notified", self.env._("Released"), on, empty)
        (fresh - announced)._set_state("planned", self.env._("Released"), on, empty)
