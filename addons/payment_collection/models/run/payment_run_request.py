from odoo import fields, models


class PaymentRunRequest(models.Model):
    """What a person asks of a run while another process executes it; gone once it is done.

    A row of its own: a change of the run's row from here would end the transaction over there,
    chunk and all (PostgreSQL, REPEATABLE READ: each line of the run looks at that row).
    """

    _name = "payment.run.request"
    _description = "Collection Run Request"
    _order = "id"

    run_id = fields.Many2one(
        "payment.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("pause", "Pausing"), ("stop", "Cancelling the rest")], required=True, readonly=True
    )
