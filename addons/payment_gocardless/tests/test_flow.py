from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.common import (
    IBAN,
    MANDATE,
    MONDAY,
    FlowCase,
)


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
    def test_a_debit_is_cancelled_while_it_can_be(self):
        debit = self._sent(49.9)
        debit.action_debit_cancel()
        self.assertEqual(debit.debit_status, "cancelled")
        self.assertEqual(self.sandbox.payments()[0]["status"], "cancelled")


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
        self.sandbox.sign(url, given_name="Zoé", family_name="Lefèvre", iban=IBAN)
        self._hear(self.sandbox.events())
        self.env["payment.event"]._apply_received(MONDAY)
        self.assertEqual((mandate.state, mandate.signature_method), ("active", "provider_page"))
        self.assertEqual(mandate.iban_masked, "FR •••• 89")
        self.assertEqual(mandate.name, self.sandbox.read("tables/mandates")[-1]["reference"])
        debit = self._debits(mandate, 20.0)
        self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")

    def test_a_mandate_is_cancelled_at_gocardless_too(self):
        mandate = self._mandate()
        mandate.action_cancel()
        self.assertEqual(mandate.state, "cancelled")
        (theirs,) = self.sandbox.read("tables/mandates")
        self.assertEqual(theirs["status"], "cancelled")

    def test_a_mandate_cancelled_by_the_debtor_is_cancelled_here(self):
        mandate = self._mandate()
        self.sandbox.act("cancel_by_payer", MANDATE)
        self._days_until(date(2026, 3, 3))
        self.assertEqual(mandate.state, "cancelled")
