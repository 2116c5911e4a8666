"""Announcing debits: what does not arrive, and what changes between the notice and the debit."""

from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_notices import TODAY, NoticeCommon


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
