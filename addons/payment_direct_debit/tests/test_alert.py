from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.payment_direct_debit.models.payment_alert_kinds import CATEGORIES
from odoo.addons.payment_direct_debit.tests.common import EngineCommon


@tagged("post_install", "-at_install")
class TestAlert(EngineCommon):
    """What the engine raises, counts, and closes by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alerts = cls.env["payment.alert"]

    def _raise(self, kind="drift", record=None, message="look", **options):
        return self.alerts._raise_alert(kind, record or self.debtor, message, **options)

    def test_the_same_cause_counts_up_instead_of_repeating(self):
        first = self._raise(message="once")
        again = self._raise(message="twice")
        self.assertEqual(first, again)
        self.assertEqual((again.times, again.message), (2, "twice"))

    def test_another_cause_or_record_is_another_alert(self):
        alerts = self._raise() | self._raise("overpaid") | self._raise(record=self.provider)
        self.assertEqual(len(alerts), 3)

    def test_what_comes_back_after_it_was_closed_is_a_new_alert(self):
        first = self._raise()
        first.with_user(self.finance).close("Asked the provider.")
        self.assertEqual((first.state, first.closed_by_id), ("closed", self.finance))
        again = self._raise()
        self.assertNotEqual(again, first)
        self.assertEqual(again.former_count, 1)
        former = self.alerts.search(again.action_view_former()["domain"])
        self.assertEqual(former.close_comment, "Asked the provider.")

    def test_an_alert_is_closed_by_the_system_when_its_cause_is_gone(self):
        kept, gone = self._raise("overpaid"), self._raise("drift")
        self.alerts._close_alerts("drift", self.debtor)
        self.assertEqual((kept.state, gone.state), ("open", "closed"))
        self.assertFalse(gone.closed_by_id or gone.close_comment)
        self.assertEqual(gone.history_ids.reason, "Both sides agree again.")

    def test_seen_again_is_noted(self):
        with freeze_time("2026-03-04 10:00:00"):
            alert = self._raise()
        with freeze_time("2026-03-05 10:00:00"):
            self._raise()
            self.alerts._raise_missing("drift", {self.debtor: "newest"})
        self.assertEqual(alert.last_seen_on, datetime(2026, 3, 5, 10))
        self.assertEqual((alert.times, alert.message), (2, "newest"))

    def test_what_gets_worse_wakes_up_and_never_gets_less_severe(self):
        alert = self._raise()
        alert.snooze(datetime.now() + timedelta(days=3))
        self._raise()
        self.assertTrue(alert.is_snoozed)
        self._raise(severity="high")
        self.assertEqual((alert.severity, alert.is_snoozed), ("3", False))
        self._raise(severity="low")
        self.assertEqual(alert.severity, "3")

    def test_many_are_raised_at_once_and_those_open_are_left(self):
        debtors = self.debtor.create([{"name": f"Debtor {n}"} for n in range(20)])
        known = self._raise(record=debtors[0])
        messages = {debtor: debtor.name for debtor in debtors}
        with self.assertQueryCount(8):
            self.alerts._raise_missing("drift", messages)
            self.env.flush_all()
        raised = self.alerts.search([("kind", "=", "drift"), ("res_id", "in", debtors.ids)])
        self.assertEqual((len(raised), known.times), (20, 1))
        self.assertEqual(raised.partner_id, debtors)

    def test_what_a_person_has_settled_is_not_raised_again_for_a_while(self):
        start = datetime(2026, 3, 4)
        with freeze_time("2026-03-04"):
            self._raise().with_user(self.finance).close("It will stay so.")
        for since, count in ((start - timedelta(days=1), 0), (start + timedelta(days=1), 1)):
            self.alerts._raise_missing("drift", {self.debtor: "still"}, closed_since=since)
            told = self.alerts._open_about("drift", "res.partner", self.debtor.ids)
            self.assertEqual(len(told), count)

    def test_what_the_system_has_closed_is_raised_again(self):
        self._raise()
        self.alerts._close_alerts("drift", self.debtor)
        since = datetime.now() - timedelta(days=1)
        self.alerts._raise_missing("drift", {self.debtor: "back"}, closed_since=since)
        self.assertTrue(self.alerts._open_about("drift", "res.partner", self.debtor.ids))

    def test_every_kind_says_what_to_do_and_where_to_go(self):
        kinds = self.alerts._alert_kinds()
        names = {name for name, _label in self.alerts._fields["kind"].selection}
        self.assertEqual(names, set(kinds))
        categories = {name for name, _label in CATEGORIES}
        for name, kind in kinds.items():
            with self.subTest(kind=name):
                self.assertGreater(len(str(kind.advice)), 60)
                self.assertIn(kind.category, categories)
                for remedy in kind.remedies.values():
                    self.assertTrue(callable(getattr(self.alerts, f"_remedy_{remedy}")))

    def test_an_alert_leads_to_its_record(self):
        alert = self._raise()
        action = alert.action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.debtor.id))
        self.assertEqual((alert.about, alert.can_open), ("Debtor", True))

    def test_an_alert_outlives_its_record(self):
        alert = self._raise(record=self.env["res.partner"].create({"name": "Gone"}))
        alert.partner_id.unlink()
        alert.invalidate_recordset()
        self.assertEqual((alert.about, alert.can_open), ("Deleted", False))

    def test_finance_is_not_led_to_a_provider_but_to_its_events(self):
        alert = self._raise("webhook_silent", self.provider).with_user(self.finance)
        self.assertEqual((alert.about, alert.can_open), ("No bank", False))
        action = alert.action_remedy()
        self.assertEqual(action["domain"], [("provider_id", "=", self.provider.id)])

    def test_an_alert_about_a_company_is_of_that_company(self):
        company = self.env["res.company"].create({"name": "Another"})
        self.assertEqual(self._raise("overpaid", company).company_id, company)

    def test_a_paused_provider_raises_one_alert_that_resuming_closes(self):
        self.provider._debit_pause("the key is wrong.")
        self.provider._debit_pause("the key is still wrong.")
        alert = self.alerts.search(
            [("res_model", "=", "payment.provider"), ("res_id", "=", self.provider.id)]
        )
        self.assertEqual((len(alert), alert.times, alert.severity), (1, 1, "3"))
        self.assertIn("the key is wrong", alert.message)
        self.patch(self.registry["payment.provider"], "_debit_client", lambda provider: None)
        alert.action_remedy()
        self.assertEqual((self.provider.debit_paused, alert.state), (False, "closed"))
