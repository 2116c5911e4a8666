from odoo import api, fields, models
from odoo.exceptions import UserError


class PaymentTransaction(models.Model):
    """One debt, several ways to pay it: whichever comes first closes it, once."""

    _inherit = "payment.transaction"

    debit_stop_tried_on = fields.Date(readonly=True, copy=False)

    def _send_payment_request(self):
        """Tie a debit that the client asks for by himself to its installment.

        The database then refuses it while another attempt is under way, as it does for a run's.
        """
        for debit in self.filtered("provider_id.is_debit_provider"):
            installments = debit.sudo().invoice_ids.installment_ids
            if len(installments) == 1 and not debit.installment_id:
                debit.sudo().installment_id = installments
        return super()._send_payment_request()

    def _debit_passes_own_checks(self, on):
        """Keep what is paid already from leaving: a payment link may have been quicker."""
        installment = self.installment_id
        if installment and installment._is_settled():
            self._set_state("cancelled", self.env._("Paid by other means"), on)
            self._state_writer()._set_canceled()
            self._debit_after("cancelled", on)
            return False
        return super()._debit_passes_own_checks(on)

    def _debit_still_wanted(self):
        """Leave out what has been paid by other means since the attempt was made."""
        return (
            super()
            ._debit_still_wanted()
            .filtered(
                lambda debit: not (debit.installment_id and debit.installment_id._is_settled())
            )
        )

    def _post_process(self):
        """Tell a person when a client has paid online what a debit had brought already."""
        result = super()._post_process()
        for payment in self.filtered(lambda tx: tx.state == "done" and not tx.debit_status):
            twice = payment.sudo().invoice_ids.installment_ids.filtered(
                lambda i: set(i.transaction_ids.mapped("debit_status")) & {"collected", "paid_out"}
            )
            if twice:
                payment._debit_alert(
                    "overpaid",
                    self.env._(
                        "%(client)s paid %(installment)s online (%(reference)s) after a debit had"
                        " paid it: the amount stands to his credit, give it back or keep it for"
                        " the next invoice.",
                        client=payment.partner_id.display_name,
                        installment=twice[:1].display_name,
                        reference=payment.reference,
                    ),
                )
        return result

    @api.model
    def _cron_stop_paid(self):
        """Stop the attempts on what has been paid by other means meanwhile; every few minutes.

        What has not left is cancelled here, what has is cancelled at the provider where it still
        can be. Otherwise the money comes twice: the second one stands to the client's credit, and
        an alert says so (kind `overpaid`).
        """
        commit = self.env["ir.cron"]._commit_progress
        today = fields.Date.context_today(self)
        under_way = self.search(
            [
                ("debit_status", "in", ("draft", "submitted")),
                ("installment_id.invoice_id.payment_state", "in", ("paid", "in_payment")),
                "|",
                ("debit_stop_tried_on", "=", False),
                ("debit_stop_tried_on", "<", today),
            ]
        )
        under_way.debit_stop_tried_on = today
        for debit in under_way:
            debit._debit_stop()
            # One provider call each: what is cancelled there must be known here.
            if not commit(1):
                break

    def _debit_stop(self):
        """Cancel one attempt on a debt that is paid, if it still can be."""
        can_cancel = self.provider_id._debit_profile().can_cancel
        if self.debit_status == "draft" or (self.debit_status == "submitted" and can_cancel):
            try:
                self.action_debit_cancel()
            except UserError as error:
                self._state_note(
                    self.env._("Paid by other means; can not be stopped: %(error)s", error=error)
                )
