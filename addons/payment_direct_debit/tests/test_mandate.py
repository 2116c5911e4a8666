from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.tests.common import DAY, EngineCommon


@tagged("post_install", "-at_install")
class TestMandate(EngineCommon):
    def test_the_reference_is_given_and_valid(self):
        rum = self._mandate().name
        self.assertLessEqual(len(rum), 35)
        self.assertNotEqual(rum, self._mandate().name)

    def test_a_reference_that_banks_refuse_is_refused(self):
        for rum in ("RUM é", "/RUM", "RUM/", "RUM_1", "R" * 36):
            with self.subTest(rum=rum), self.assertRaises(ValidationError):
                self._mandate(name=rum)

    @mute_logger("odoo.sql_db")
    def test_a_reference_is_used_once_in_whatever_letters(self):
        self._mandate(name="RUM-abc")
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self._mandate(name="rum-ABC").flush_recordset()

    def test_a_mandate_of_another_company_may_have_the_same_reference(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._mandate(name="RUM-SAME")
        twin = self._mandate(name="RUM-SAME", company_id=elsewhere.id, provider_id=False)
        self.assertTrue(twin)

    def test_a_mandate_that_was_more_than_a_draft_is_never_deleted(self):
        kept, draft = self._mandate("cancelled"), self._mandate()
        with self.assertRaisesRegex(UserError, "proof"):
            (kept + draft).unlink()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_the_terms_of_a_signed_mandate_stay(self):
        mandate = self._mandate("active").with_user(self.finance)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for field, value in (
            ("partner_id", stranger.id),
            ("name", "RUM-OTHER"),
            ("scheme", "b2b"),
            ("signed_on", DAY),
            ("provider_id", False),
        ):
            with self.subTest(field=field), self.assertRaisesRegex(UserError, "terms"):
                mandate.write({field: value})

    def test_what_the_provider_tells_is_written_by_the_engine_only(self):
        mandate = self._mandate("active").with_user(self.finance)
        for field in ("provider_mandate_ref", "iban_masked", "bank_name", "last_debit_date"):
            value = DAY if field.endswith("date") else "forged"
            with self.subTest(field=field), self.assertRaises(AccessError):
                mandate.write({field: value})

    def test_a_mandate_expires_after_36_months_without_debit(self):
        mandate = self._mandate("active", signed_on=date(2023, 3, 4))
        self.assertEqual(mandate.expires_on, date(2026, 3, 4))
        mandates = self.env["payment.mandate"]
        mandates._cron_expire(date(2026, 3, 3))
        self.assertEqual(mandate.state, "active")
        mandates._cron_expire(date(2026, 3, 4))
        self.assertEqual(mandate.state, "expired")
        self.assertIn("36", mandate.history_ids.sorted("id")[-1].reason)

    def test_a_debit_starts_the_36_months_again(self):
        mandate = self._mandate("active", signed_on=date(2023, 3, 4))
        mandate._touch_debit_dates({mandate.id: date(2026, 3, 3)})
        mandate._touch_debit_dates({mandate.id: date(2025, 1, 1)})
        self.assertEqual(mandate.first_debit_date, date(2025, 1, 1))
        self.assertEqual(mandate.last_debit_date, date(2026, 3, 3))
        self.env["payment.mandate"]._cron_expire(date(2026, 3, 4))
        self.assertEqual(mandate.state, "active")

    def test_a_mandate_is_usable_from_its_signature_to_the_day_before_its_expiry(self):
        mandate = self._mandate("active", signed_on=date(2026, 1, 2))
        for day, usable in (
            (date(2026, 1, 1), False),
            (date(2026, 1, 2), True),
            (date(2029, 1, 1), True),
            (date(2029, 1, 2), False),
        ):
            with self.subTest(day=day):
                self.assertEqual(mandate._usable_on(day), usable)

    def test_a_mandate_that_is_not_active_is_not_usable(self):
        for state in ("suspended", "cancelled", "expired", "replaced", "failed"):
            with self.subTest(state=state):
                self.assertFalse(self._mandate(state)._usable_on(DAY))

    def test_a_signature_needs_somebody_to_hold_the_mandate(self):
        with self.assertRaisesRegex(UserError, "provider"):
            self._mandate(provider_id=False).action_request_signature()

    def _snapshot(self, mandate, status, **values):
        return seam.MandateSnapshot(
            ref=mandate.provider_mandate_ref, status=status, raw_status=f"raw {status}", **values
        )

    def test_the_mandate_follows_the_provider_where_it_may(self):
        mandate = self._mandate("active")
        mandate._apply_snapshot(self._snapshot(mandate, seam.MANDATE_SUSPENDED), DAY)
        self.assertEqual(mandate.state, "suspended")
        mandate._apply_snapshot(self._snapshot(mandate, seam.MANDATE_CANCELLED), DAY)
        mandate._apply_snapshot(self._snapshot(mandate, seam.MANDATE_ACTIVE), DAY)
        self.assertEqual(mandate.state, "active", "reinstated at the bank")

    def test_what_may_not_follow_is_noted(self):
        mandate = self._mandate("replaced")
        mandate._apply_snapshot(self._snapshot(mandate, seam.MANDATE_ACTIVE), DAY)
        self.assertEqual(mandate.state, "replaced")
        self.assertIn("raw active", mandate.history_ids.sorted("id")[-1].reason)

    def test_a_known_account_is_not_forgotten_by_silence(self):
        mandate = self._mandate("active")
        full = self._snapshot(
            mandate, seam.MANDATE_ACTIVE, iban_ending="0189", bank_name="B", country_code="FR"
        )
        mandate._apply_snapshot(full, DAY)
        mandate._apply_snapshot(self._snapshot(mandate, seam.MANDATE_ACTIVE), DAY)
        self.assertEqual((mandate.iban_masked, mandate.bank_name), ("FR •••• 0189", "B"))

    def test_a_token_is_made_once(self):
        mandates = self._mandate("active") + self._mandate("active")
        mandates._ensure_tokens()
        (mandates + mandates)._ensure_tokens()
        self.assertEqual([len(mandate.token_ids) for mandate in mandates], [1, 1])
        self._mandate()._ensure_tokens()

    def test_who_is_not_in_finance_sees_no_mandate(self):
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        for model in (
            "payment.mandate",
            "payment.event",
            "payment.return",
            "payment.alert",
            "payment.history",
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(clerk).search([])

    def test_finance_sees_no_key_and_no_fingerprint(self):
        debit = self._debit(debit_key="secret-key").with_user(self.finance)
        self.assertNotIn("debit_key", debit.read()[0])
        with self.assertRaises(AccessError):
            debit.read(["debit_key"])
        with self.assertRaises(AccessError):
            debit.mandate_id.read(["iban_fingerprint"])
