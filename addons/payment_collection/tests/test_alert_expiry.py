from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import CollectionCommon

# Signed on 1 December 2025, never debited: 36 months later it is over.
EXPIRES = date(2028, 12, 1)
SOON = EXPIRES - timedelta(days=60)


@tagged("post_install", "-at_install")
class TestMandateAboutToExpire(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planned = cls.installment(due=date(2028, 12, 20))
        cls.mandate = cls.planned.mandate_id

    def look(self, today=SOON):
        self.env["payment.alert"]._cron_look(today)
        return self.env["payment.alert"].search(
            [("kind", "=", "mandate_expiring"), ("company_id", "=", self.company.id)]
        )

    def test_told_once_so_many_days_before(self):
        self.assertFalse(self.look(SOON - timedelta(days=1)))
        alert = self.look()
        self.assertEqual((alert.res_model, alert.res_id), ("payment.mandate", self.mandate.id))
        self.assertEqual((alert.partner_id, alert.severity), (self.mandate.partner_id, "2"))
        self.assertIn(self.mandate.name, alert.message)
        self.assertEqual(self.look(SOON + timedelta(days=1)), alert)

    def test_two_weeks_before_it_becomes_severe_and_wakes_up(self):
        alert = self.look()
        alert.snooze("2100-01-01")
        self.look(EXPIRES - timedelta(days=15))
        self.assertTrue(alert.is_snoozed)
        self.look(EXPIRES - timedelta(days=14))
        self.assertEqual((alert.severity, alert.is_snoozed), ("3", False))

    def test_a_debit_renews_the_mandate_and_closes_the_alert(self):
        alert = self.look()
        self.mandate._touch_debit_dates({self.mandate.id: SOON})
        self.look(SOON + timedelta(days=1))
        self.assertEqual((alert.state, alert.closed_by_id.id), ("closed", False))

    def test_a_mandate_on_which_nothing_is_planned_may_sleep(self):
        alert = self.look()
        self.planned._cancel("given up")
        self.look()
        self.assertEqual(alert.state, "closed")
        _client, _unused = self.client_with_mandate()
        self.assertEqual(self.look(), alert)

    def test_once_expired_it_is_about_to_expire_no_more(self):
        alert = self.look()
        self.env["payment.mandate"]._cron_expire(EXPIRES)
        self.look(EXPIRES)
        self.assertEqual((self.mandate.state, alert.state), ("expired", "closed"))

    def test_closed_by_a_person_it_is_not_told_again(self):
        alert = self.look()
        alert.close("He leaves us at Christmas.")
        # The comment is of today, which is before the days that are looked at here.
        alert._state_write({"closed_on": f"{SOON} 12:00:00"})
        self.assertEqual(self.look(SOON + timedelta(days=1)), alert)

    def test_each_company_sets_how_early(self):
        self.company.mandate_expiry_days = 10
        self.assertFalse(self.look())
        self.assertTrue(self.look(EXPIRES - timedelta(days=10)))
        self.company.mandate_expiry_days = 0
        self.assertEqual(self.look(EXPIRES - timedelta(days=9)).state, "closed")

    def test_a_hundred_cost_what_ten_do(self):
        for _number in range(30):
            self.installment(due=date(2028, 12, 20))

        def queries(today):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["payment.mandate"]._alert_expiring(today)
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        self.assertLessEqual(queries(SOON), 40)
        self.assertEqual(len(self.look()), 31)
        self.assertLessEqual(queries(SOON), 25)
