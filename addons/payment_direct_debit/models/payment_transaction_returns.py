from odoo import models

from odoo.addons.payment_direct_debit.pure import target_calendar

BANK_RETURN_DAYS = 5


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _debit_record_returns(self, kind, answers, on):
        """Write one R-transaction for each debit that just failed or came back.

        :param str kind: 'reject', or 'return' which becomes 'refund' where the reason says so.
        :param dict answers: {transaction id: `seam.DebitSnapshot`}, for date and fee.
        :param date on: the engine's date, for those without a date of their own.
        :return: the new payment.return records.
        """
        values = []
        for debit in self:
            snapshot = answers[debit.id]
            values.append(
                {
                    "transaction_id": debit.id,
                    "amount": debit.amount,
                    "fee": (snapshot.fee_cents or 0) / 10**debit.currency_id.decimal_places,
                    "kind": debit._debit_return_kind(kind, snapshot.occurred_on or on),
                    "date": snapshot.occurred_on or on,
                    "reason_id": debit.debit_reason_id.id,
                    "reason_raw": debit.debit_reason_raw,
                }
            )
        returns = self.env["payment.return"].sudo().create(values)
        self._debit_block_mandates(on)
        return returns

    def _debit_return_kind(self, kind, date):
        """Tell a bank's return from a debtor's refund: a bank has five TARGET days (SDD Core
        rulebook), what comes later was asked by the debtor. The reason code alone proves nothing.
        """
        settled = self.debit_settled_date
        if kind == "return" and settled:
            late = target_calendar.target_days_between(settled, date) > BANK_RETURN_DAYS
            return "refund" if late else "return"
        return kind

    def _debit_block_mandates(self, on):
        """Ask the provider about mandates that their debit's reason kills; block them at once."""
        deadly = self.filtered("debit_reason_id.kills_mandate").mandate_id
        for mandate in deadly.filtered(lambda m: m.state == "active"):
            mandate._set_state(
                "suspended",
                self.env._(
                    "A debit came back for a reason that ends the mandate: new bank details or a"
                    " new signature are needed."
                ),
                on,
            )
