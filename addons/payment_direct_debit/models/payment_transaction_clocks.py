from odoo import api, fields, models

from odoo.addons.payment_direct_debit import debit_states
from odoo.addons.payment_direct_debit.pure import clocks


class PaymentTransaction(models.Model):
    """Collected is not kept yet: the clocks that the debtor has."""

    _inherit = "payment.transaction"

    debit_refundable_until = fields.Date(
        string="Refundable Until",
        compute="_compute_debit_clocks",
        store=True,
        help="Until then the client's bank pays him back without a reason (SEPA Core, 8 weeks).",
    )
    debit_contestable_until = fields.Date(
        string="Contestable Until",
        compute="_compute_debit_clocks",
        store=True,
        help="Until then the client may say that he never authorised the debit (13 months).",
    )

    _debit_refundable_idx = models.Index(
        f"(company_id, debit_refundable_until) WHERE debit_status IN {debit_states.MONEY_IN}"
    )

    @api.depends("debit_settled_date", "mandate_id.scheme")
    def _compute_debit_clocks(self):
        for debit in self:
            settled = debit.debit_settled_date or None
            scheme = debit.sudo().mandate_id.scheme
            debit.debit_refundable_until = clocks.refundable_until(settled, scheme) or False
            debit.debit_contestable_until = clocks.contestable_until(settled) or False

    @api.model
    @api.private
    def _debit_still_refundable(self, company, on):
        """Return what has been collected and may still be asked back without a reason.

        :param company: whose debits.
        :param date on: the engine's date.
        :return: [(currency, count, amount)], one for each currency.
        """
        return self._read_group(
            [
                ("company_id", "=", company.id),
                ("debit_status", "in", debit_states.MONEY_IN),
                ("debit_refundable_until", ">=", on),
            ],
            ["currency_id"],
            ["__count", "amount:sum"],
        )
