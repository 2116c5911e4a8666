from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_slimpay import payloads
from odoo.addons.payment_slimpay.tests.common import (
    CHARGE_DAY,
    IBAN,
    MANDATE,
    MONDAY,
    SECRET,
    FlowCase,
)

SEND = {"method": "POST", "path": "^/payments/in$"}


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
    def test_a_debit_is_sent_collected_and_its_invoice_paid(self):
        debit = self._sent(49.9)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(debit.debit_expected_date, CHARGE_DAY)
        self.assertEqual(debit.provider_reference, self.sandbox.payments()[0]["id"])
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self._days_until(date(2026, 3, 10), debit)
        self.assertEqual(debit.debit_status, "submitted")
        self._days_until(CHARGE_DAY, debit)
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(debit.debit_settled_date, CHARGE_DAY)
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))
        self.assertFalse(self._alerts(debit))

    def test_amounts_arrive_in_cents_exactly(self):
        debits = self._sent(1.15, 8.2, 19.99, 4.35, 1000.1)
        sent = {item["reference"]: item["amount"] for item in self.sandbox.payments()}
        names = [payloads.reference(debit._debit_order()) for debit in debits]
        self.assertEqual(
            [sent[name] for name in names], ["1.15", "8.20", "19.99", "4.35", "1000.10"]
        )

    def test_more_than_the_largest_amount_never_leaves(self):
        debit = self._sent(5000.01)
        self.assertEqual(debit.debit_status, "failed")
        self.assertFalse(self._posts())

    def test_sending_twice_makes_one_payment(self):
        debit = self._sent(49.9)
        self._send(debit)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_lost_answer_is_unknown_until_the_payment_is_found(self):
        debits = self._debits(self._mandate(), 49.9, 10.0, 11.0)
        self.sandbox.fault("drop_after", nth=2, **SEND)
        self._send(debits)
        self.assertEqual(sorted(debits.mapped("debit_status")), ["submitted"] * 2 + ["unknown"])
        lost = debits.filtered(lambda debit: debit.debit_status == "unknown")
        self._resolve(lost)
        self.assertEqual(lost.debit_status, "submitted")
        self.assertEqual((len(self.sandbox.payments()), len(self._posts())), (3, 3))

    def test_a_lost_request_is_sent_again_under_its_name_after_a_second_look(self):
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("drop_before", **SEND)
        self._send(debit)
        self.assertEqual(debit.debit_status, "unknown")
        looks = len(self._requests("GET", "/payments"))
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(len(self._requests("GET", "/payments")), looks + 2)
        self.assertEqual(len({post["body"]["reference"] for post in self._posts()}), 1)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_lost_request_is_not_sent_again_at_once(self):
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("drop_before", **SEND)
        self._send(debit)
        with self._committing(debit) as model:
            model._debit_resolve_unknown(MONDAY, everything=True, domain=[("id", "=", debit.id)])
        self.assertEqual(debit.debit_status, "unknown")
        self.assertEqual(len(self._posts()), 1)

    def test_a_gateway_that_times_out_after_the_payment_was_made_makes_no_second(self):
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("504", **SEND)
        self._send(debit)
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_the_rate_limit_leaves_the_debit_waiting(self):
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("429", **SEND)
        self._send(debit)
        self.assertEqual(debit.debit_status, "draft")
        self.assertTrue(debit.debit_next_check)

    def test_a_payment_of_another_amount_under_our_name_moves_nothing(self):
        debit = self._debits(self._mandate(), 49.9)
        body = payloads.payment(debit._debit_order(), CHARGE_DAY)
        self.provider._debit_client()._account.create("create-payins", {**body, "amount": "1.00"})
        self._send(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self.assertIn("another payment", debit.history_ids.sorted("id")[-1].reason)
        self.assertFalse(debit.provider_reference)

    def test_one_refused_debit_stops_no_other(self):
        debits = self._debits(self._mandate(), 49.9, 10.0, 11.0)
        debits[0]._state_writer().currency_id = self.env.ref("base.USD")
        self._send(debits)
        self.assertEqual(debits.mapped("debit_status"), ["failed", "submitted", "submitted"])

    def test_a_mandate_revoked_at_slimpay_fails_the_debit_and_blocks_the_mandate(self):
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.act("revoke", MANDATE)
        self._send(debit)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("failed", "MD01"))
        self.assertEqual(debit.mandate_id.state, "suspended")

    def test_a_debit_is_cancelled_while_it_can_be(self):
        debit = self._sent(49.9)
        debit.action_debit_cancel()
        self.assertEqual(debit.debit_status, "cancelled")
        self.assertEqual(self.sandbox.payments()[0]["executionStatus"], "notprocessed")
        self._poll(MONDAY)  # SlimPay's issue about it changes nothing
        self.assertEqual((debit.debit_status, len(debit.return_ids)), ("cancelled", 0))

    def test_neither_a_secret_nor_an_account_number_reaches_the_log(self):
        self.env.flush_all()
        with self.assertLogs(level="DEBUG") as logs:
            debits = self._debits(self._mandate(), 49.9, 10.0)
            self.sandbox.act("expire", "tokens")
            self.sandbox.fault("502", **SEND)
            self._send(debits)
            self._resolve(debits)
            self._days_until(CHARGE_DAY, debits)
            self.sandbox.fault("drop_before", method="GET")
            debits._debit_refresh()
            with self.assertRaises(EventRejected):
                self.provider._event_verify(b"{}", {"Slimpay-Signature": SECRET})
        text = "\n".join(logs.output)
        self.assertIn("/payments", text)  # the requests themselves were logged
        for secret in (self.app["app_secret"], "eyJ", SECRET, IBAN, IBAN[4:]):
            self.assertNotIn(secret, text)


@tagged("post_install", "-at_install")
class TestSignatureFlow(FlowCase):
    def _to_sign(self, **values):
        mandate = self.env["payment.mandate"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                **values,
            }
        )
        mandate.action_request_signature()
        return mandate

    def test_a_mandate_signed_on_the_hosted_page_carries_its_first_debit(self):
        mandate = self._to_sign()
        url = mandate._signature_start()
        self.assertFalse(mandate._signature_refresh(MONDAY))
        self.sandbox.sign(url, iban=IBAN)
        self.assertTrue(mandate._signature_refresh(MONDAY))
        self.assertEqual((mandate.state, mandate.signature_method), ("active", "provider_page"))
        self.assertEqual(mandate.iban_masked, f"FR •••• {IBAN[-4:]}")
        self.assertEqual(mandate.name, self.sandbox.read("tables/mandates")[-1]["reference"])
        debit = self._debits(mandate, 20.0)
        self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")

    def test_a_reference_that_slimpay_makes_is_taken_over(self):
        self.provider.slimpay_own_rum = False
        mandate = self._to_sign()
        self.sandbox.sign(mandate._signature_start(), iban=IBAN)
        mandate._signature_refresh(MONDAY)
        self.assertRegex(mandate.name, r"SLMP\d{9}")
        self.assertEqual(mandate.provider_mandate_ref, mandate.name)

    def test_a_mandate_is_taken_over_by_its_id_as_well(self):
        made = self._payer("RUM-0002", "Paul Durand")
        self.assertIn("another reference", self._mandate(made["mandate"]))
        mandate = self._mandate(self.sandbox.read("tables/mandates")[0]["id"])
        self.assertEqual((mandate.state, mandate.provider_mandate_ref), ("active", MANDATE))

    def test_a_mandate_is_revoked_at_slimpay_too(self):
        mandate = self._mandate()
        mandate.action_cancel()
        self.assertEqual(mandate.state, "cancelled")
        self.assertEqual(self.sandbox.read("tables/mandates")[0]["state"], "revoked")

    def test_a_mandate_that_expired_at_slimpay_is_heard_of_by_the_poll(self):
        mandate = self._mandate()
        self.sandbox.act("expire", MANDATE)
        self._poll(date(2026, 3, 3))
        self.assertEqual(mandate.state, "expired")
