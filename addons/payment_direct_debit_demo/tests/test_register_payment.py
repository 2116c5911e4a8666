from odoo.tests import tagged

from odoo.addons.payment_direct_debit_demo.tests.common import DAY, DebitCommon


@tagged("post_install", "-at_install")
class TestRegisterPayment(DebitCommon):
    """Core cancels the payment of a pending token transaction; the invoice must be paid later."""

    def _register(self, invoice, token):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": self.provider.journal_id.id, "payment_date": DAY})
        )
        lines = self.provider.journal_id.inbound_payment_method_line_ids
        wizard.payment_method_line_id = lines.filtered(
            lambda line: line.payment_provider_id == self.provider
        )
        self.assertIn(token, wizard.suitable_payment_token_ids)
        wizard.payment_token_id = token
        wizard.action_create_payments()
        return self.env["payment.transaction"].search([("invoice_ids", "in", invoice.ids)])

    def test_register_payment_with_a_saved_token_pays_once_the_bank_confirms(self):
        mandate = self._mandate()
        invoice = self._bill()
        debit = self._register(invoice, mandate.token_ids)
        self.assertEqual(debit.debit_status, "draft", "queued; the row is not committed yet")
        self.assertEqual(debit.mandate_id, mandate)
        self.assertTrue(debit.debit_key)
        self.assertFalse(self._at_bank(debit))
        debit._state_write({"debit_requested_date": DAY})
        self._send(debit)
        self.assertEqual((debit.debit_status, debit.state), ("submitted", "pending"))
        self._bank_day()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(debit.debit_line_ids.matched_debit_ids.debit_move_id.move_id, invoice)
        self.assertFalse(
            self.env["account.payment"].search(
                [("payment_transaction_id", "=", debit.id), ("state", "!=", "canceled")]
            ),
            "no second payment for the same money",
        )

    def test_register_payment_twice_alerts_instead_of_losing_money(self):
        mandate = self._mandate()
        invoice = self._bill()
        self._register(invoice, mandate.token_ids)
        debits = self._register(invoice, mandate.token_ids)
        self.assertEqual(len(debits), 2)
        debits._state_write({"debit_requested_date": DAY})
        self._send(debits)
        self._bank_day()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._alerts(debits).mapped("kind"), ["overpaid"])


@tagged("post_install", "-at_install")
class TestCostOfApplying(DebitCommon):
    """Queries for confirming debits together; they may grow with the debits, but gently."""

    def _queries_for(self, count):
        partners = self.env["res.partner"].create([{"name": f"C{i}"} for i in range(count)])
        mandates = self.provider._demo_open_mandates(
            [{"partner_id": partner.id, "signed_on": DAY} for partner in partners]
        )
        debits = self._debits(mandates)
        self._send(debits)
        self.provider._demo_advance(DAY, notify=False)
        client = self.provider._debit_client()
        answers = {debit.id: client.fetch(debit.provider_reference) for debit in debits}
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        debits._debit_apply(answers, DAY)
        self.env.flush_all()
        used = self.env.cr.sql_log_count - start
        self.assertEqual(set(debits.mapped("debit_status")), {"collected"})
        self.assertEqual(set(debits.invoice_ids.mapped("amount_residual")), {0.0})
        return used

    def test_confirming_a_hundred_costs_few_queries_each(self):
        self._queries_for(2)  # fills the caches that live longer than a call
        ten, hundred = self._queries_for(10), self._queries_for(100)
        each = (hundred - ten) / 90
        self.assertLess(each, 3.0, f"10 debits: {ten} queries, 100 debits: {hundred}")
