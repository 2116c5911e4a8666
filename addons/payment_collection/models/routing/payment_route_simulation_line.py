from odoo import fields, models


class PaymentRouteSimulationLine(models.Model):
    """One provider in a simulation: what it would take, beside what it took."""

    _name = "payment.route.simulation.line"
    _description = "Routing Simulation Line"
    _order = "expected_count desc, id"
    _rec_name = "provider_id"

    simulation_id = fields.Many2one(
        "payment.route.simulation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    provider_id = fields.Many2one("payment.provider", readonly=True, ondelete="cascade")
    expected_count = fields.Integer(string="Debits", readonly=True)
    expected_amount = fields.Monetary(string="Amount", readonly=True)
    expected_cost = fields.Monetary(string="Cost", readonly=True)
    expected_failures = fields.Float(string="Failures", digits=(16, 1), readonly=True)
    actual_count = fields.Integer(string="Real Debits", readonly=True)
    actual_amount = fields.Monetary(string="Real Amount", readonly=True)
    actual_cost = fields.Monetary(string="Real Cost", readonly=True)
    actual_failures = fields.Integer(string="Real Failures", readonly=True)
