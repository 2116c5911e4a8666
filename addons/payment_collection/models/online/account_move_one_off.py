from odoo import api, models

SEPA_QR = "sct_qr"


class AccountMove(models.Model):
    """The invoice of a one-off installment carries what a transfer needs."""

    _inherit = "account.move"

    @api.depends("installment_ids.collection_mode", "partner_bank_id")
    def _compute_display_qr_code(self):
        """Show the SEPA QR code (EPC069-12) where the client is to transfer the money himself.

        Nothing is shown where the account can not be paid by it: another currency, no IBAN.
        """
        result = super()._compute_display_qr_code()
        for move in self.filtered(lambda move: not move.display_qr_code):
            account = move.partner_bank_id.sudo()
            move.display_qr_code = (
                bool(account)
                and move.move_type == "out_invoice"
                and "one_off" in move.sudo().installment_ids.mapped("collection_mode")
                and not account._get_error_messages_for_qr(
                    SEPA_QR, move.partner_id, move.currency_id
                )
            )
        return result
