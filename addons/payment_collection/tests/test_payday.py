"""The day of the month that suits a client."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure.history import WINDOW_DAYS, Attempt
from odoo.addons.payment_collection.pure.payday import best_day
from odoo.addons.payment_collection.tests.common import CollectionCommon

TODAY = date(2026, 2, 4)
MONTHS = [date(2025, month, 1) for month in range(1, 13)]


def on_day(day, category="", months=MONTHS):
    return [Attempt(month.replace(day=day), 5_000, category) for month in months]


@tagged("post_install", "-at_install")
class TestBestDay(BaseCase):
    def test_the_day_after_the_wages_beats_the_day_before(self):
        past = [*on_day(25, "funds", MONTHS[:6]), *on_day(25, "", MONTHS[6:8]), *on_day(5)]
        self.assertEqual(best_day(past, TODAY), 5)

    def test_a_client_who_never_lacked_funds_keeps_his_day(self):
        self.assertIsNone(best_day(on_day(5), TODAY))

    def test_one_bad_day_is_no_pattern(self):
        past = [*on_day(25, "funds", MONTHS[:1]), *on_day(5, "", MONTHS[1:])]
        self.assertIsNone(best_day(past, TODAY))

    def test_a_client_who_lacks_funds_on_any_day_gets_none(self):
        past = [*on_day(5, "funds", MONTHS[::2]), *on_day(5, "", MONTHS[1::2])]
        past += [*on_day(20, "funds", MONTHS[::2]), *on_day(20, "", MONTHS[1::2])]
        self.assertIsNone(best_day(past, TODAY))

    def test_other_failures_say_nothing_about_the_day(self):
        past = [*on_day(25, "dispute"), *on_day(25, "technical"), *on_day(5)]
        self.assertIsNone(best_day(past, TODAY))

    def test_the_ends_of_the_month_are_neighbours(self):
        past = [*on_day(15, "funds"), *on_day(31, "", MONTHS[::2][:4]), *on_day(2)]
        self.assertIn(best_day(past, TODAY), (31, 2))

    def test_what_is_too_old_or_to_come_is_not_looked_at(self):
        past = [*on_day(25, "funds", MONTHS[:6]), *on_day(5)]
        self.assertIsNone(best_day(past, TODAY + timedelta(days=WINDOW_DAYS + 40)))
        self.assertIsNone(best_day(past, date(2024, 12, 1)))

    @settings(max_examples=100, deadline=None, database=None)
    @given(
        st.lists(
            st.builds(
                Attempt,
                st.dates(date(2024, 1, 1), TODAY),
                st.just(5_000),
                st.sampled_from(["", "", "funds", "hard"]),
            ),
            max_size=40,
        )
    )
    def test_an_answer_is_always_near_a_day_that_worked(self, past):
        day = best_day(past, TODAY)
        if day is not None:
            worked = {attempt.day.day for attempt in past if not attempt.category}
            near = {(day - 1 + offset) % 31 + 1 for offset in range(-4, 5)}
            self.assertTrue(worked & near)


@tagged("post_install", "-at_install")
class TestBestDays(CollectionCommon):
    def test_a_day_that_worked_is_told_for_many_clients_at_once(self):
        poor, _ = self.client_with_mandate("collect", name="Rousseau")
        good, _ = self.client_with_mandate("collect", name="Martin")
        writer = self.env["payment.transaction"]._state_writer()
        values = []
        for month in range(5, 11):
            values += [(poor, date(2025, month, 25), "failed"), (poor, date(2025, month, 5), "")]
            values += [(good, date(2025, month, 25), "")]
        debits = writer.create([self.past_debit(*value) for value in values])
        self.env["payment.return"].create(
            [
                {
                    "transaction_id": debit.id,
                    "amount": debit.amount,
                    "kind": "reject",
                    "date": debit.debit_requested_date,
                    "reason_id": self.env["payment.reason.code"]._from_code("AM04").id,
                }
                for debit in debits.filtered(lambda d: d.debit_status == "failed")
            ]
        )
        self.env.flush_all()
        with self.assertQueryCount(2):
            found = (poor | good)._best_collection_days(TODAY)
        self.assertEqual(found, {poor.id: 5})
        self.assertEqual(poor._best_collection_day(TODAY), 5)
        self.assertIsNone(good._best_collection_day(TODAY))

    def past_debit(self, partner, day, status):
        mandate = self.env["payment.mandate"].search([("partner_id", "=", partner.id)])
        mandate._ensure_tokens()
        return {
            "provider_id": self.provider.id,
            "payment_method_id": self.env["payment.provider"]._debit_payment_method().id,
            "token_id": mandate.token_ids.id,
            "mandate_id": mandate.id,
            "partner_id": partner.id,
            "amount": 50,
            "currency_id": self.company.currency_id.id,
            "reference": f"{partner.id}-{day}",
            "operation": "offline",
            "debit_status": status or "collected",
            "debit_requested_date": day,
        }
