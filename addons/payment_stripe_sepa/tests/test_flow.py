from dataclasses import replace
from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_stripe_sepa.tests.common import (
    CHARGE_DAY,
    IBAN,
    MANDATE,
    MONDAY,
    SECRET,
    FlowCase,
)


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
    def test_a_debit_is_sent_collected_and_its_invoice_paid(self):
        debit = self._sent(49.9)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(debit.debit_expected_date, CHARGE_DAY)
        self.assertEqual(debit.provider_reference, self.sandbox.payments()[0]["id"])
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self._days_until(date(2026, 3, 18))
        self.assertEqual(debit.debit_status, "collected")
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))
        self.assertFalse(self._alerts(debit))

    def test_amounts_arrive_in_cents_exactly(self):
        debits = self._sent(1.15, 8.2, 19.99, 4.35, 1000.1)
        sent = {item["metadata"]["odoo_ref"]: item["amount"] for item in self.sandbox.payments()}
        self.assertEqual([sent[debit.reference] for debit in debits], [115, 820, 1999, 435, 100010])

    def test_less_than_the_least_amount_never_leaves(self):
        debit = self._sent(0.49)
        self.assertEqual(debit._debit_order().amount_cents, 49)
        self.assertEqual(debit.debit_status, "failed")
        self.assertFalse(self._posts())

    def test_sending_twice_makes_one_payment(self):
        debit = self._sent(49.9)
        self._send(debit)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_lost_answer_is_unknown_until_the_payment_is_found(self):
        debits = self._debits(self._mandate(), 49.9, 10.0, 11.0)
        self.sandbox.fault("drop_after", method="POST", path="^/v1/payment_intents$", nth=2)
        self._send(debits)
        self.assertEqual(sorted(debits.mapped("debit_status")), ["submitted"] * 2 + ["unknown"])
        lost = debits.filtered(lambda debit: debit.debit_status == "unknown")
        lost._state_write({"debit_sent_at": datetime(2026, 3, 2, 9)})  # the stand-in's clock
        self._resolve(lost)
        self.assertEqual(lost.debit_status, "submitted")
        self.assertEqual((len(self.sandbox.payments()), len(self._posts())), (3, 3))

    def test_a_lost_request_is_sent_again_with_its_key(self):
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("drop_before", method="POST", path="^/v1/payment_intents$")
        self._send(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(len({post["idempotency_key"] for post in self._posts()}), 1)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_an_executed_request_that_is_not_found_is_adopted_by_its_key(self):
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("502", method="POST", path="^/v1/payment_intents$", execute=True)
        self._send(debit)
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_the_rate_limit_leaves_the_debit_waiting(self):
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("429", method="POST", path="^/v1/payment_intents$")
        self._send(debit)
        self.assertEqual(debit.debit_status, "draft")
        self.assertTrue(debit.debit_next_check)

    def test_a_payment_of_another_amount_under_our_key_moves_nothing(self):
        debit = self._debits(self._mandate(), 49.9)
        order = debit._debit_order()
        client = self.provider._debit_client()
        client.send(replace(order, amount_cents=100))
        self._send(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self.assertIn("another request", debit.history_ids.sorted("id")[-1].reason)
        self.assertFalse(debit.provider_reference)

    def test_one_refused_debit_stops_no_other(self):
        debits = self._debits(self._mandate(), 49.9, 10.0, 11.0)
        self.sandbox.control("settings", max_amount=2000)
        self._send(debits)
        self.assertEqual(debits.mapped("debit_status"), ["failed", "submitted", "submitted"])
        self.assertIn("limited to €20.00", debits[0].debit_reason_raw)

    def test_a_debit_that_was_sent_can_not_be_cancelled_any_more(self):
        debit = self._sent(49.9)
        with self.assertRaises(UserError):
            debit.action_debit_cancel()
        self.assertEqual(debit.debit_status, "submitted")

    def test_a_debit_declined_at_once_fails_with_its_reason(self):
        self.sandbox.plan("any", "failed:AC04")
        self.sandbox.control("settings", refused_at_once="account_closed")
        debit = self._sent(49.9)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("failed", "AC04"))
        self.assertEqual(debit.mandate_id.state, "suspended")
        self.assertEqual(self.sandbox.payments()[0]["status"], "canceled")

    def test_neither_a_secret_nor_an_account_number_reaches_the_log(self):
        self.provider.stripe_sepa_secret_key = self.sandbox.token
        self.env.flush_all()
        with self.assertLogs(level="DEBUG") as logs:
            debits = self._debits(self._mandate(), 49.9, 10.0)
            self.sandbox.fault("502", method="POST", path="^/v1/payment_intents$")
            self._send(debits)
            self._resolve(debits)
            self._days_until(date(2026, 3, 18))
            self.sandbox.fault("drop_before", method="GET")
            debits._debit_refresh()
            with self.assertRaises(EventRejected):
                self.provider._event_verify(b"{}", {"Stripe-Signature": SECRET})
        text = "\n".join(logs.output)
        self.assertIn("/payment_intents", text)  # the requests themselves were logged
        for secret in (self.sandbox.token, SECRET, IBAN, IBAN[4:]):
            self.assertNotIn(secret, text)

    def test_the_history_and_the_inbox_hold_no_account_number(self):
        self._sent(49.9)
        self._days_until(date(2026, 3, 18))
        events = self.env["payment.event"].search([("provider_id", "=", self.provider.id)])
        self.assertTrue(events)
        self.assertFalse([text for text in events.mapped("payload") if IBAN in text])


@tagged("post_install", "-at_install")
class TestSignatureFlow(FlowCase):
    def test_a_mandate_signed_on_the_hosted_page_carries_its_first_debit(self):
        mandate = self.env["payment.mandate"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
            }
        )
        mandate.action_request_signature()
        url = mandate._signature_start()
        self.assertFalse(mandate._signature_refresh(MONDAY))
        self.sandbox.sign(url, name="Zoé Lefèvre", email="zoe@example.com", iban=IBAN)
        self._hear(self.sandbox.events())
        self.env["payment.event"]._apply_received(MONDAY)
        self.assertEqual((mandate.state, mandate.signature_method), ("active", "provider_page"))
        self.assertEqual(mandate.iban_masked, "FR •••• 0189")
        theirs = self.sandbox.read("tables/mandates")[-1]
        self.assertEqual(mandate.name, theirs["payment_method_details"]["sepa_debit"]["reference"])
        debit = self._debits(mandate, 20.0)
        self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")

    def test_a_mandate_is_cancelled_at_stripe_too(self):
        mandate = self._mandate()
        mandate.action_cancel()
        self.assertEqual(mandate.state, "cancelled")
        (theirs,) = self.sandbox.read("tables/mandates")
        self.assertEqual(theirs["status"], "inactive")

    def test_a_mandate_cancelled_by_the_bank_is_cancelled_here(self):
        mandate = self._mandate()
        self.sandbox.act("cancel", MANDATE)
        self._days_until(date(2026, 3, 3))
        self.assertEqual(mandate.state, "cancelled")
