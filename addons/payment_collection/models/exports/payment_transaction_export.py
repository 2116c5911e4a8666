from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PAYMENT_COLUMNS = {
    "payment_day": (_lt("Asked For"), "date"),
    "reference": (_lt("Reference"), "text"),
    "partner_id": (_lt("Client"), "text"),
    "installment_id": (_lt("Installment"), "text"),
    "amount": (_lt("Amount"), "amount"),
    "currency_id": (_lt("Currency"), "text"),
    "payment_status": (_lt("Status"), "text"),
    "payment_reason": (_lt("Why"), "text"),
    "payment_follow_up": (_lt("Since Then"), "text"),
    "next_step": (_lt("Next Step"), "text"),
    "next_step_on": (_lt("Next Step On"), "date"),
    "debit_requested_date": (_lt("Requested"), "date"),
    "debit_expected_date": (_lt("Expected"), "date"),
    "debit_settled_date": (_lt("Settled"), "date"),
    "payment_method_id": (_lt("Payment Method"), "text"),
    "provider_id": (_lt("Provider"), "text"),
    "provider_reference": (_lt("Reference at the Provider"), "text"),
    "mandate_id": (_lt("Mandate (RUM)"), "text"),
    "rep_id": (_lt("Sales Rep"), "text"),
    "run_id": (_lt("Collection Run"), "text"),
    "payout_id": (_lt("Payout"), "text"),
    "company_id": (_lt("Company"), "text"),
}


class PaymentTransaction(models.Model):
    """What of a payment may be exported."""

    _inherit = "payment.transaction"

    @api.model
    def _export_columns(self):
        """Return what may leave, in order; an addon adds the columns it gives to the page.

        :return: {field: (title, kind)}, a kind of `pure.export_cells.Column`; nothing else leaves,
            whoever asks, and no account is among them.
        """
        return dict(PAYMENT_COLUMNS)
