from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import CollectionCommon

TODAY = date(2026, 3, 30)
LATELY = date(2026, 3, 27)
BEFORE = date(2026, 2, 10)


@tagged("post_install", "-at_install")
class TestFailurePeak(CollectionCommon):
    """The engine sees by itself that more debits fail than usual."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client, cls.mandate = cls.client_with_mandate()
        cls.mandate._ensure_tokens()
        cls.made = 0
        cls.debits(200, BEFORE, failed=8)

    @classmethod
    def debits(cls, count, day, failed=0, status="failed", **values):
        """Make debits of a day, the first ones failed, as the engine leaves them."""
        reason = cls.env["payment.reason.code"].search([("name", "=", "AM04")])
        token = cls.mandate.token_ids[:1]
        rows = [
            {
                "provider_id": token.provider_id.id,
                "payment_method_id": token.payment_method_id.id,
                "token_id": token.id,
                "mandate_id": cls.mandate.id,
                "partner_id": cls.client.id,
                "amount": 10.0,
                "currency_id": cls.company.currency_id.id,
                "reference": f"PEAK-{cls.made + number}",
                "operation": "offline",
                "debit_status": status if number < failed else "collected",
                "debit_requested_date": day,
                "debit_reason_id": reason.id if number < failed else False,
                **values,
            }
            for number in range(count)
        ]
        cls.made += count
        return cls.env["payment.transaction"]._state_writer().create(rows).with_env(cls.env)

    def look(self, today=TODAY):
        self.env["payment.alert"]._cron_look(today)
        return self.env["payment.alert"].search(
            [("kind", "=", "failure_peak"), ("company_id", "=", self.company.id)]
        )

    def test_the_usual_share_is_no_alert(self):
        self.debits(60, LATELY, failed=3)
        self.assertFalse(self.look())

    def test_a_peak_is_told_with_its_share_and_its_reason(self):
        self.debits(60, LATELY, failed=9)
        alert = self.look()
        self.assertEqual((alert.res_model, alert.res_id), ("payment.provider", self.provider.id))
        self.assertIn("9 of the 60 debits of the last 7 days", alert.message)
        self.assertIn("15%, usually 4%", alert.message)
        self.assertIn("AM04", alert.message)
        self.assertEqual((alert.severity, alert.state), ("3", "open"))

    def test_returns_count_and_what_is_under_way_is_no_failure(self):
        self.debits(12, LATELY, failed=12, status="returned")
        self.debits(60, LATELY, failed=60, status="submitted")
        self.assertIn("12 of the 72", self.look().message)

    def test_a_week_of_debits_presented_again_is_no_peak(self):
        installment = self.installment()
        first = self.debits(1, BEFORE, failed=1, installment_id=installment.id)
        self.assertTrue(first)
        self.debits(60, LATELY, failed=60, installment_id=installment.id)
        self.assertFalse(self.look())

    def test_it_closes_by_itself_once_failures_are_usual_again(self):
        self.debits(60, LATELY, failed=12)
        alert = self.look()
        self.look(TODAY + timedelta(days=1))
        self.assertEqual((alert.state, alert.times), ("open", 1))
        self.look(TODAY + timedelta(days=10))
        self.assertEqual((alert.state, alert.closed_by_id.id), ("closed", False))

    def test_closed_by_a_person_it_is_not_raised_for_the_same_days(self):
        self.debits(60, LATELY, failed=12)
        alert = self.look()
        alert.close("A file of bad accounts; corrected.")
        self.assertEqual(self.look(), alert)

    def test_what_shows_in_no_single_provider_is_of_the_company(self):
        other = self.provider.copy({"name": "Other bank", "state": "test"})
        for provider, failed in ((self.provider, 5), (other, 5)):
            self.debits(20, LATELY, failed=failed, provider_id=provider.id, token_id=False)
        self.company.failure_peak_minimum = 40
        alert = self.look()
        self.assertEqual((alert.res_model, alert.res_id), ("res.company", self.company.id))
        self.assertIn("10 of the 40", alert.message)
        domain = dict((leaf[0], leaf[2]) for leaf in alert.action_remedy()["domain"])
        self.assertEqual(domain["company_id"], self.company.id)

    def test_each_company_sets_how_much_is_much(self):
        self.debits(60, LATELY, failed=12)
        for name, value in (
            ("failure_peak_days", 0),
            ("failure_peak_points", 20),
            ("failure_peak_minimum", 61),
        ):
            before = self.company[name]
            self.company[name] = value
            with self.subTest(setting=name):
                self.assertFalse(self.look())
            self.company[name] = before
        self.assertTrue(self.look())

    def test_switched_off_its_alerts_close(self):
        self.debits(60, LATELY, failed=12)
        alert = self.look()
        self.company.failure_peak_days = 0
        self.look()
        self.assertEqual(alert.state, "closed")

    def test_the_alert_leads_to_the_failed_payments(self):
        failed = self.debits(60, LATELY, failed=12)[:12]
        domain = self.look().action_remedy()["domain"]
        shown = [leaf for leaf in domain if leaf[0] != "payment_day"]
        self.assertLessEqual(failed, self.env["payment.transaction"].search(shown))

    def test_one_look_costs_the_same_for_few_and_for_many(self):
        self.look()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["payment.alert"]._look_for_failure_peaks(TODAY)
            return self.env.cr.sql_log_count - start

        few = queries()
        self.debits(100, LATELY, failed=4)
        self.assertLessEqual(queries(), few + 1)
