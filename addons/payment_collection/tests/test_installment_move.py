"""Moving a debit to another day: what follows is told before, and nothing leaves wrongly."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.common_page import PageCommon
from odoo.addons.payment_collection.wizards import payment_installment_move

FRIDAY_13 = date(2026, 2, 13)
NOW = "2026-02-02 08:00:00"  # nine o'clock in Paris, before the cut-off


class MoveCommon(PageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})

    def wizard(self, installments, day, user=None):
        """Return the wizard as the web client fills it."""
        context = {"active_model": "payment.installment", "active_ids": installments.ids}
        wizards = self.env["payment.installment.move"].with_user(user or self.finance)
        return wizards.with_context(**context).create({"new_date": day})

    def refusal(self, installment, day=FRIDAY_13):
        """Return why the wizard refuses; the move itself must refuse for the same reason."""
        wizard = self.wizard(installment, day)
        self.assertFalse(wizard.presented_on)
        before = installment.due_date
        with self.assertRaises(UserError) as caught:
            wizard.action_confirm()
        self.assertIn(wizard.refusal, str(caught.exception))
        self.assertIn(installment.name, str(caught.exception))
        self.assertEqual(installment.due_date, before)
        return wizard.refusal


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestMove(MoveCommon):
    # === WHAT IS NOT ALLOWED === #

    def test_a_debit_under_way_stays(self):
        due = self.installment()
        self.execute()
        self.env.invalidate_all()
        self.assertIn("is under way", self.refusal(due))

    def test_what_is_closed_stays(self):
        for state, path, words in (
            ("paid", ("invoiced", "paid"), "It is paid"),
            ("cancelled", ("cancelled",), "It is cancelled"),
            ("written_off", ("invoiced", "unpaid", "written_off"), "written off"),
            ("disputed", ("invoiced", "unpaid", "disputed"), "settle the dispute"),
            ("in_recovery", ("invoiced", "unpaid", "in_recovery"), "handed over to recovery"),
            ("unpaid", ("invoiced", "unpaid"), "its dunning decides"),
        ):
            due = self.installment()
            for step in path:
                due._set_state(step, on=MONDAY)
            with self.subTest(state=state):
                self.assertIn(words, self.refusal(due))

    def test_what_came_back_and_is_held_belongs_to_its_dunning(self):
        due = self.debited("fail:AM04").installment_id
        due.action_hold()
        self.assertIn("its dunning decides", self.refusal(due))

    def test_what_the_client_pays_by_himself_is_no_debit(self):
        self.assertIn("no debit to move", self.refusal(self.installment(collection_mode="one_off")))

    def test_the_past_and_its_own_day(self):
        due = self.installment(due=date(2026, 2, 10))
        self.assertIn("is in the past", self.refusal(due, date(2026, 2, 1)))
        self.assertIn("on that day already", self.refusal(due, due.due_date))

    def test_the_providers_lead_time_rules_days_out(self):
        due = self.installment(due=date(2026, 2, 10))
        text = self.refusal(due, date(2026, 2, 3))
        self.assertIn("2 working days before, until 12:00", text)
        self.assertIn("02/04/2026", text)

    def test_after_todays_run_the_next_one_has_to_reach_the_day(self):
        due = self.installment(due=date(2026, 2, 10))
        run = self.env["payment.run"].create(
            {"company_id": self.company.id, "date": MONDAY, "date_until": WEDNESDAY}
        )
        self.assertFalse(self.wizard(due, WEDNESDAY).refusal)
        run._set_state("running", on=MONDAY)
        run._set_state("done", on=MONDAY)
        self.assertIn("02/05/2026", self.refusal(due, WEDNESDAY))

    def test_all_or_nothing(self):
        good, bad = self.installment(due=date(2026, 2, 10)), self.installment()
        bad._cancel()
        wizard = self.wizard(good | bad, FRIDAY_13)
        self.assertIn(f"{bad.name}: It is cancelled", wizard.refusal)
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertEqual(good.due_date, date(2026, 2, 10))

    def test_who_may_not_write_may_not_move(self):
        due = self.installment(due=date(2026, 2, 10))
        for groups in ("sales_team.group_sale_manager", "base.group_user", "base.group_portal"):
            user = self.person(f"move_{groups.split('.')[1]}", groups)
            with self.subTest(groups=groups), self.assertRaises(AccessError):
                self.wizard(due, FRIDAY_13, user)

    def test_another_company_moves_nothing(self):
        due = self.installment(due=date(2026, 2, 10))
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = new_test_user(
            self.env,
            "move_stranger",
            "payment_direct_debit.group_payment_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        wizard = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        with self.assertRaises(AccessError):
            wizard = wizard["payment.installment.move"].create(
                {"installment_ids": due.ids, "new_date": FRIDAY_13}
            )
            wizard.action_confirm()
        self.assertEqual(due.due_date, date(2026, 2, 10))

    def test_nobody_forges_where_it_came_from(self):
        due = self.installment().with_user(self.finance)
        with self.assertRaises(AccessError):
            due.write({"moved_from": "2026-01-01"})

    # === WHAT FOLLOWS === #

    def test_it_says_what_follows_and_changes_nothing(self):
        due = self.installment(due=date(2026, 2, 10))
        wizard = self.wizard(due, FRIDAY_13)
        self.assertEqual(wizard.presented_on, "Friday 13 February 2026")
        self.assertEqual(wizard.run_on, "The run of Wednesday 11 February 2026")
        self.assertIn("2/11/26", wizard.send_before)
        self.assertIn("is not told before a debit", wizard.notice)
        self.assertIn("by the run", wizard.invoice)
        self.assertFalse(wizard.warnings)
        self.assertEqual(due.due_date, date(2026, 2, 10))

    def test_a_closed_day_is_shifted_and_said_so(self):
        wizard = self.wizard(self.installment(), date(2026, 2, 14))
        self.assertTrue(wizard.is_shifted)
        self.assertEqual(wizard.presented_on, "Monday 16 February 2026")
        self.assertEqual(wizard.run_on, "The run of Wednesday 11 February 2026")

    def test_another_month_of_the_invoice_is_a_warning(self):
        wizard = self.wizard(self.installment(due=date(2026, 2, 10)), date(2026, 3, 10))
        self.assertIn("move from February 2026 to March 2026", wizard.warnings)

    def test_an_invoice_that_exists_keeps_its_date(self):
        due = self.installment(due=date(2026, 2, 10))
        due._invoice(MONDAY)
        wizard = self.wizard(due, date(2026, 3, 10))
        self.assertIn(due.invoice_id.name, wizard.invoice)
        self.assertFalse(wizard.warnings)
        wizard.action_confirm()
        self.assertEqual(due.invoice_id.invoice_date, MONDAY)

    def test_what_would_be_held_is_said(self):
        due = self.installment(due=date(2026, 2, 10))
        due.mandate_id._state_write({"expires_on": date(2026, 2, 12)})
        self.assertIn("Mandate not active", self.wizard(due, FRIDAY_13).warnings)
        due.action_hold()
        self.assertIn("It is held (Held by a person)", self.wizard(due, FRIDAY_13).warnings)

    def test_two_debits_of_a_client_on_one_day_are_said(self):
        due = self.installment(due=date(2026, 2, 10))
        due.copy({"due_date": date(2026, 2, 14)})
        self.assertIn("Another debit", self.wizard(due, date(2026, 2, 16)).warnings)
        self.assertFalse(self.wizard(due, date(2026, 2, 17)).warnings)

    def test_a_hundred_cost_the_queries_of_ten(self):
        def queries(rows):
            rows._move_effects(FRIDAY_13)  # what is asked once a process
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows._move_effects(FRIDAY_13)
            return self.env.cr.sql_log_count - before

        first = self.installment(due=date(2026, 2, 10))
        others = first.create([first.copy_data()[0] for _ in range(20)])
        self.assertEqual(queries(first | others), queries(first))

    def test_more_than_one_screen_are_refused(self):
        due = self.installment(due=date(2026, 2, 10))
        with patch.object(payment_installment_move, "LIMIT", 0):
            wizard = self.wizard(due, FRIDAY_13)
            self.assertIn("At most 0", wizard.refusal)
            with self.assertRaises(UserError):
                wizard.action_confirm()

    def test_what_was_collected_is_paid_not_under_way(self):
        due = self.debited("collect").installment_id
        self.assertIn("It is paid", self.refusal(due))

    def test_the_form_answers_while_the_day_is_chosen(self):
        due = self.installment(due=date(2026, 2, 10))
        wizards = self.env["payment.installment.move"].with_user(self.finance)
        context = {"active_model": "payment.installment", "active_ids": due.ids}
        with Form(wizards.with_context(**context)) as form:
            form.new_date = date(2026, 2, 3)
            self.assertIn("working days before", form.refusal)
            form.new_date = FRIDAY_13
            self.assertFalse(form.refusal)
            self.assertEqual(form.presented_on, "Friday 13 February 2026")

    # === THE MOVE === #

    def moved(self, day=FRIDAY_13, **values):
        due = self.installment(**{"due": WEDNESDAY, **values})
        wizard = self.wizard(due, day)
        wizard.reason = "The client asked for it"
        wizard.action_confirm()
        return due

    def test_the_history_says_who_when_from_where_and_why(self):
        due = self.moved()
        line = due.history_ids[0]
        self.assertEqual((line.user_id, line.date), (self.finance, MONDAY))
        self.assertEqual(
            line.reason, "Moved from 02/04/2026 to 02/13/2026: The client asked for it"
        )
        self.assertEqual((due.due_date, due.moved_from), (FRIDAY_13, WEDNESDAY))

    def test_moved_twice_it_still_knows_its_day_and_back_there_it_is_not_moved(self):
        due = self.moved()
        self.wizard(due, date(2026, 2, 20)).action_confirm()
        self.assertEqual(due.moved_from, WEDNESDAY)
        self.wizard(due, WEDNESDAY).action_confirm()
        self.assertFalse(due.moved_from)

    def test_it_leaves_with_the_run_of_the_new_day(self):
        due = self.moved()
        self.execute(MONDAY, WEDNESDAY)
        self.env.invalidate_all()
        self.assertEqual(due.state, "planned", "not on the old day")
        wednesday = date(2026, 2, 11)
        until = self.env["payment.run"]._default_until(self.company, date(2026, 2, 10))
        self.assertLess(until, FRIDAY_13, "not a day before")
        self.execute(wednesday, self.env["payment.run"]._default_until(self.company, wednesday))
        self.env.invalidate_all()
        self.assertEqual(due.state, "in_collection")
        self.assertEqual(due.transaction_ids.debit_requested_date, FRIDAY_13)
        self.assertEqual(due.invoice_id.invoice_date, wednesday)

    def test_it_is_seen_on_the_day_on_which_it_is_debited(self):
        wizard = self.wizard(self.installment(), date(2026, 2, 14))
        self.assertEqual(wizard.action_confirm()["infos"], {"debited_on": "2026-02-16"})

    def test_several_of_one_day_move_together(self):
        rows = self.installment() | self.installment()
        self.wizard(rows, FRIDAY_13).action_confirm()
        self.assertEqual(set(rows.mapped("due_date")), {FRIDAY_13})

    @mute_logger("odoo.sql_db")
    def test_whoever_comes_second_is_told_and_changes_nothing(self):
        """A run locks what it takes; connections of their own, as two processes have them."""
        base = db_connect(self.env.cr.dbname)
        with base.cursor() as one, base.cursor() as two:
            mine = api.Environment(one, SUPERUSER_ID, {})
            client = mine["res.partner"].create({"name": "Verrerie Aubanel"})
            due = mine["payment.installment"].create(
                {"partner_id": client.id, "amount": 10, "due_date": "2026-02-10"}
            )
            one.commit()
            self.addCleanup(self._forget, base, due.id, client.id)
            two.execute("SELECT id FROM payment_installment WHERE id = %s FOR UPDATE", [due.id])
            with self.assertRaisesRegex(UserError, "Try again in a minute"):
                due._move_to(FRIDAY_13)
            due.read(["state"])
            two.execute("UPDATE payment_installment SET state = 'paid' WHERE id = %s", [due.id])
            two.commit()
            # Odoo repeats the request then, and the installment is paid.
            with self.assertRaises(SerializationFailure):
                due._move_to(FRIDAY_13)
            one.rollback()
            mine.invalidate_all()
            with self.assertRaisesRegex(UserError, "It is paid"):
                due._move_to(FRIDAY_13)

    def _forget(self, base, installment_id, client_id):
        with base.cursor() as cr:
            cr.execute("DELETE FROM payment_history WHERE res_id = %s", [installment_id])
            cr.execute("DELETE FROM payment_installment WHERE id = %s", [installment_id])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [client_id])
