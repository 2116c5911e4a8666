import base64
import hashlib
from datetime import datetime

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_collection.tests.common_archive import YEARS_LATER, ArchiveCommon
from odoo.addons.payment_direct_debit import seam


@tagged("post_install", "-at_install")
class TestRetention(ArchiveCommon):
    """Texts and bank details go when their time is over; rows, entries and proof of money stay."""

    def event(self, key, state="applied", topic=seam.TOPIC_DEBIT, payload=None):
        """Return a message received in February 2026."""
        incoming = seam.IncomingEvent(
            key, topic, "REF", "paid", datetime(2026, 2, 4), payload or {"name": "Rousseau"}
        )
        events = self.env["payment.event"]
        events._receive(self.provider, [incoming], "webhook")
        found = events.search([("event_key", "=", key)])
        if state != "received":
            found._set_state(state)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_event SET create_date = '2026-02-04' WHERE id = %s", [found.id]
        )
        found.invalidate_recordset()
        return found

    def ended_mandate(self, debit=None):
        """Return a mandate, debited and cancelled in February 2026."""
        mandate = (debit or self.debited()).mandate_id
        mandate._state_write(
            {
                "bank_name": "Banque",
                "account_holder": "M. Rousseau",
                "document": base64.b64encode(b"%PDF-signed"),
            }
        )
        mandate._set_state("cancelled", "over", mandate.last_debit_date)
        mandate.flush_recordset()
        self.env.cr.execute(
            "UPDATE payment_mandate SET create_date = '2025-12-01' WHERE id = %s", [mandate.id]
        )
        self.env["payment.history"].flush_model()
        return mandate

    def later(self, year):
        return YEARS_LATER.replace(year=year)

    def trace(self, subject):
        domain = [("company_id", "=", self.company.id), ("subject", "=", subject)]
        return sum(self.passes.search(domain).mapped("count"))

    def test_the_text_of_an_applied_message_goes_and_its_fingerprint_stays(self):
        event = self.event("E1")
        text = event.payload
        self.night()
        self.assertFalse(event.payload)
        self.assertEqual(event.payload_hash, hashlib.sha256(text.encode()).hexdigest())
        self.assertEqual((event.event_key, event.topic, event.ref), ("E1", "debit", "REF"))
        self.assertEqual(event.payload_removed_on, YEARS_LATER)
        self.assertEqual(self.trace("event"), 1)

    def test_messages_that_wait_or_failed_or_prove_a_payout_keep_their_text(self):
        kept = (
            self.event("W", state="received")
            | self.event("F", state="failed")
            | self.event("P", topic=seam.TOPIC_PAYOUT)
        )
        self.night()
        self.assertTrue(all(kept.mapped("payload")))
        self.night(self.later(2037))
        self.assertEqual([bool(e.payload) for e in kept], [True, True, False], "10 years")

    def test_a_message_without_its_text_is_still_known_and_still_applied_again(self):
        debit = self.debited()
        event = self.env["payment.event"].search([("ref", "=", debit.provider_reference)], limit=1)
        self.env.cr.execute(
            "UPDATE payment_event SET create_date = '2026-02-04' WHERE id = %s", [event.id]
        )
        self.night()
        self.assertTrue(event.payload_hash)
        again = seam.IncomingEvent(event.event_key, event.topic, event.ref, "x", None, {"n": 1})
        self.assertEqual(event._receive(self.provider, [again], "poll"), 0)
        self.assertFalse(event.payload, "the text does not come back")
        event.action_replay()
        event._apply_received(YEARS_LATER)
        self.assertEqual(event.state, "applied")
        debit._debit_resync(YEARS_LATER)
        self.assertTrue(debit.payment_archived_on, "nothing new was heard")
        self.assertFalse(self.payments._debit_compare(YEARS_LATER) & debit)

    def test_bank_details_of_a_mandate_that_ended_go_and_its_debits_stay(self):
        mandate = self.ended_mandate()
        debit, entries = mandate.transaction_ids, mandate.transaction_ids.debit_line_ids
        former = (mandate.name, mandate.last_debit_date, debit.read(["amount", "debit_status"]))
        self.night(self.later(2030))
        self.assertTrue(mandate.iban_masked and mandate.document, "five years are not over")
        self.night(self.later(2032))
        for name in ("iban_masked", "iban_fingerprint", "bank_name", "account_holder", "document"):
            self.assertFalse(mandate[name], name)
        self.assertFalse(
            any(mandate.with_context(active_test=False).token_ids.mapped("payment_details"))
        )
        now = (mandate.name, mandate.last_debit_date, debit.read(["amount", "debit_status"]))
        self.assertEqual(now, former)
        self.assertEqual(debit.debit_line_ids, entries)
        self.assertIn("Bank details and proof removed", mandate.history_ids[:1].reason)
        self.assertEqual(self.trace("mandate"), 1)

    def test_a_mandate_in_use_or_owed_on_keeps_its_bank_details(self):
        used, unpaid = self.debited("collect", "collect")
        active, owed = used.mandate_id, self.ended_mandate(unpaid)
        owed.transaction_ids.installment_id._set_state("unpaid")
        self.night(self.later(2036))
        self.assertTrue(active.iban_masked and owed.iban_masked)

    def test_a_notice_keeps_its_text_for_ten_years(self):
        mandate = self.client_with_mandate()[1]
        notice = (
            self.env["payment.notice"]
            ._state_writer()
            .create(
                {
                    "mandate_id": mandate.id,
                    "partner_id": mandate.partner_id.id,
                    "company_id": self.company.id,
                    "state": "sent",
                    "sent_at": "2026-02-04 08:00:00",
                    "sent_on": "2026-02-04",
                    "email": "rousseau@example.com",
                    "content": "<p>120 €</p>",
                    "rum": mandate.name,
                }
            )
        )
        notice.message_post(body="120 €")
        self.night(self.later(2035))
        self.assertTrue(notice.content)
        self.night(self.later(2036))
        self.assertFalse(notice.content or notice.email or notice.message_ids)
        self.assertEqual((notice.rum, str(notice.sent_on)), (mandate.name, "2026-02-04"))
        self.assertIn("Removed on", notice.preview)

    def test_nothing_goes_without_a_term(self):
        self.company.write({"event_retention_months": 0, "mandate_retention_years": 0})
        event, mandate = self.event("E1"), self.ended_mandate()
        self.night(self.later(2060))
        self.assertTrue(event.payload and mandate.iban_masked)

    def test_the_terms_have_floors(self):
        for values in (
            {"event_retention_months": 2},
            {"mandate_retention_years": 1},
            {"notice_retention_years": 9},
            {"archive_after_months": -1},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.cr.savepoint(),
            ):
                self.company.write(values)
                self.company.flush_recordset()

    def test_the_settings_say_what_would_go_before_it_is_saved(self):
        self.event("E1")
        self.event("E2")
        admin = self.person("archive_admin", "base.group_system,account.group_account_manager")
        settings = Form(self.env["res.config.settings"].with_user(admin))
        settings.event_retention_months = 0
        self.assertEqual(settings.event_removal_count, "0")
        settings.event_retention_months = 3
        self.assertEqual(settings.event_removal_count, "2")
        self.assertEqual(settings.mandate_removal_count, "0")

    def test_nobody_forges_what_was_removed(self):
        event, mandate = self.event("E1"), self.ended_mandate()
        for record, name in ((event, "payload_removed_on"), (mandate, "details_removed_on")):
            with self.subTest(name=name), self.assertRaises(AccessError):
                record.with_user(self.manager).write({name: "2026-01-01"})
