from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.payment_collection.pure import retries

ACTIONS = [
    ("retry", "Present the debit again"),
    ("mail", "Write to the client"),
    ("payment_link", "Send a payment link"),
    ("sms", "Send a text message"),
    ("activity", "Ask somebody to call"),
    ("fee", "Charge the recovery fee"),
    ("suspend", "Suspend the contract"),
    ("write_off", "Write off"),
    ("human", "Hand over to recovery"),
]


class PaymentRetryStep(models.Model):
    """One step of a policy."""

    _name = "payment.retry.step"
    _description = "Retry Policy Step"
    _order = "sequence, id"

    policy_id = fields.Many2one(
        "payment.retry.policy", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    delay = fields.Integer(
        string="After (working days)",
        default=0,
        help="TARGET days after the failure, or after the step before.",
    )
    action = fields.Selection(ACTIONS, required=True)
    preferred_days = fields.Char(
        help="Days of the month on which the debit is best presented, such as 1-5, 28.",
    )
    use_best_day = fields.Boolean(
        string="Client's Own Day",
        default=True,
        help="Prefer the day of the month on which this client's debits go through.",
    )
    template_id = fields.Many2one(
        "mail.template", domain=[("model", "=", "payment.installment")], ondelete="restrict"
    )
    text = fields.Char(
        translate=True, help="The text message, or what the person is asked to do. No bank data."
    )
    responsible = fields.Selection(
        [("rep", "Sales rep"), ("finance", "Finance")], default="rep", required=True
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id, required=True
    )
    fee = fields.Monetary(help="For companies only: French law forbids it for consumers.")

    _delay_positive = models.Constraint(
        "CHECK(delay >= 0 AND delay <= 260)", "A step waits for 0 to 260 working days."
    )

    @api.depends("action", "delay")
    def _compute_display_name(self):
        labels = dict(self._fields["action"]._description_selection(self.env))
        for step in self:
            step.display_name = labels.get(step.action, "")

    @api.constrains("preferred_days")
    def _check_preferred_days(self):
        for step in self.filtered("preferred_days"):
            try:
                retries.parse_days(step.preferred_days)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” is no list of days: write days and ranges from 1 to 31, such"
                        " as 1-5, 28.",
                        text=step.preferred_days,
                    )
                ) from error

    @api.constrains("action", "template_id", "text", "fee", "policy_id")
    def _check_complete(self):
        for step in self:
            if step.action in ("mail", "payment_link") and not step.template_id:
                raise ValidationError(
                    self.env._("%(policy)s: choose what to write.", policy=step.policy_id.name)
                )
            if step.action == "sms" and not step.text:
                raise ValidationError(
                    self.env._("%(policy)s: write the message.", policy=step.policy_id.name)
                )
            if step.action == "fee" and (step.fee <= 0 or step.policy_id.client_kind != "company"):
                raise ValidationError(
                    self.env._(
                        "%(policy)s: a recovery fee needs an amount and a policy for companies only"
                        " (a consumer can not be charged: art. L111-8 of the Code des procédures"
                        " civiles d'exécution).",
                        policy=step.policy_id.name,
                    )
                )
        self.policy_id._check_no_forbidden_retry()
