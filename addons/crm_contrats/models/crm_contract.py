from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

FINANCE = "payment_direct_debit.group_payment_user"

# What was signed: it changes by a new contract or by versions of the lines.
SIGNED_FIELDS = frozenset(
    {"partner_id", "company_id", "currency_id", "date_start", "billing_period"}
)


class CrmContract(models.Model):
    """What a client signed: lines that are invoiced and collected period by period."""

    _name = "crm.contract"
    _description = "Contract"
    _inherit = ["mail.thread", "mail.activity.mixin", "payment.state.mixin"]
    _order = "name desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "reference", "partner_id"]

    _state_transitions = frozenset(
        {
            ("draft", "sent"),
            ("draft", "active"),
            ("draft", "cancelled"),
            ("sent", "draft"),
            ("sent", "active"),
            ("sent", "cancelled"),
            ("active", "suspended"),
            ("suspended", "active"),
            ("active", "terminated"),
            ("suspended", "terminated"),
            ("active", "ended"),
            ("suspended", "ended"),
        }
    )
    _state_guarded = frozenset({"suspended_on"})

    name = fields.Char(string="Number", required=True, copy=False, readonly=True, default="/")
    reference = fields.Char(
        string="External Reference",
        copy=False,
        index="btree_not_null",
        help="The number of this contract in the system that it was taken over from.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Sales Rep",
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("terminated", "Terminated"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    date_start = fields.Date(
        string="Start", required=True, tracking=True, default=fields.Date.context_today
    )
    date_end = fields.Date(
        string="End", copy=False, tracking=True, help="Last day; empty: until it is terminated."
    )
    signed_on = fields.Date(copy=False, tracking=True)
    suspended_on = fields.Date(copy=False, readonly=True)
    bill_from = fields.Date(
        string="Billed Here From",
        copy=False,
        help="What was due before this day is the former system's business: it is not planned.",
    )
    billing_period = fields.Selection(
        [("monthly", "Monthly"), ("quarterly", "Quarterly"), ("yearly", "Yearly")],
        required=True,
        default="monthly",
        tracking=True,
    )
    billing_day = fields.Integer(
        required=True,
        default=1,
        tracking=True,
        aggregator=None,
        help="Day of the month, 1 to 31. A shorter month is billed on its last day.",
    )
    collection_mode = fields.Selection(
        [("automatic", "Automatic debit"), ("one_off", "Paid by the client")],
        required=True,
        default="automatic",
        tracking=True,
    )
    mandate_id = fields.Many2one(
        "payment.mandate",
        copy=False,
        index="btree_not_null",
        groups=FINANCE,
        ondelete="restrict",
        domain="[('partner_id', 'child_of', commercial_partner_id),"
        " ('company_id', '=', company_id)]",
    )
    mandate_status = fields.Selection(related="mandate_id.state", string="Mandate Status")
    line_ids = fields.One2many("crm.contract.line", "contract_id", string="Lines", copy=True)
    installment_ids = fields.One2many(
        "payment.installment", "contract_id", string="Schedule", readonly=True
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, reference) WHERE reference IS NOT NULL",
        "A contract with this external reference exists already in this company.",
    )
    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "A contract with this number exists already in this company."
    )
    _billing_day_range = models.Constraint(
        "CHECK(billing_day BETWEEN 1 AND 31)", "The billing day must be between 1 and 31."
    )
    _end_after_start = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "The contract can not end before it starts.",
    )
    # The planning reads the running contracts of the whole database every night.
    _running_idx = models.Index("(id) WHERE state IN ('active', 'suspended')")

    @api.depends("company_id")
    def _compute_currency_id(self):
        for contract in self:
            contract.currency_id = contract.company_id.currency_id

    @api.constrains("mandate_id", "partner_id", "company_id")
    def _check_mandate(self):
        for contract in self.sudo().filtered("mandate_id"):
            mandate = contract.mandate_id
            debtor = mandate.partner_id.commercial_partner_id
            if debtor != contract.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s: the mandate %(rum)s is a mandate of another"
                        " customer (%(debtor)s, not %(client)s). Choose a mandate of"
                        " %(client)s, or have a new one signed.",
                        contract=contract.name,
                        rum=mandate.name,
                        debtor=debtor.display_name,
                        client=contract.commercial_partner_id.display_name,
                    )
                )
            if mandate.company_id != contract.company_id:
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s belongs to %(company)s, its mandate %(rum)s to"
                        " %(other)s.",
                        contract=contract.name,
                        company=contract.company_id.name,
                        rum=mandate.name,
                        other=mandate.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                vals["name"] = sequence.with_company(company).next_by_code("crm.contract")
        return super().create(vals_list)

    def write(self, vals):
        self._check_signed(vals)
        result = super().write(vals)
        running = self.filtered(lambda contract: contract.state in ("active", "suspended"))
        if running:
            running._replan_after(vals)
        return result

    def _check_signed(self, vals):
        """Refuse to change what was signed once the contract runs."""
        touched = SIGNED_FIELDS & vals.keys()
        if not touched:
            return
        fixed = self.filtered(
            lambda contract: (
                contract.state not in ("draft", "sent")
                and any(contract._differs(name, vals[name]) for name in touched)
            )
        )
        if fixed:
            raise UserError(
                self.env._(
                    "%(contract)s is signed: its %(fields)s can not change any more. End it and"
                    " make a new contract.",
                    contract=fixed[0].name,
                    fields=", ".join(
                        self._fields[name]._description_string(self.env) for name in sorted(touched)
                    ),
                )
            )

    def _differs(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        kept = self.filtered(lambda contract: contract.state not in ("draft", "cancelled"))
        if kept:
            raise UserError(
                self.env._(
                    "%(contracts)s: only a draft can be deleted; terminate or cancel the others.",
                    contracts=", ".join(kept[:5].mapped("name")),
                )
            )

    @api.depends("name", "reference")
    def _compute_display_name(self):
        for contract in self:
            suffix = f" ({contract.reference})" if contract.reference else ""
            contract.display_name = f"{contract.name}{suffix}"
