"""What is held, or will be, and the last moment to mend it."""

from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import CollectionCommon
from odoo.addons.payment_collection.tests.common_notices import NoticeCommon

# Tuesday.
TODAY = date(2026, 1, 20)
DUE = date(2026, 2, 4)


@tagged("post_install", "-at_install")
class TestForecast(CollectionCommon):
    def forecast(self, today=TODAY):
        self.env["payment.installment"]._cron_forecast_holds(today)

    def test_what_would_be_held_is_seen_weeks_before(self):
        installment, fine = self.installment(due=DUE), self.installment(due=DUE)
        installment.mandate_id._set_state("suspended")
        self.forecast()
        self.assertEqual(installment.state, "planned")
        self.assertEqual(installment.forecast_hold_reason, "mandate_unusable")
        self.assertEqual(installment.forecast_hold_detail, installment.mandate_id.name)
        self.assertFalse(fine.forecast_hold_reason)

    def test_the_last_moment_is_the_cut_off_of_the_last_submission_day(self):
        installment = self.installment(due=DUE, mandate_id=False)
        mandated = self.installment(due=DUE)
        mandated.mandate_id._set_state("suspended")
        self.forecast()
        # Two working days before Wednesday, at noon in Paris.
        self.assertEqual(mandated.mend_before, datetime(2026, 2, 2, 11, 0))
        self.assertTrue(installment.mend_before)

    def test_summer_time_moves_the_last_moment(self):
        installment = self.installment(due=date(2026, 7, 1))
        installment.mandate_id._set_state("suspended")
        self.forecast(date(2026, 6, 15))
        self.assertEqual(installment.mend_before, datetime(2026, 6, 29, 10, 0))

    def test_thirty_days_and_no_further(self):
        far = self.installment(due=date(2026, 2, 20), mandate_id=False)
        self.forecast()
        self.assertFalse(far.forecast_hold_reason)
        self.forecast(date(2026, 1, 21))
        self.assertEqual(far.forecast_hold_reason, "no_mandate")

    def test_mended_it_leaves_the_list_and_its_alert_closes(self):
        installment = self.installment(due=DUE)
        installment.mandate_id._set_state("suspended")
        self.forecast(date(2026, 2, 3))
        self.assertTrue(self.alerts(installment))
        installment.mandate_id._set_state("active")
        self.forecast(date(2026, 2, 3))
        self.assertFalse(installment.forecast_hold_reason or installment.mend_before)
        self.assertFalse(self.alerts(installment))

    def alerts(self, installment):
        return self.env["payment.alert"].search(
            [
                ("kind", "=", "held_past_last_moment"),
                ("res_id", "=", installment.id),
                ("state", "=", "open"),
            ]
        )

    def test_past_the_last_moment_a_person_is_told_once(self):
        installment = self.installment(due=DUE)
        installment.mandate_id._set_state("suspended")
        self.forecast(date(2026, 2, 2))
        self.assertFalse(self.alerts(installment))
        for day in (date(2026, 2, 3), date(2026, 2, 4)):
            self.forecast(day)
            self.assertEqual(len(self.alerts(installment)), 1)

    def test_held_by_a_person_stays_on_the_list(self):
        installment = self.installment(due=DUE)
        installment.action_hold()
        self.forecast()
        self.assertEqual(installment.forecast_hold_reason, "manual")

    def test_held_by_a_guard_that_lets_go_is_off_the_list_before_the_run(self):
        installment = self.installment(due=DUE)
        installment._hold("no_mandate")
        self.forecast()
        self.assertEqual((installment.state, installment.forecast_hold_reason), ("held", False))

    def test_what_left_is_forgotten(self):
        installment = self.installment(due=DUE)
        installment.mandate_id._set_state("suspended")
        self.forecast()
        installment._cancel("given up")
        self.forecast()
        self.assertFalse(installment.forecast_hold_reason)

    def test_check_again_now(self):
        with freeze_time("2026-01-20 08:00:00"):
            installment = self.installment(due=DUE, mandate_id=False)
            self.env["payment.installment"].action_forecast_again()
            self.assertEqual(installment.forecast_hold_reason, "no_mandate")

    def test_red_when_less_than_two_days_are_left(self):
        installment = self.installment(due=DUE)
        installment.mandate_id._set_state("suspended")
        self.forecast()
        for now, days in (("2026-01-31 10:00", 2), ("2026-02-01 12:00", 0), ("2026-02-03", -1)):
            with freeze_time(now):
                installment.invalidate_recordset(["mend_days"])
                self.assertEqual(installment.mend_days, days)

    def test_a_hundred_cost_what_ten_do(self):
        for n in range(100):
            self.installment(due=DUE, amount=10 + n).partner_id.collection_hold = n % 2
        everything = self.env["payment.installment"].search([("company_id", "=", self.company.id)])

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some._forecast_holds(TODAY)
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        queries(everything[:2])
        self.assertLessEqual(queries(everything[10:]), queries(everything[:10]) + 60)


@tagged("post_install", "-at_install")
class TestForecastOfNotices(NoticeCommon):
    def forecast(self, today=TODAY):
        self.env["payment.installment"]._cron_forecast_holds(today)
        return self.schedule[0].forecast_hold_reason

    def test_what_the_engine_announces_by_itself_holds_nothing(self):
        self.assertFalse(self.forecast())

    def test_without_an_address_the_last_moment_is_the_day_of_the_notice(self):
        self.client.email = False
        self.assertEqual(self.forecast(), "notice_missing")
        self.assertEqual(self.schedule[0].mend_before, datetime(2026, 1, 21, 22, 59))

    def test_drafts_that_nobody_looked_at(self):
        self.company.notice_sending = "preview"
        self.assertEqual(self.forecast(), "notice_missing")
        self.announce(TODAY).action_send()
        self.announce(TODAY)
        self.assertFalse(self.forecast())

    def test_a_provider_that_is_paused_does_not_keep_notices_from_leaving(self):
        with patch.object(type(self.provider), "_debit_ready", lambda provider: False):
            notice = self.announce(TODAY)
            self.assertEqual(notice.state, "sent")
            self.assertEqual(self.forecast(), "provider_unavailable")
