from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.models.run import payment_run
from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY, CollectionCommon


class Killed(BaseException):
    """The process is gone."""


class ControlCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.due = cls.env["payment.installment"].union(*(cls.installment() for _ in range(6)))
        cls.campaign = cls.env["payment.run"].create(
            {"company_id": cls.company.id, "date": MONDAY, "date_until": WEDNESDAY}
        )
        cls.debits = type(cls.env["payment.transaction"])
        cls.startClassPatcher(patch.object(payment_run, "CHUNK", 2))

    def go(self):
        """Execute the run, as the cron does."""
        with self.committing() as env:
            self.campaign.with_env(env)._execute(MONDAY)
        self.env.invalidate_all()

    @contextmanager
    def another_process_executes(self):
        """Hold the lock of the run on another connection."""
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_advisory_lock(%s, %s)", (payment_run.LOCK_CLASS, self.campaign.id)
            )
            yield
            other.execute(
                "SELECT pg_advisory_unlock(%s, %s)", (payment_run.LOCK_CLASS, self.campaign.id)
            )

    def pressed_meanwhile(self, method):
        """Press a button in the web client, by a cursor of its own, as the first chunk leaves."""
        real, presses = self.debits._debit_send, []

        def send(debits, on=None):
            if debits and not presses:
                presses.append(method)
                # The lock is held by the executing process: here the connection is one.
                with self.registry.cursor() as cr, self.locked_elsewhere():
                    getattr(self.campaign.with_env(self.env(cr=cr)), method)()
            return real(debits, on)

        return patch.object(self.debits, "_debit_send", send)

    @contextmanager
    def locked_elsewhere(self):
        # The tests' cursors share one connection, and an advisory lock never stops its own.
        with patch.object(type(self.campaign), "_try_lock_here", lambda run: False):
            yield

    def history(self):
        return " | ".join(filter(None, self.campaign.history_ids.mapped("reason")))

    def statuses(self):
        return sorted(self.due.transaction_ids.mapped("debit_status"))


@tagged("post_install", "-at_install")
class TestRunControl(ControlCommon):
    """Paused, resumed, cancelled: between chunks, never in the middle of one."""

    def test_a_pause_takes_effect_after_the_chunk_in_hand(self):
        with self.pressed_meanwhile("action_pause"):
            self.go()
        self.assertEqual(self.campaign.state, "paused")
        self.assertEqual(self.statuses(), ["submitted"] * 2)
        self.assertIn("Paused by", self.history())
        self.go()
        self.assertEqual(len(self.statuses()), 2, "a paused run does nothing")

    def test_resumed_it_goes_on_where_it_was(self):
        with self.pressed_meanwhile("action_pause"):
            self.go()
        self.campaign.action_resume()
        self.go()
        self.assertEqual(self.campaign.state, "done")
        self.assertEqual(self.statuses(), ["submitted"] * 6)
        self.assertEqual((self.campaign.debit_count, self.campaign.decided_count), (6, 6))

    def test_the_cron_leaves_a_paused_run_alone(self):
        with self.pressed_meanwhile("action_pause"):
            self.go()
        with self.committing() as env:
            env["payment.run"]._cron_run(MONDAY)
        self.env.invalidate_all()
        self.assertEqual((self.campaign.state, len(self.statuses())), ("paused", 2))

    def test_a_request_waits_while_another_process_executes(self):
        self.campaign._set_state("running")
        with self.another_process_executes():
            self.campaign.action_pause()
            self.assertEqual((self.campaign.state, self.campaign.asked_for), ("running", "pause"))
        self.go()
        self.assertEqual((self.campaign.state, self.campaign.asked_for), ("paused", False))
        self.assertFalse(self.due.transaction_ids, "heeded before the first chunk")

    def test_without_an_executing_process_a_pause_is_immediate(self):
        self.campaign._set_state("running")
        self.campaign.action_pause()
        self.assertEqual(self.campaign.state, "paused")

    def test_drafts_of_a_paused_run_do_not_leave_by_another_door(self):
        self.interrupt_before_sending()
        self.campaign.action_pause()
        with self.committing() as env:
            env["payment.transaction"]._cron_send_debits()
        self.env.invalidate_all()
        self.assertEqual(self.statuses(), ["draft"] * 2)
        self.campaign.action_resume()
        self.go()
        self.assertEqual(self.statuses(), ["submitted"] * 6)

    def interrupt_before_sending(self):
        """Let the process die once the first chunk is prepared."""

        def killed(debits, on=None):
            if debits:
                raise Killed

        # Not assertRaises: Odoo's takes back what was committed.
        with patch.object(self.debits, "_debit_send", killed), suppress(Killed):
            self.go()
        self.env.invalidate_all()

    def test_cancelling_the_rest_takes_back_what_has_not_left(self):
        with self.pressed_meanwhile("action_cancel_rest"):
            self.go()
        self.assertEqual(self.campaign.state, "stopped")
        self.assertEqual(self.statuses(), ["submitted"] * 2)
        self.assertEqual(self.due.mapped("state").count("planned"), 4)
        self.assertIn("Rest cancelled by", self.history())

    def test_drafts_are_cancelled_and_their_installments_leave_with_another_run(self):
        self.interrupt_before_sending()
        self.campaign.action_cancel_rest()
        taken = self.campaign.line_ids
        self.assertEqual(self.campaign.state, "stopped")
        self.assertEqual(self.statuses(), ["cancelled"] * 2)
        self.assertEqual(taken.mapped("decision"), ["cancelled"] * 2)
        self.assertEqual((self.campaign.debit_count, self.campaign.cancelled_count), (0, 2))
        self.assertEqual(taken.installment_id.mapped("state"), ["invoiced"] * 2)
        with self.committing() as env:
            env["payment.transaction"]._cron_send_debits()
        self.env.invalidate_all()
        self.assertFalse(self.bank_rows(self.due))
        following = self.execute()
        self.assertEqual((following.debit_count, following.state), (6, "done"))
        self.assertEqual(self.due.mapped("state"), ["in_collection"] * 6)
        self.assertEqual(len(self.bank_rows(self.due)), 6)
        with self.committing() as env:
            env["payment.run"]._cron_run(MONDAY)
        self.env.invalidate_all()
        self.assertEqual(len(self.bank_rows(self.due)), 6, "the day has had its runs")

    def test_what_may_have_left_is_never_cancelled(self):
        unsure = self.installment("lost,collect")
        with self.pressed_last("action_cancel_rest"):
            self.go()
        self.assertEqual(unsure.transaction_ids.debit_status, "unknown")
        self.assertEqual(unsure.state, "in_collection")
        self.assertEqual(self.campaign.state, "stopped")
        self.assertEqual(self.campaign.trouble_count, 1)
        self.assertFalse(self.campaign.cancelled_count)

    def test_what_a_busy_provider_has_sent_back_is_cancelled_too(self):
        """It did nothing with it, and says so: left as a draft, it would leave after all."""
        busy = self.installment("retryable:3600,collect")
        self.go()
        debit = busy.transaction_ids
        self.assertEqual((debit.debit_status, debit.debit_tries), ("draft", 1))
        self.assertEqual(self.campaign.state, "done_with_errors")
        self.campaign.action_cancel_rest()
        self.assertEqual((debit.debit_status, busy.state), ("cancelled", "invoiced"))
        self.assertEqual((self.campaign.debit_count, self.campaign.cancelled_count), (6, 1))

    def pressed_last(self, method):
        """Press a button once everything has left, before the run has ended."""
        real = type(self.campaign)._finish

        def finish(run, on):
            with self.registry.cursor() as cr, self.locked_elsewhere():
                getattr(self.campaign.with_env(self.env(cr=cr)), method)()
            return real(run, on)

        return patch.object(type(self.campaign), "_finish", finish)

    def test_the_day_of_a_stopped_run_makes_no_run_by_itself(self):
        self.campaign._set_state("running")
        self.campaign.action_cancel_rest()
        with self.committing() as env:
            env["payment.run"]._cron_run(MONDAY)
        self.env.invalidate_all()
        self.assertFalse(self.due.transaction_ids)

    def test_what_is_over_is_neither_paused_nor_cancelled(self):
        self.go()
        for method in ("action_pause", "action_resume"):
            with self.assertRaises(UserError):
                getattr(self.campaign, method)()
        self.campaign._state_write({"state": "cancelled"})
        with self.assertRaises(UserError):
            self.campaign.action_cancel_rest()


@tagged("post_install", "-at_install")
class TestRunControlRights(ControlCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.users = {
            name: new_test_user(cls.env, f"run_{name}", group, **values)
            for name, group in (
                ("finance", "payment_direct_debit.group_payment_user"),
                ("manager", "payment_direct_debit.group_payment_manager"),
                ("rep", "sales_team.group_sale_salesman"),
                ("sales_manager", "sales_team.group_sale_manager"),
            )
        }

    def as_user(self, name):
        return self.campaign.with_user(self.users[name])

    def test_finance_starts_pauses_and_resumes(self):
        mine = self.as_user("finance")
        mine.action_start()
        mine.action_pause()
        self.assertEqual(mine.state, "paused")
        mine.action_resume()
        self.assertEqual(mine.state, "running")

    def test_only_managers_cancel(self):
        for method in ("action_cancel", "action_cancel_rest"):
            for name in ("finance", "rep", "sales_manager"):
                with self.subTest(method=method, name=name), self.assertRaises(AccessError):
                    getattr(self.as_user(name), method)()
        self.as_user("manager").action_start()
        self.as_user("manager").action_cancel_rest()
        self.assertEqual(self.campaign.state, "stopped")

    def test_sales_neither_sees_nor_runs(self):
        for name in ("rep", "sales_manager"):
            for method in ("action_start", "action_pause", "action_resume", "get_progress"):
                with self.subTest(method=method, name=name), self.assertRaises(AccessError):
                    getattr(self.as_user(name), method)()

    def test_a_request_is_made_by_the_buttons_only(self):
        with self.assertRaises(AccessError):
            self.env["payment.run.request"].with_user(self.users["manager"]).create(
                {"run_id": self.campaign.id, "kind": "stop"}
            )
