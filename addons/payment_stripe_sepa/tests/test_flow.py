from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_stripe_sepa.tests.common import (
    IBAN,
    MANDATE,
    MONDAY,
    FlowCase,
)


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
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
