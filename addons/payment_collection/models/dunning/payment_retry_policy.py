from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Reasons after which no attempt of ours may follow by itself: the client has asked his money back,
# or the mandate is dead.
NEVER_RETRY = ("hard", "dispute", "stop", "duplicate", "overdue")


class PaymentRetryPolicy(models.Model):
    """What happens after a failure, by its reason; the first policy that fits is followed."""

    _name = "payment.retry.policy"
    _description = "Retry Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    category = fields.Selection(
        selection="_select_category",
        string="After",
        required=True,
        help="The kind of reason, from the catalogue of reason codes.",
    )
    client_kind = fields.Selection(
        [("any", "Everybody"), ("consumer", "Consumers"), ("company", "Companies")],
        string="For",
        required=True,
        default="any",
    )
    step_ids = fields.One2many("payment.retry.step", "policy_id", copy=True)
    dunning_count = fields.Integer(compute="_compute_dunning_count")

    @api.model
    def _select_category(self):
        reasons = self.env["payment.reason.code"]._fields["category"]
        kinds = reasons._description_selection(self.env)
        return [*kinds, ("overdue", self.env._("Invoice overdue"))]

    def _compute_dunning_count(self):
        counts = dict(
            self.env["payment.dunning"]._read_group(
                [("policy_id", "in", self.ids), ("is_open", "=", True)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.dunning_count = counts.get(policy, 0)

    @api.constrains("category", "step_ids")
    def _check_no_forbidden_retry(self):
        for policy in self:
            if policy.category in NEVER_RETRY and "retry" in policy.step_ids.mapped("action"):
                kinds = dict(policy._select_category())
                raise ValidationError(
                    self.env._(
                        "%(policy)s: after “%(kind)s” no debit may be presented again by itself."
                        " Remove the step, or ask the client for another way to pay.",
                        policy=policy.name,
                        kind=kinds[policy.category],
                    )
                )

    @api.model
    def _policies_for(self, cases):
        """Return the policy of each case; one query for all.

        :param list cases: (company, category, whether the client is a company).
        :return: list of payment.retry.policy, empty ones where none fits.
        """
        policies = self.sudo().search([("active", "=", True)])
        return [
            next((p for p in policies if p._fits(company, category, is_company)), policies.browse())
            for company, category, is_company in cases
        ]

    def _fits(self, company, category, is_company):
        kinds = ("any", "company" if is_company else "consumer")
        return (
            self.category == category
            and self.client_kind in kinds
            and (not self.company_id or self.company_id == company)
        )

    def action_view_dunnings(self):
        """Open what is under way by these policies."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_collection.payment_dunning_action"
        )
        return {**action, "domain": [("policy_id", "in", self.ids)]}
