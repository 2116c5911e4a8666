"""Announcing debits: what is told, when, and that nothing leaves untold."""

import re
from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.payment_collection.tests.common import CollectionCommon

TODAY = date(2026, 1, 7)
DUES = (date(2026, 2, 4), date(2026, 3, 4), date(2026, 4, 7))


class NoticeCommon(CollectionCommon, MockEmail):
    """A company that announces, a client with a mandate and a schedule of three months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"prenotification_required": True, "email": "compta@example.com", "name": "Lumen SAS"}
        )
        cls.client, cls.mandate = cls.client_with_mandate()
        cls.client.write({"email": "rousseau@example.com", "lang": "en_US"})
        cls.mandate._state_write({"creditor_identifier": "FR72ZZZ123456"})
        cls.schedule = cls.env["payment.installment"].create(
            [
                {
                    "partner_id": cls.client.id,
                    "mandate_id": cls.mandate.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.company.currency_id.id,
                    "amount": 19.99,
                    "due_date": due,
                    "label": f"Maintenance {due:%m/%Y}",
                }
                for due in DUES
            ]
        )

    def announce(self, today=TODAY):
        """Run the daily job; return the notices of the client, the newest first."""
        with self.mock_mail_gateway():
            self.env["payment.notice"]._cron_notices(today)
        return self.notices()

    def notices(self):
        return self.env["payment.notice"].search([("mandate_id", "=", self.mandate.id)])


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


@tagged("post_install", "-at_install")
class TestNoticeTrouble(NoticeCommon):
    def alerts(self, kind="notice_failed"):
        return self.env["payment.alert"].search([("kind", "=", kind), ("state", "=", "open")])

    def test_without_an_address_it_fails_once_and_says_so(self):
        self.client.email = False
        for day in (TODAY, date(2026, 1, 8)):
            notice = self.announce(day)
            self.assertEqual((len(notice), notice.state), (1, "failed"))
        self.assertEqual(self.alerts().res_id, notice.id)

    def test_a_new_address_is_tried_by_itself(self):
        self.client.email = False
        self.announce()
        self.client.email = "found@example.com"
        notice = self.announce(date(2026, 1, 8))[0]
        self.assertEqual((notice.state, notice.email), ("sent", "found@example.com"))

    def test_a_mail_that_comes_back_announces_nothing(self):
        notice = self.announce()
        notice._message_receive_bounce("rousseau@example.com", self.client)
        self.assertEqual(notice.state, "failed")
        self.assertTrue(notice.content)
        self.assertEqual(set(self.schedule.mapped("state")), {"planned"})
        self.assertFalse(self.schedule.notice_line_id)
        self.assertTrue(self.alerts())

    def test_sent_again_after_it_came_back(self):
        notice = self.announce()
        notice._message_receive_bounce("rousseau@example.com", self.client)
        notice.action_send()
        self.assertEqual(notice.state, "cancelled")
        again = self.announce(date(2026, 1, 9)) - notice
        self.assertEqual(again.state, "sent")
        self.assertFalse(self.alerts())

    def test_a_mail_server_that_is_away_keeps_them_waiting(self):
        server = type(self.env["ir.mail_server"])
        away = patch.object(server, "_connect__", side_effect=OSError("no route"))
        with self.mock_mail_gateway(), away:
            self.env["payment.notice"]._cron_notices(TODAY)
        notice = self.notices()
        self.assertEqual(notice.state, "ready")
        self.assertTrue(self.alerts("notice_server"))
        self.assertEqual(self.schedule[0].state, "planned")
        self.announce(date(2026, 1, 8))
        self.assertEqual((notice.state, notice.sent_on), ("sent", date(2026, 1, 8)))
        self.assertFalse(self.alerts("notice_server"))

    def test_one_bad_mandate_stops_nobody(self):
        other, mandate = self.client_with_mandate(name="Bad")
        self.schedule[0].copy({"partner_id": other.id, "mandate_id": mandate.id})
        real = type(mandate)._notice_values

        def refuses_bad(record):
            if record == mandate:
                raise ValueError("no words for this one")
            return real(record)

        with patch.object(type(mandate), "_notice_values", refuses_bad):
            good = self.announce()
        self.assertEqual(good.state, "sent")
        self.assertIn("no words for this one", mandate.history_ids.mapped("reason")[0])

    def test_one_bad_notice_stops_nobody(self):
        other, mandate = self.client_with_mandate(name="Bad")
        other.email = "bad@example.com"
        self.schedule[0].copy({"partner_id": other.id, "mandate_id": mandate.id})
        real = type(self.env["mail.template"]).send_mail_batch

        def refuses_bad(template, res_ids, **options):
            notices = template.env["payment.notice"].browse(res_ids)
            if "Bad" in notices.partner_id.mapped("name"):
                raise ValueError("can not be rendered")
            return real(template, res_ids, **options)

        with patch.object(type(self.env["mail.template"]), "send_mail_batch", refuses_bad):
            good = self.announce()
        self.assertEqual(good.state, "sent")
        bad = self.env["payment.notice"].search([("mandate_id", "=", mandate.id)])
        self.assertEqual((bad.state, bad.failure), ("failed", "can not be rendered"))


@tagged("post_install", "-at_install")
class TestNoticeStories(NoticeCommon):
    def test_account_changed_between_notice_and_debit(self):
        """New notice needed → held until it is sent → leaves for the day announced anew."""
        self.announce()
        first = self.schedule[0]
        self.mandate._state_write({"iban_masked": "FR76 •••• •••• 185", "iban_fingerprint": "new"})
        self.assertEqual(set(self.schedule.mapped("state")), {"planned"})
        self.execute(date(2026, 2, 2), date(2026, 2, 4))
        self.assertEqual((first.state, first.hold_reason), ("held", "notice_missing"))
        self.assertFalse(first.transaction_ids)
        self.announce(date(2026, 2, 3))
        self.assertEqual(first.announced_date, date(2026, 2, 17))
        self.execute(date(2026, 2, 3), date(2026, 2, 4))
        self.assertEqual(first.state, "notified")
        self.execute(date(2026, 2, 13), date(2026, 2, 17))
        self.assertEqual((first.state, first.hold_detail), ("in_collection", False))
        self.assertEqual(first.transaction_ids.debit_requested_date, date(2026, 2, 17))

    def test_a_day_that_was_missed_is_announced_anew(self):
        self.announce()
        first = self.schedule[0]
        self.execute(date(2026, 2, 4), date(2026, 2, 6))
        self.assertEqual(first.hold_reason, "cutoff_passed")
        self.announce(date(2026, 2, 5))
        self.assertEqual(first.announced_date, date(2026, 2, 19))

    def test_days_of_grace(self):
        self.company.notice_grace_days = 5
        self.announce()
        self.execute(date(2026, 2, 4), date(2026, 2, 6))
        self.assertEqual(self.schedule[0].transaction_ids.debit_requested_date, date(2026, 2, 6))

    def test_a_longer_delay_agreed_afterwards_makes_it_late(self):
        self.announce(date(2026, 1, 20))
        self.mandate.notice_days = 20
        self.execute(date(2026, 2, 2), date(2026, 2, 4))
        self.assertEqual(self.schedule[0].hold_reason, "notice_late")

    def test_a_part_paid_by_transfer_changes_what_is_debited(self):
        self.announce()
        first = self.schedule[0]
        first._invoice(date(2026, 1, 10))
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=first.invoice_id.ids
        )
        register.create({"amount": 5.0})._create_payments()
        self.execute(date(2026, 2, 2), date(2026, 2, 4))
        self.assertEqual(first.hold_reason, "notice_missing")
        self.announce(date(2026, 2, 3))
        self.assertEqual(first.notice_line_id.amount, 14.99)

    def test_a_new_attempt_is_announced_with_its_own_delay(self):
        self.mandate.retry_notice_days = 2
        script = self.env["payment.demo.mandate"].search([("rum", "=", self.mandate.name)])
        script.script = "fail:AM04;collect"
        first = self.schedule[0]
        self.announce()
        self.execute(date(2026, 2, 2), date(2026, 2, 4))
        self.bank_reaches(date(2026, 2, 5))
        self.assertEqual(first.state, "unpaid")
        self.assertFalse(first.notice_line_id)
        first._retry(date(2026, 2, 9))
        self.announce(date(2026, 2, 9))
        self.assertTrue(first.notice_line_id.is_retry)
        self.assertEqual(first.announced_date, date(2026, 2, 11))
        self.execute(date(2026, 2, 9), date(2026, 2, 11))
        self.assertEqual(first.state, "in_collection")
        self.assertEqual(first.transaction_ids[0].debit_requested_date, date(2026, 2, 11))

    def test_a_hundred_mandates_cost_what_ten_do(self):
        def queries(count):
            mandates = self.provider._demo_open_mandates(
                [
                    {
                        "partner_id": self.env["res.partner"]
                        .create({"name": f"C{n}", "email": f"c{count}-{n}@example.com"})
                        .id,
                        "signed_on": date(2025, 12, 1),
                    }
                    for n in range(count)
                ]
            )
            for mandate in mandates:
                self.schedule[0].copy(
                    {"partner_id": mandate.partner_id.id, "mandate_id": mandate.id}
                )
            self.env.flush_all()
            self.env.invalidate_all()
            with patch.object(type(self.env["payment.notice"]), "_send", lambda *args: None):
                start = self.env.cr.sql_log_count
                self.env["payment.notice"]._cron_notices(TODAY)
                self.env.flush_all()
            return self.env.cr.sql_log_count - start

        queries(2)
        few = queries(10)
        self.assertLessEqual(queries(100), few + 25)
