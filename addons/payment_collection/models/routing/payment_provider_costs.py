from datetime import datetime, time
from decimal import Decimal

from odoo import fields, models

from odoo.addons.payment_collection.models.installment.payment_installment_guards import PARIS
from odoo.addons.payment_collection.pure import routing_data
from odoo.addons.payment_collection.pure.costs import Cost
from odoo.addons.payment_direct_debit.pure import target_calendar


class PaymentProvider(models.Model):
    """What a provider costs and how much of a day it may take."""

    _inherit = "payment.provider"

    # Prices come with fractions of a cent.
    debit_cost_fixed = fields.Float(string="Cost of a Debit", digits=(16, 4))
    debit_cost_percent = fields.Float(string="Percentage of the Amount", digits=(16, 4))
    debit_cost_failure = fields.Float(string="Cost of a Failure", digits=(16, 4))
    debit_daily_count = fields.Integer(
        string="Most Debits a Day",
        help="What is beyond goes to another provider or is held. 0: no limit.",
    )
    debit_daily_amount = fields.Monetary(
        string="Highest Amount a Day",
        currency_field="main_currency_id",
        help="What is beyond goes to another provider or is held. 0: no limit.",
    )

    _debit_costs_positive = models.Constraint(
        "CHECK(debit_cost_fixed >= 0 AND debit_cost_percent >= 0 AND debit_cost_failure >= 0"
        " AND debit_daily_count >= 0 AND debit_daily_amount >= 0)",
        "Costs and limits can not be negative.",
    )

    def _debit_cost(self):
        """Return the prices of this provider."""
        self.ensure_one()
        return Cost(
            fixed_cents=Decimal(str(self.debit_cost_fixed)) * 100,
            percent=Decimal(str(self.debit_cost_percent)),
            failure_cents=Decimal(str(self.debit_cost_failure)) * 100,
        )

    def _routing_earliest(self, profile, on):
        """Return the first day that a debit leaving on a day could have; None where the client
        hears of his debits from this provider, or does not have to hear of them."""
        self.ensure_one()
        if profile.prenotifies or not self.company_id.prenotification_required:
            return None
        morning = datetime.combine(on, time(8), PARIS)
        return target_calendar.earliest_due_date(morning, profile.lead_days, profile.cutoff)

    def _routing_status(self):
        """Return whether debits may be routed to this provider now, as (status, reason)."""
        self.ensure_one()
        if self.state not in ("enabled", "test"):
            return (routing_data.DISABLED, "")
        if self.debit_paused:
            return (routing_data.PAUSED, self.debit_paused_reason or "")
        if not self._debit_ready():
            return (routing_data.DOWN, self.debit_down_reason or "")
        return (routing_data.READY, "")
