from odoo import fields, models


class PaymentToken(models.Model):
    """The same mandate as one provider knows it: a pointer, rebuilt whenever it is missing.

    Odoo archives the tokens of a provider whose state changes; the mandate outlives that.
    """

    _inherit = "payment.token"

    mandate_id = fields.Many2one(
        "payment.mandate",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
    )
