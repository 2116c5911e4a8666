from odoo import api, fields, models
from odoo.exceptions import UserError

# What was told, to whom and when: it stays as it is once it has left, for the engine too.
PROOF = frozenset(
    {
        "mandate_id",
        "partner_id",
        "company_id",
        "lang",
        "email",
        "channel",
        "subject",
        "content",
        "creditor_name",
        "creditor_identifier",
        "rum",
        "iban_masked",
        "account_key",
        "sent_at",
        "sent_on",
        "mail_id",
        "message_ref",
    }
)


class PaymentNotice(models.Model):
    """What a debtor is told before his account is debited: one notice for a whole schedule."""

    _name = "payment.notice"
    _description = "Debit Notice"
    _inherit = ["mail.thread", "payment.state.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _state_transitions = frozenset(
        {
            ("draft", "ready"),
            ("draft", "cancelled"),
            ("ready", "sending"),
            ("ready", "failed"),
            ("ready", "sent"),
            ("ready", "cancelled"),
            ("sending", "sent"),
            ("sending", "failed"),
            ("sending", "ready"),  # the mail server was away
            ("draft", "sent"),  # by letter
            ("failed", "cancelled"),
            ("sent", "failed"),  # it came back
        }
    )
    _state_guarded = PROOF | {"failure", "line_ids"}

    name = fields.Char(string="Number", readonly=True, copy=False, index=True)
    mandate_id = fields.Many2one(
        "payment.mandate",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "To look at"),
            ("ready", "To send"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Did not arrive"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    failure = fields.Char(string="Why Not", readonly=True, copy=False)
    line_ids = fields.One2many("payment.notice.line", "notice_id", readonly=True, copy=False)
    line_count = fields.Integer(string="Debits", compute="_compute_totals")
    amount_total = fields.Monetary(string="Total", compute="_compute_totals")
    first_date = fields.Date(string="First Debit", compute="_compute_totals")
    leave_before = fields.Date(
        string="To Leave By",
        readonly=True,
        help="The last day on which it can leave without moving a debit.",
    )

    replaces = fields.Boolean(
        string="Changed", readonly=True, help="It tells anew what was told otherwise before."
    )
    lang = fields.Char(readonly=True)
    channel = fields.Selection(
        [("mail", "E-mail"), ("letter", "Letter")], required=True, default="mail", readonly=True
    )
    email = fields.Char(string="Address", readonly=True)
    creditor_name = fields.Char(readonly=True)
    creditor_identifier = fields.Char(string="Creditor Identifier (ICS)", readonly=True)
    rum = fields.Char(string="RUM", readonly=True)
    iban_masked = fields.Char(string="Account", readonly=True)
    account_key = fields.Char(readonly=True, groups="base.group_system")
    subject = fields.Char(readonly=True, copy=False)
    content = fields.Html(
        string="As It Was Sent", readonly=True, copy=False, sanitize=False, prefetch=False
    )
    sent_at = fields.Datetime(readonly=True, copy=False)
    sent_on = fields.Date(readonly=True, copy=False)
    mail_id = fields.Many2one("mail.mail", readonly=True, copy=False, ondelete="set null")
    message_ref = fields.Char(string="Message ID", readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(mandate_id) WHERE state IN ('draft', 'ready', 'sending')",
        "There is a notice of this mandate that has not left yet.",
    )
    _state_idx = models.Index("(company_id, state) WHERE state IN ('draft', 'ready', 'sending')")

    @api.depends("line_ids.amount", "line_ids.date")
    def _compute_totals(self):
        rows = self.env["payment.notice.line"]._read_group(
            [("notice_id", "in", self.ids)],
            ["notice_id"],
            ["__count", "amount:sum", "date:min"],
        )
        totals = {notice.id: values for notice, *values in rows}
        for notice in self:
            count, amount, first = totals.get(notice.id, (0, 0.0, False))
            notice.line_count = count
            notice.amount_total = amount
            notice.first_date = first

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        for notice in found:
            notice.name = f"NT{notice.id:08d}"
        return found

    def write(self, vals):
        if PROOF & vals.keys() and any(notice._is_proof() for notice in self):
            raise UserError(self.env._("What a client was told stays as it was told."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never_proof(self):
        if kept := self.filtered(lambda notice: notice._is_proof()):
            raise UserError(
                self.env._(
                    "%(notices)s: a notice that left is proof and can not be deleted.",
                    notices=", ".join(kept.mapped("name")),
                )
            )

    def _is_proof(self):
        """Tell whether the notice has left, even if it came back afterwards."""
        self.ensure_one()
        return bool(self.sent_at) or self.state == "sent"

    def action_view_installments(self):
        """Open the installments that this notice announces."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_collection.payment_installment_action"
        )
        return {**action, "domain": [("id", "in", self.line_ids.installment_id.ids)]}
