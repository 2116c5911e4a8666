"""A month of debits: each installment once, on the day on which it is presented."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.common_page import PageCommon

NOTHING = {"planned": 0, "sent": 0, "collected": 0, "failed": 0}


@tagged("post_install", "-at_install")
@freeze_time("2026-02-02 08:00:00")
class TestDebitCalendar(PageCommon):
    def calendar(self, day=MONDAY, **filters):
        answer = self.env["payment.debit.calendar"].with_user(self.finance)
        return answer.get_calendar(day, **filters)

    def counts(self, day, **filters):
        """Return {figure: count} of a day."""
        cells = {cell["day"]: cell["figures"] for cell in self.calendar(day, **filters)["days"]}
        return NOTHING | {name: figure["count"] for name, figure in cells[day].items()}

    def month(self, day=MONDAY, **filters):
        """Return {figure: count} of a month."""
        totals = self.calendar(day, **filters)["totals"]
        return NOTHING | {name: figure["count"] for name, figure in totals.items()}

    def found(self, day, figure):
        """Return what a click on a figure of a day opens."""
        installments = self.env["payment.installment"].with_user(self.finance)
        return installments.search([("debit_day", "in", [day]), ("debit_figure", "=", figure)])

    def assert_place(self, installment, day, figure):
        """The calendar, its list and the record itself all say the same."""
        self.assertEqual(self.counts(day), NOTHING | {figure: 1})
        self.assertEqual(self.month(day), NOTHING | {figure: 1}, "once")
        self.assertEqual(self.found(day, figure), installment)
        self.assertEqual((installment.debit_day, installment.debit_figure), (day, figure))

    # === WHERE IT STANDS === #

    def test_what_is_due_is_planned_on_its_day(self):
        self.assert_place(self.installment(due=date(2026, 2, 12)), date(2026, 2, 12), "planned")

    def test_due_on_a_closed_day_it_is_planned_on_the_next_working_day(self):
        self.assert_place(self.installment(due=date(2026, 2, 14)), date(2026, 2, 16), "planned")

    def test_over_easter_it_moves_into_the_next_month(self):
        due = self.installment(due=date(2024, 3, 29))
        with freeze_time("2024-03-04 08:00:00"):
            self.assert_place(due, date(2024, 4, 2), "planned")
            self.assertEqual(self.month(date(2024, 3, 1)), NOTHING)

    def test_overdue_it_is_planned_on_the_first_day_possible(self):
        self.assert_place(self.installment(due=date(2026, 1, 5)), WEDNESDAY, "planned")

    def test_announced_for_a_later_day_it_waits_for_that(self):
        due = self.installment(due=WEDNESDAY)
        due._state_write({"announced_date": date(2026, 2, 18)})
        self.assert_place(due, date(2026, 2, 18), "planned")

    def test_held_it_is_planned_and_counted_as_held(self):
        due = self.installment(due=WEDNESDAY)
        due.action_hold()
        self.assert_place(due, WEDNESDAY, "planned")
        self.assertEqual(self.calendar()["totals"]["planned"]["held"], 1)

    def test_sent_it_stands_on_the_day_that_was_asked_for(self):
        due = self.installment(due=date(2026, 1, 5))
        self.execute()
        self.env.invalidate_all()
        self.assert_place(due, WEDNESDAY, "sent")

    def test_collected_and_failed(self):
        good, bad = self.debited("collect", "fail:AM04").installment_id
        figures = {figure: self.found(WEDNESDAY, figure) for figure in ("collected", "failed")}
        self.assertEqual(figures, {"collected": good, "failed": bad})
        self.assertEqual(self.month(), NOTHING | {"collected": 1, "failed": 1})

    def test_what_comes_back_is_failed_where_it_was_collected(self):
        debit = self.debited("return:MD06")
        self.bank_reaches(date(2026, 3, 31))
        self.assertEqual(debit.debit_status, "returned")
        self.assert_place(debit.installment_id, WEDNESDAY, "failed")

    def test_to_be_presented_again_it_stands_on_the_new_day_only(self):
        due = self.debited("fail:AM04").installment_id
        due.retry_on = date(2026, 2, 16)
        self.assert_place(due, date(2026, 2, 16), "planned")

    def test_another_attempt_takes_its_place(self):
        first = self.debited("fail:AM04")
        second = self.attempt(first.installment_id, 2)
        second._state_write({"debit_requested_date": date(2026, 2, 20)})
        self.assert_place(first.installment_id, date(2026, 2, 20), "sent")

    def test_a_debit_cancelled_before_it_left_is_planned_again(self):
        due = self.installment(due=WEDNESDAY)
        due._invoice(MONDAY)
        due._set_state("in_collection")
        self.attempt(due, 1).action_debit_cancel()
        self.assertEqual(due.state, "invoiced")
        self.assert_place(due, WEDNESDAY, "planned")

    def test_what_is_no_debit_has_no_place(self):
        one_off = self.installment(collection_mode="one_off")
        cancelled = self.installment()
        cancelled._cancel()
        self.assertEqual(self.month(), NOTHING)
        both = one_off | cancelled
        self.assertFalse(both.filtered("debit_day"))
        for name in ("debit_day", "debit_figure", "debit_provider_id"):
            with self.subTest(field=name):
                mine = [("id", "in", both.ids)]
                self.assertEqual(both.search([(name, "=", False), *mine]), both.sorted())
                self.assertFalse(both.search([(name, "!=", False), *mine]))

    def test_each_once_whatever_happened(self):
        self.debited("collect", "fail:AM04", "fail:AM04 ; collect")
        made = self.env["payment.installment"].search([("company_id", "=", self.company.id)])
        made |= self.installment(due=date(2026, 2, 27)) | self.installment(due=date(2026, 3, 1))
        total = sum(sum(self.month(date(2026, month, 1)).values()) for month in (1, 2, 3))
        self.assertEqual(total, len(made))
        year = [date(2026, 1, 1) + timedelta(days=n) for n in range(120)]
        self.assertEqual(made.search([("debit_day", "in", year)]), made.sorted())
        since = [("debit_day", ">=", "2026-02-01"), ("debit_day", "<", "2026-04-01")]
        self.assertEqual(made.search(since), made.sorted())

    # === WHAT IS TOLD OF A DAY === #

    def test_amounts_add_up_by_currency(self):
        self.installment(amount=10.10)
        self.installment(amount=20.20)
        planned = self.calendar()["totals"]["planned"]
        self.assertEqual(planned["amounts"], [[self.company.currency_id.id, 30.30]])

    def test_closed_days_and_holidays_carry_their_names(self):
        cells = {cell["day"]: cell for cell in self.calendar(date(2026, 5, 1))["days"]}
        labour, victory, sunday = (cells[date(2026, 5, day)] for day in (1, 8, 10))
        self.assertEqual((labour["is_closed"], labour["holiday"]), (True, "Labour Day"))
        self.assertEqual((victory["is_closed"], victory["holiday"]), (False, "Victory Day 1945"))
        self.assertEqual((sunday["is_closed"], sunday["holiday"]), (True, None))

    def test_the_weeks_are_whole_and_the_month_alone_is_added_up(self):
        self.installment(due=date(2026, 3, 2))
        february = self.calendar(MONDAY)
        self.assertEqual(len(february["days"]) % 7, 0)
        self.assertEqual(february["totals"], {})
        march = self.calendar(date(2026, 3, 20))
        self.assertEqual(march["totals"]["planned"]["count"], 1)
        self.assertEqual(march["today"], MONDAY)
        self.assertEqual(march["earliest"], WEDNESDAY)

    def test_filters_narrow_it(self):
        rep = self.person("calendar_rep", "sales_team.group_sale_salesman")
        self.installment().partner_id.user_id = rep
        self.debited("collect")[:1].partner_id.user_id = rep
        self.installment()
        self.assertEqual(sum(self.month().values()), 4 - 1)
        self.assertEqual(sum(self.month(rep_id=rep.id).values()), 2)
        self.assertEqual(sum(self.month(provider_id=self.provider.id).values()), 3)
        other = self.provider.copy({"name": "Other"})
        self.assertEqual(self.month(provider_id=other.id), NOTHING)
        filters = self.env["payment.debit.calendar"].with_user(self.finance).get_filters()
        self.assertIn([rep.id, rep.name], filters["reps"])
        by_provider = [("debit_provider_id", "=", self.provider.id)]
        self.assertEqual(self.env["payment.installment"].search_count(by_provider), 3)

    def test_a_hundred_cost_the_queries_of_ten(self):
        def queries():
            self.env.invalidate_all()
            self.calendar()  # what is asked once a process
            before = self.env.cr.sql_log_count
            self.env["payment.installment"].invalidate_model()
            self.calendar()
            return self.env.cr.sql_log_count - before

        first = self.installment()
        few = queries()
        first.create([first.copy_data()[0] for _ in range(30)])
        self.assertEqual(queries(), few)
        self.assertLess(few, 12)

    # === WHO SEES IT === #

    def test_reps_employees_and_clients_are_turned_away(self):
        due = self.installment()
        for groups in (
            "sales_team.group_sale_manager",
            "base.group_user",
            "base.group_portal",
        ):
            user = self.person(f"calendar_{groups.split('.')[1]}", groups)
            calendar = self.env["payment.debit.calendar"].with_user(user)
            installments = self.env["payment.installment"].with_user(user)
            for call in (
                lambda model=calendar: model.get_calendar(MONDAY),
                lambda model=calendar: model.get_filters(),
                lambda model=installments: model.search([("debit_day", "=", WEDNESDAY)]),
                lambda model=installments: model.browse(due.id).read(["debit_provider_id"]),
            ):
                with self.subTest(groups=groups), self.assertRaises(AccessError):
                    call()

    def test_another_company_counts_nothing(self):
        due = self.installment()
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = new_test_user(
            self.env,
            "calendar_stranger",
            "payment_direct_debit.group_payment_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        env = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        answer = env["payment.debit.calendar"].get_calendar(MONDAY)
        self.assertEqual(answer["totals"], {})
        self.assertFalse(env["payment.debit.calendar"].get_filters()["providers"])
        day = due.debit_day
        self.assertFalse(env["payment.installment"].search([("debit_day", "=", day)]))
