from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_hold = fields.Boolean(
        string="Hold Collection",
        help="Nothing is collected from this client until this is unticked.",
        groups="payment_direct_debit.group_payment_user",
    )
    collection_limit = fields.Monetary(
        string="Largest Debit",
        help="A debit above is held. Goes before the company's own limit; 0: that one holds.",
        groups="payment_direct_debit.group_payment_user",
    )
    installment_count = fields.Integer(
        compute="_compute_installment_count", groups="payment_direct_debit.group_payment_user"
    )

    def _compute_installment_count(self):
        counts = dict(
            self.env["payment.installment"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.installment_count = counts.get(partner, 0)
