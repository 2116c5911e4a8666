from datetime import date

from odoo import SUPERUSER_ID
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.payment_direct_debit.exceptions import DebitRefused, DebitRetryable
from odoo.addons.payment_direct_debit_demo.client import DemoClient
from odoo.addons.payment_direct_debit_demo.tests.common import DAY, DebitCommon


@tagged("post_install", "-at_install")
class TestMandatesAtTheBank(DebitCommon):
    def _held(self, mandate):
        return self.env["payment.demo.mandate"].search([("ref", "=", mandate.provider_mandate_ref)])

    def test_a_mandate_taken_over_is_active_and_shows_no_full_account(self):
        mandate = self._mandate()
        iban = self._held(mandate)._iban()
        self.assertEqual(mandate.state, "active")
        self.assertTrue(mandate.token_ids.active)
        self.assertTrue(iban.endswith(mandate.iban_masked[-3:]))
        shown = mandate.read()[0]
        self.assertNotIn(iban, str(shown))
        self.assertEqual(mandate.expires_on, date(2029, 1, 2))

    def _take_over(self, held, **values):
        return self.env["payment.mandate"]._register_existing(
            [
                {
                    "name": held.rum,
                    "partner_id": self.client.id,
                    "company_id": self.company.id,
                    "provider_id": self.provider.id,
                    "provider_ref": held.ref,
                    "iban": held._iban(),
                    "scheme": "core",
                    "signed_on": DAY,
                    **values,
                }
            ]
        )[0]

    def _only_at_the_bank(self, **values):
        return self.env["payment.demo.mandate"].create(
            {"provider_id": self.provider.id, "rum": "RUM-ELSEWHERE", **values}
        )

    def test_a_mandate_of_somebody_else_is_not_taken_over(self):
        held = self._only_at_the_bank()
        self.assertIn("somebody else", self._take_over(held, name="RUM-OTHER"))
        self.assertIn(
            "another bank account", self._take_over(held, iban="FR7630006000011234567890189")
        )
        self.assertIn("could not be read", self._take_over(held, provider_ref="DM999"))
        held.status = "cancelled"
        self.assertIn("demo_cancelled", self._take_over(held))
        self.assertFalse(self.env["payment.mandate"].search([("name", "=", "RUM-ELSEWHERE")]))

    def test_the_bank_cancels_a_mandate_and_its_debits_stay_here(self):
        debit = self._debit()
        mandate = debit.mandate_id
        self._held(mandate)._move("cancelled", DAY)._notify()
        self._apply()
        self.assertEqual(mandate.state, "cancelled")
        self._send(debit)
        self.assertEqual(debit.debit_status, "failed")
        self.assertFalse(self._at_bank(debit))

    def test_an_unknown_mandate_status_changes_nothing_and_tells_a_person(self):
        mandate = self._mandate()
        self._held(mandate)._move("unmapped", DAY)._notify()
        self._apply()
        self.assertEqual(mandate.state, "active")
        self.assertEqual(self._alerts(mandate).kind, "unknown_status")

    def test_a_mandate_is_cancelled_at_the_bank_first(self):
        mandate = self._mandate()
        mandate.action_cancel()
        self.assertEqual((mandate.state, self._held(mandate).status), ("cancelled", "cancelled"))

    def test_a_mandate_that_the_bank_keeps_is_not_cancelled_here(self):
        mandate = self._mandate()

        def busy(client, ref):
            raise DebitRetryable("busy")

        self.patch(DemoClient, "mandate_cancel", busy)
        with self.assertRaisesRegex(ValidationError, "could not be cancelled"):
            mandate.action_cancel()
        self.assertEqual(mandate.state, "active")

    def test_tokens_archived_by_a_switch_of_the_provider_are_made_again(self):
        mandate = self._mandate()
        old = mandate.token_ids
        self.provider.state = "disabled"
        self.assertFalse(old.active)
        self.provider.state = "test"
        debit = self._debits(mandate)
        self.assertNotEqual(debit.token_id, old)
        self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")

    def test_the_day_of_the_last_debit_moves_the_expiry(self):
        debit = self._debit(on=DAY)
        self._send(debit)
        mandate = debit.mandate_id
        self.assertEqual((mandate.first_debit_date, mandate.last_debit_date), (DAY, DAY))
        self.assertEqual(mandate.expires_on, date(2029, 3, 4))

    def test_a_mandate_of_another_client_can_not_be_used(self):
        mandate = self._mandate()
        with self.assertRaisesRegex(ValidationError, "can not be used to debit"):
            self._debits(mandate, invoices=None)._state_write({"partner_id": self.partner_b.id})

    def test_the_mandate_of_the_company_serves_its_contacts(self):
        contact = self.env["res.partner"].create({"name": "Bob", "parent_id": self.client.id})
        debit = self._debit()
        debit._state_write({"partner_id": contact.id})
        self.assertEqual(debit.partner_id, contact)


@tagged("post_install", "-at_install")
class TestSignature(HttpCase):
    """The link that a debtor gets, by real requests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=SUPERUSER_ID)
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Demo", "code": "demo_debit", "state": "test"}
        )
        partner = cls.env["res.partner"].create({"name": "Zoé Debtor"})
        cls.mandate = cls.env["payment.mandate"].create(
            {"partner_id": partner.id, "provider_id": cls.provider.id}
        )

    def _open(self):
        return self.url_open(self.mandate._signature_url().split("/", 3)[3].join(["/", ""]))

    def test_the_debtor_signs_and_comes_back(self):
        self.mandate.action_request_signature()
        answer = self._open()
        self.assertEqual(answer.status_code, 200)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "active")
        self.assertIn(self.mandate.name, answer.text)
        self.assertEqual(self.mandate.signature_method, "provider_page")
        self.assertEqual(self.mandate.token_ids.provider_ref, self.mandate.provider_mandate_ref)

    def test_a_second_click_changes_nothing(self):
        self.mandate.action_request_signature()
        self._open()
        self._open()
        held = self.env["payment.demo.mandate"].search([("rum", "=", self.mandate.name)])
        self.assertEqual(len(held), 1)
        self.assertEqual(len(self.mandate.token_ids), 1)

    def test_a_mandate_that_is_not_to_be_signed_does_not_reach_the_bank(self):
        answer = self._open()
        self.assertEqual(answer.status_code, 200)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "draft")
        self.assertFalse(self.env["payment.demo.mandate"].search([("rum", "=", self.mandate.name)]))

    def test_a_bank_out_of_reach_says_so_and_loses_nothing(self):
        self.mandate.action_request_signature()

        def down(client, order):
            raise DebitRefused("the page is closed.")

        self.patch(DemoClient, "mandate_start", down)
        answer = self._open()
        self.assertEqual(answer.status_code, 200)
        self.assertIn("the page is closed", answer.text)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "to_sign")

    def test_a_signature_nobody_came_back_from_is_found_by_the_cron(self):
        self.mandate.action_request_signature()
        self.mandate._signature_start()
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr)["payment.mandate"]._cron_refresh_signatures()
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "active")
