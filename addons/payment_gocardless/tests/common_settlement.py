from datetime import date

from odoo.tests import new_test_user

from odoo.addons.payment_gocardless.tests.common import CHARGE_DAY, FlowCase

COLLECTED_DAY, PAID_OUT_DAY = date(2026, 3, 12), date(2026, 3, 18)
WITHIN_8_WEEKS, AFTER_8_WEEKS = date(2026, 3, 20), date(2026, 5, 11)


class SettlementCase(FlowCase):
    """What comes after the collection: payouts and refunds, with books and people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.gocardless_can_refund = True
        cls.provider.debit_fee_account_id = cls.company_data["default_account_expense"]
        cls.finance = cls._user("finance", "payment_direct_debit.group_payment_user")
        cls.manager = cls._user("manager", "payment_direct_debit.group_payment_manager")
        cls.employee = cls._user("employee", "base.group_user")

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, company_ids=cls.company.ids
        )

    def _balance(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    def _outstanding(self):
        return self._balance(self.provider._debit_outstanding_account())

    def _payouts(self):
        return self.env["payment.payout"].search([("provider_id", "=", self.provider.id)])

    def _paid_out(self, *amounts):
        """Debits that have been paid out, with their one payout."""
        debits = self._sent(*amounts)
        self._days_until(PAID_OUT_DAY)
        return debits, self._payouts()

    def _collected(self, amount=49.9, day=AFTER_8_WEEKS):
        """A debit that was collected, on that day."""
        debit = self._sent(amount)
        self._days_until(day)
        self.assertEqual(debit.debit_settled_date, CHARGE_DAY)
        return debit

    def _refund(self, debit, amount, user=None, **values):
        refunds = self.env["payment.refund"].with_user(user or self.finance)
        vals = {"transaction_id": debit.id, "amount": amount, **values}
        return refunds.create(vals).with_env(self.env)

    def _send_refunds(self, refunds, on=AFTER_8_WEEKS):
        with self._committing(refunds) as model:
            model._send_waiting(on, everything=True, domain=[("id", "in", refunds.ids)])

    def _refunded(self, debit, amount, on=AFTER_8_WEEKS):
        refund = self._refund(debit, amount)
        refund._queue(on)
        self._send_refunds(refund, on)
        return refund

    def _theirs(self):
        return self.sandbox.read("tables/refunds")

    def _elsewhere(self, debit, cents):
        """Somebody refunds the debit on GoCardless' own pages."""
        return self.provider._debit_client()._api.refunds.create(
            params={
                "amount": cents,
                "total_amount_confirmation": cents,
                "links": {"payment": debit.provider_reference},
            }
        )
