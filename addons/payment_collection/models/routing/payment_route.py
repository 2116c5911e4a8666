import ast

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.payment_collection.pure import routing_data as data

PAST_RESULTS = [
    (data.PAST_ANY, "Any"),
    (data.PAST_CLEAN, "No failure"),
    (data.PAST_PROVEN, "Collected before, no failure"),
    (data.PAST_FAILED, "Failed before"),
    (data.PAST_LAST_COLLECTED, "The last one was collected"),
    (data.PAST_LAST_FAILED, "The last one failed"),
    (data.PAST_NEVER, "Never used"),
]


class PaymentRoute(models.Model):
    """An ordered rule that chooses the provider of a debit."""

    _name = "payment.route"
    _description = "Routing Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # Who takes the debit.
    strategy = fields.Selection(
        [("provider", "This provider"), ("cheapest", "The cheapest one")],
        string="Goes To",
        required=True,
        default="provider",
        tracking=True,
        help="The cheapest one: by the costs set on the providers and their failures of late, among"
        " those that the mandate is registered with.",
    )
    provider_id = fields.Many2one(
        "payment.provider",
        check_company=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('company_id', '=', company_id), ('state', '!=', 'disabled')]",
    )
    share = fields.Integer(
        string="Share (%)",
        default=100,
        tracking=True,
        aggregator=None,
        help="How many of the debits that come to this rule it takes. Which ones is drawn from the"
        " number of the installment: the same one always falls the same way.",
    )
    daily_count = fields.Integer(string="Debits a Day", tracking=True, help="0: no limit.")
    daily_amount = fields.Monetary(string="Amount a Day", tracking=True, help="0: no limit.")

    # To which debits it applies.
    amount_min = fields.Monetary(string="Amount From", tracking=True)
    amount_max = fields.Monetary(string="Amount Up To", tracking=True, help="0: no limit.")
    scheme = fields.Selection([("core", "SEPA Core"), ("b2b", "SEPA B2B")], tracking=True)
    country_ids = fields.Many2many("res.country", string="Countries of the Bank Account")
    bic_prefixes = fields.Char(
        string="BIC Begins With",
        tracking=True,
        help="One or several beginnings, with commas: “BNPA, CEPAFRPP”.",
    )
    category_ids = fields.Many2many(
        "res.partner.category", string="Client Tags", help="The client has one of them."
    )
    contract_kinds = fields.Char(
        string="Contract Types",
        tracking=True,
        help="One or several, with commas, as the origin of the debt names them. Contracts:"
        " monthly, quarterly, yearly.",
    )
    score_min = fields.Integer(
        string="Payer Score From",
        aggregator=None,
        tracking=True,
        help="0 to 100; the higher the safer.",
    )
    score_max = fields.Integer(
        string="Payer Score Up To", default=100, aggregator=None, tracking=True
    )
    past_results = fields.Selection(
        PAST_RESULTS,
        string="Client's Past Debits",
        required=True,
        default=data.PAST_ANY,
        tracking=True,
        help="Those of the last twelve months.",
    )
    past_provider_id = fields.Many2one(
        "payment.provider",
        string="Past Debits With",
        check_company=True,
        ondelete="restrict",
        help="Empty: the provider of this rule.",
    )
    installment_domain = fields.Char(
        string="Further Conditions", tracking=True, help="On the installment and its origin."
    )

    _share_is_percent = models.Constraint(
        "CHECK(share BETWEEN 0 AND 100)", "A share is between 0 and 100 percent."
    )
    _score_range = models.Constraint(
        "CHECK(score_min BETWEEN 0 AND score_max AND score_max <= 100)",
        "Scores go from 0 to 100, the lower limit first.",
    )
    _limits_positive = models.Constraint(
        "CHECK(daily_count >= 0 AND daily_amount >= 0 AND amount_min >= 0 AND amount_max >= 0)",
        "Limits can not be negative; 0 is no limit.",
    )
    _provider_or_cheapest = models.Constraint(
        "CHECK(strategy = 'cheapest' OR provider_id IS NOT NULL)",
        "Choose the provider that this rule sends debits to.",
    )

    @api.constrains("installment_domain")
    def _check_installment_domain(self):
        for route in self.filtered("installment_domain"):
            try:
                self.env["payment.installment"].sudo().search(route._domain(), limit=1)
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: the further conditions can not be read: %(error)s",
                        rule=route.name,
                        error=error,
                    )
                ) from error

    @api.constrains("provider_id", "company_id")
    def _check_provider_takes_debits(self):
        for route in self.filtered("provider_id"):
            if not route.provider_id.sudo().is_debit_provider:
                raise ValidationError(
                    self.env._(
                        "%(provider)s does not collect by mandate: no rule can send debits to it.",
                        provider=route.provider_id.sudo().name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Rules explain debits that have left: archive a rule, do not delete it.")
        )

    def _domain(self):
        """Return the further conditions as a domain on payment.installment."""
        self.ensure_one()
        return ast.literal_eval(self.installment_domain or "[]")

    def action_activate(self):
        """Put drafts in force: from now on, debits are routed by them."""
        self.check_access("write")
        self.filtered("active").write({"state": "in_force"})

    def action_to_draft(self):
        """Take rules out of force, to be changed and simulated."""
        self.check_access("write")
        self.write({"state": "draft"})

    def action_simulate(self):
        """Simulate the rules of the company, drafts included, over last month's debits."""
        simulation = self.env["payment.route.simulation"].create(
            {"company_id": (self[:1].company_id or self.env.company).id}
        )
        return simulation.action_simulate()
