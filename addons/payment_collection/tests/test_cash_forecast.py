"""The night's forecasts, on debits that really happened at the demo bank."""

import random
from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.payment_collection.pure import cash_forecast
from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY, CollectionCommon

SUNDAY = date(2026, 2, 8)
SCRIPTS = ("collect", "fail:AM04", "collect,return:MD06+9", "collect,pay_out", "fail:AC04; collect")


@tagged("post_install", "-at_install")
class TestCashForecast(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecasts = cls.env["payment.cash.forecast"]

    def lots_on(self, day):
        """Return {kind: (count, cents)} of what was open on a day."""
        self.forecasts._facts_build(self.company, date(2025, 1, 1))
        found = {}
        for lot in self.forecasts._facts_lots(day):
            count, amount = found.get(lot.kind, (0, 0))
            found[lot.kind] = (count + lot.count, amount + lot.amount)
        return found

    def known_on(self, day):
        """Return all that a forecast of a day is made of."""
        self.forecasts._facts_build(self.company, date(2025, 1, 1))
        return sorted(self.forecasts._facts_lots(day)), self.forecasts._facts_past(day)

    def night(self, today, look_back=False):
        self.forecasts._forecast_company(self.company, today, look_back)
        return self.forecasts.search(
            [("company_id", "=", self.company.id), ("made_on", "=", today)]
        )

    def week(self, rows, monday):
        return rows.filtered(lambda r: r.bucket == "week" and r.date_from == monday)

    @classmethod
    def past(cls, day, count=1, paid=0, amount=100.0, **values):
        """Make installments of one client of a year ago, some of which were paid on time.

        By their own hand: neither debits nor mandates are needed for what is told here.
        """
        partner = cls.env["res.partner"].create({"name": "Librairie Castelnoir"})
        return (
            cls.env["payment.installment"]
            ._state_writer()
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "company_id": cls.company.id,
                        "currency_id": cls.company.currency_id.id,
                        "amount": amount,
                        "due_date": day,
                        "collection_mode": "one_off",
                        "state": "paid" if number < paid else "planned",
                        "paid_on": number < paid and day,
                        **values,
                    }
                    for number in range(count)
                ]
            )
        )

    # === WHAT IS OPEN === #

    def test_a_debit_goes_from_planned_to_in_flight_to_collected(self):
        installment = self.installment("collect", amount=120)
        self.assertEqual(self.lots_on(MONDAY), {cash_forecast.PLANNED: (1, 12_000)})
        self.execute()
        self.assertEqual(self.lots_on(MONDAY), {cash_forecast.PLANNED: (1, 12_000)})
        self.assertEqual(self.lots_on(WEDNESDAY), {cash_forecast.IN_FLIGHT: (1, 12_000)})
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(installment.state, "paid")
        self.assertEqual(self.lots_on(WEDNESDAY), {cash_forecast.COLLECTED: (1, 12_000)})

    def test_what_failed_is_owed_until_it_is_recovered(self):
        installment = self.installment("fail:AM04", amount=120)
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(self.lots_on(WEDNESDAY), {cash_forecast.FAILED: (1, 12_000)})
        paid_on = WEDNESDAY + timedelta(days=6)
        installment._set_state("paid", on=paid_on, values={"paid_on": paid_on})
        self.assertEqual(self.lots_on(paid_on), {})
        before = paid_on - timedelta(days=1)
        self.assertEqual(self.lots_on(before), {cash_forecast.FAILED: (1, 12_000)})
        past = self.forecasts._facts_past(paid_on)
        self.assertEqual(past.recovery.happened, {6: 1})

    def test_what_is_called_off_brings_nothing_from_that_day_on(self):
        installment = self.installment()
        installment._cancel("left", MONDAY)
        self.assertEqual(self.lots_on(MONDAY), {})
        day_before = MONDAY - timedelta(days=1)
        self.assertEqual(self.lots_on(day_before), {cash_forecast.PLANNED: (1, 12_000)})

    def test_a_client_paying_himself_is_expected_from_the_due_date_on(self):
        self.past(WEDNESDAY, period_start=MONDAY)
        self.assertEqual(self.lots_on(MONDAY), {cash_forecast.ONE_OFF: (1, 10_000)})
        self.assertEqual(self.lots_on(SUNDAY), {cash_forecast.ONE_OFF: (1, 10_000)})

    def test_another_currency_is_left_out(self):
        other = self.env.ref("base.CHF")
        other.active = True
        self.installment(currency_id=other.id)
        self.assertEqual(self.lots_on(MONDAY), {})

    # === NO PEEKING === #

    def test_what_happens_later_does_not_change_the_forecast_of_a_day(self):
        for script in SCRIPTS:
            self.installment(script)
        spare = self.installment(due=WEDNESDAY + timedelta(days=30))
        self.past(WEDNESDAY, 3)
        self.execute()
        told = {}
        day = MONDAY
        while day <= SUNDAY + timedelta(days=14):
            self.bank_reaches(day)
            if day == SUNDAY:
                spare._cancel("left", day)
            told[day] = self.known_on(day)
            day += timedelta(days=1)
        self.assertTrue(told[MONDAY][0])
        for day, known in told.items():
            with self.subTest(day=day):
                self.assertEqual(self.known_on(day), known)

    def test_random_payments_later_do_not_change_the_forecast_of_a_day(self):
        rng = random.Random(5)
        days = [SUNDAY - timedelta(days=rng.randrange(300)) for _ in range(60)]
        debts = self.past(SUNDAY, 60)
        for debt, due in zip(debts, days, strict=True):
            debt.due_date = due
        early = debts.filtered(lambda _debt: rng.random() < 0.5)
        for debt in early:
            paid_on = min(debt.due_date + timedelta(days=rng.randrange(40)), SUNDAY)
            debt._state_write({"state": "paid", "paid_on": paid_on})
        known = self.known_on(SUNDAY)
        for debt in (debts - early)[:20]:
            later = SUNDAY + timedelta(days=rng.randrange(1, 40))
            debt._state_write({"state": "paid", "paid_on": later})
        (debts - early)[20:].filtered(lambda d: d.state == "planned")._set_state(
            "cancelled", on=SUNDAY + timedelta(days=3)
        )
        self.assertEqual(self.known_on(SUNDAY), known)
        self.assertNotEqual(self.known_on(SUNDAY + timedelta(days=3)), known)

    # === THE NIGHT === #

    def test_the_night_writes_thirteen_weeks_and_three_horizons(self):
        self.installment(amount=1000)
        rows = self.night(MONDAY)
        self.assertEqual(len(rows.filtered(lambda r: r.bucket == "week")), 13)
        month = rows.filtered(lambda r: r.bucket == "30")
        self.assertEqual((month.date_from, month.date_until), (date(2026, 2, 3), date(2026, 3, 4)))
        self.assertEqual(month.due, 1000)
        self.assertTrue(900 < month.expected < 1000)
        self.assertTrue(month.low < month.expected < month.high)
        self.assertTrue(all(rows.mapped("is_shown")))
        self.assertEqual(len(self.night(MONDAY)), len(rows), "a second night of a day adds nothing")

    def test_what_came_is_noted_beside_what_was_expected(self):
        installment = self.installment(amount=1000)
        month = self.night(date(2026, 2, 1)).filtered(lambda r: r.bucket == "30")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(installment.state, "paid")
        self.night(SUNDAY)
        self.assertEqual(month.actual, 1000)
        self.assertFalse(month.is_known, "the days are not over")
        self.night(date(2026, 3, 5))
        self.assertTrue(month.is_known)
        self.assertAlmostEqual(month.difference, month.expected - 1000)
        self.assertAlmostEqual(month.error, abs(month.difference) / 1000)

    def test_what_came_back_is_taken_off(self):
        self.installment("collect,return:MD06+9", amount=1000)
        week = self.week(self.night(SUNDAY), date(2026, 2, 9))
        self.execute()
        for day in range(4, 17):
            self.bank_reaches(date(2026, 2, day))
        self.night(date(2026, 2, 17))
        self.assertEqual(week.actual, -1000)

    def test_a_company_with_nothing_to_collect_gets_no_forecast(self):
        self.assertFalse(self.night(MONDAY))

    def test_past_sundays_are_worked_out_once(self):
        self.installment()
        self.execute()
        self.bank_reaches(WEDNESDAY)
        today = date(2026, 4, 1)
        self.night(today, look_back=True)
        looked_back = self.forecasts.search(
            [("company_id", "=", self.company.id), ("is_backtest", "=", True)]
        )
        sundays = {date(2026, 3, 8), date(2026, 3, 15), date(2026, 3, 22), date(2026, 3, 29)}
        self.assertEqual(set(looked_back.mapped("made_on")), sundays)
        week = self.week(looked_back, date(2026, 3, 23))
        last = max(week, key=lambda r: r.made_on)
        self.assertEqual(week.filtered("is_shown"), last, "the last one before the week began")
        self.night(today + timedelta(days=1), look_back=True)
        self.assertEqual(looked_back.exists(), looked_back)

    def test_old_days_are_thinned_out_but_sundays_and_what_is_shown_stay(self):
        self.installment(due=date(2026, 4, 15))
        self.night(SUNDAY)
        self.night(SUNDAY + timedelta(days=1))
        self.night(SUNDAY + timedelta(days=2))
        self.night(date(2026, 3, 10))
        made = set(self.forecasts.search([("company_id", "=", self.company.id)]).mapped("made_on"))
        self.assertIn(SUNDAY, made)
        self.assertIn(date(2026, 3, 10), made)
        self.assertNotIn(SUNDAY + timedelta(days=1), made)

    def test_one_company_that_fails_stops_no_other(self):
        self.installment()
        broken = self.env["res.company"].create({"name": "Brisée"})
        model = type(self.forecasts)
        forecast_company = model._forecast_company

        def failing(records, company, *arguments, **named):
            if company == broken:
                raise ValueError("broken")
            return forecast_company(records, company, *arguments, **named)

        self.patch(model, "_forecast_company", failing)
        with self.assertLogs("odoo.addons.payment_collection", "ERROR") as logs:
            self.forecasts._cron_forecast(MONDAY)
        self.assertIn("Brisée", logs.output[0])
        self.assertTrue(self.forecasts.search_count([("company_id", "=", self.company.id)]))

    # === THE PAGE === #

    def test_the_page_tells_the_figures_and_that_the_past_is_thin(self):
        self.installment(amount=1000)
        self.night(MONDAY)
        page = self.forecasts.get_cash_forecast(MONDAY)
        self.assertEqual([total["days"] for total in page["totals"]], [30, 60, 90])
        self.assertEqual(page["totals"][0]["due"], 1000)
        self.assertEqual([total["error"] for total in page["totals"]], [False] * 3)
        self.assertEqual(len(page["weeks"]), 13)
        with self.assertQueryCount(5):
            self.forecasts.get_cash_forecast(MONDAY)

    def test_the_page_tells_the_error_of_the_past(self):
        for week in range(20):
            self.past(date(2026, 2, 2) + timedelta(weeks=week), 4, 3)
        # One debit gives the books their beginning.
        self.installment()
        self.execute()
        today = date(2026, 6, 22)
        self.night(today, look_back=True)
        error = self.forecasts.get_cash_forecast(today)["totals"][0]["error"]
        self.assertGreaterEqual(error["count"], 8)
        self.assertTrue(0 <= error["off"] < 1)

    def test_a_week_opens_its_installments_and_its_payments(self):
        mine = self.installment(due=date(2026, 2, 10))
        other = self.installment(due=date(2026, 2, 24))
        week = self.week(self.night(SUNDAY), date(2026, 2, 9))
        action = week.action_view_installments()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(mine, found)
        self.assertNotIn(other, found)
        paid = self.installment()
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(paid.state, "paid")
        before = self.week(self.night(date(2026, 2, 1)), MONDAY)
        action = before.action_view_payments()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, paid.transaction_ids)
