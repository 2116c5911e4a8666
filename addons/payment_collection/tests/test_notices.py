"""Announcing debits: what is told, when, and that nothing leaves untold."""

import re
from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment_collection.tests.common_notices import DUES, TODAY, NoticeCommon


@tagged("post_install", "-at_install")
class TestNotices(NoticeCommon):
    def test_one_notice_tells_the_whole_schedule(self):
        notice = self.announce()
        self.assertEqual(len(notice), 1)
        self.assertEqual((notice.state, notice.sent_on), ("sent", TODAY))
        self.assertEqual(notice.line_ids.mapped("date"), list(DUES))
        self.assertEqual(set(self.schedule.mapped("state")), {"notified"})
        self.assertEqual(self.schedule.mapped("announced_date"), list(DUES))
        self.assertIn("planned", self.schedule[0].history_ids.mapped("from_state"))

    def test_the_mail_says_who_debits_what_when_and_shows_no_account_number(self):
        notice = self.announce()
        self.assertEqual(len(self._mails), 1)
        mail = self._mails[0]
        self.assertIn("rousseau@example.com", mail["email_to"][0])
        iban = self.env["payment.demo.mandate"].search([("rum", "=", self.mandate.name)])._iban()
        for text in ("Lumen SAS", "FR72ZZZ123456", self.mandate.name, self.mandate.iban_masked):
            self.assertIn(text, mail["body"])
        self.assertEqual(len(re.findall(r"19[.,]99", mail["body"])), 3)
        for told in (mail["body"], notice.content, str(notice.read()), notice.subject):
            self.assertNotIn(iban, told.replace(" ", ""))

    def test_what_was_sent_to_whom_and_when_is_kept(self):
        notice = self.announce()
        self.assertEqual(notice.email, "rousseau@example.com")
        self.assertTrue(notice.sent_at)
        self.assertEqual(notice.message_ref, notice.mail_id.message_id)
        self.assertRegex(notice.content, r"19[.,]99")
        self.client.email = "elsewhere@example.com"
        self.assertEqual(notice.email, "rousseau@example.com")

    def test_proof_can_neither_be_changed_nor_deleted(self):
        notice = self.announce()
        for values in ({"content": "x"}, {"email": "x@example.com"}, {"sent_on": TODAY}):
            with self.subTest(values=values), self.assertRaises(UserError):
                notice._state_write(values)
        with self.assertRaises(UserError):
            notice.line_ids[0].amount = 1
        with self.assertRaises(UserError):
            notice.unlink()
        with self.assertRaises(UserError):
            notice.line_ids.unlink()

    def test_nothing_is_told_twice(self):
        self.announce()
        for day in (TODAY, date(2026, 1, 8), date(2026, 2, 20)):
            self.assertEqual(len(self.announce(day)), 1)

    def test_a_later_month_alone_makes_no_mail_of_its_own(self):
        self.announce()
        later = self.schedule[0].copy({"due_date": date(2026, 7, 6)})
        self.assertEqual(len(self.announce(date(2026, 1, 8))), 1)
        self.assertEqual(later.state, "planned")

    def test_nothing_leaves_months_before_it_has_to(self):
        self.assertFalse(self.announce(date(2025, 12, 1)))

    def test_a_changed_amount_is_told_anew_and_alone(self):
        first = self.announce()
        self.schedule[1].amount = 24.50
        self.assertEqual(self.schedule[1].state, "planned")
        second = self.announce(date(2026, 2, 5)) - first
        self.assertEqual(second.line_ids.installment_id, self.schedule[1])
        self.assertTrue(second.replaces)
        self.assertEqual(self.schedule[1].notice_line_id.notice_id, second)
        self.assertEqual(self.schedule[0].notice_line_id.notice_id, first)

    def test_a_moved_date_is_told_anew(self):
        self.announce()
        self.schedule[0].due_date = date(2026, 2, 10)
        self.announce(date(2026, 1, 14))
        self.assertEqual(self.schedule[0].announced_date, date(2026, 2, 10))

    def test_a_new_label_is_not_a_change(self):
        self.announce()
        self.schedule[0].label = "Other words"
        self.assertEqual(self.schedule[0].state, "notified")

    def test_told_late_the_debit_follows_the_notice(self):
        self.announce(date(2026, 1, 30))
        first = self.schedule[0]
        self.assertEqual(first.announced_date, date(2026, 2, 13))
        self.execute(date(2026, 2, 2), date(2026, 2, 4))
        self.assertEqual(first.state, "notified")
        self.execute(date(2026, 2, 11), date(2026, 2, 13))
        self.assertEqual(first.transaction_ids.debit_requested_date, date(2026, 2, 13))

    def test_another_delay_agreed_with_the_client(self):
        self.mandate.notice_days = 3
        self.announce(date(2026, 1, 30))
        self.assertEqual(self.schedule[0].announced_date, date(2026, 2, 4))

    def test_a_delay_is_one_day_at_least(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.mandate.notice_days = 0
            self.env.flush_all()

    def test_a_provider_that_tells_by_itself_is_left_to_do_it(self):
        with self._provider_that_tells():
            self.assertFalse(self.announce())
            self.execute(date(2026, 2, 2), date(2026, 2, 4))
        self.assertEqual(self.schedule[0].state, "in_collection")

    def _provider_that_tells(self):
        profile = self.provider._debit_profile()
        told = profile.__class__(**{**profile.__dict__, "prenotifies": True})
        return patch.object(type(self.provider), "_debit_profile", lambda provider: told)

    def test_nothing_is_told_while_the_contract_or_client_is_held(self):
        self.client.collection_hold = True
        self.assertFalse(self.announce())
        self.client.collection_hold = False
        self.mandate._set_state("suspended")
        self.assertFalse(self.announce())

    def test_in_the_language_of_the_client(self):
        self.client.lang = "fr_FR"
        self.announce()
        self.assertRegex(self._mails[0]["body"], r"19,99\s*€")
        self.assertIn("04/02/2026", self._mails[0]["body"])


@tagged("post_install", "-at_install")
class TestNoticePreview(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.notice_sending = "preview"

    def test_drafts_wait_for_somebody(self):
        draft = self.announce()
        self.assertEqual(draft.state, "draft")
        self.assertRegex(draft.preview, r"19[.,]99")
        self.assertFalse(self._mails)
        self.assertEqual(draft.leave_before, date(2026, 1, 21))
        self.execute(date(2026, 2, 2), date(2026, 2, 4))
        self.assertEqual(self.schedule[0].hold_reason, "notice_missing")

    def test_a_draft_keeps_up_with_its_schedule(self):
        draft = self.announce()
        self.schedule[0].amount = 25.0
        self.assertEqual(self.announce(), draft)
        self.assertEqual(draft.line_ids[0].amount, 25.0)
        self.schedule._cancel("ended")
        self.announce()
        self.assertEqual(draft.state, "cancelled")

    def test_sent_after_a_look(self):
        draft = self.announce()
        draft.action_send()
        self.assertEqual(draft.state, "ready")
        self.announce(date(2026, 1, 9))
        self.assertEqual((draft.state, draft.sent_on), ("sent", date(2026, 1, 9)))

    def test_by_letter(self):
        draft = self.announce()
        draft.action_sent_by_letter()
        self.assertEqual((draft.state, draft.channel), ("sent", "letter"))
        self.assertRegex(draft.content, r"19[.,]99")
        self.assertEqual(self.schedule[0].state, "notified")
