from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_slimpay.tests.common import (
    IBAN,
    MANDATE,
    MONDAY,
    FlowCase,
)

SEND = {"method": "POST", "path": "^/payments/in$"}


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
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
