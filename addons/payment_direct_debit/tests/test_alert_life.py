"""What people do with alerts, and what nobody may do."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.payment_direct_debit.tests.common import EngineCommon


class AlertLifeCommon(EngineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, "colleague", "payment_direct_debit.group_payment_manager"
        )
        cls.raised = cls.env["payment.alert"]
        for kind in ("drift", "overpaid", "unmatched"):
            cls.raised += cls.raised._raise_alert(kind, cls.debtor, kind)
        cls.alerts = cls.raised.with_user(cls.finance)

    def to_look_at(self):
        domain = [
            ("id", "in", self.alerts.ids),
            ("state", "=", "open"),
            ("is_snoozed", "=", False),
        ]
        return self.alerts.search(domain)


@tagged("post_install", "-at_install")
class TestAlertLife(AlertLifeCommon):
    def test_taken_over_and_handed_on(self):
        self.alerts.action_assign_to_me()
        self.assertEqual(self.alerts.user_id, self.finance)
        alert = self.alerts[0]
        alert.user_id = self.colleague
        alert.user_id = self.colleague  # nothing changes, nothing is noted
        alert.user_id = False
        told = alert.history_ids.sorted("id").mapped("reason")
        names = (self.finance.name, self.colleague.name)
        wanted = [f"Assigned to {name}" for name in names]
        self.assertEqual(told, [*wanted, "Assigned to nobody"])

    def test_nobody_outside_of_finance_or_of_the_company_is_asked(self):
        with self.assertRaises(ValidationError):
            self.alerts.user_id = new_test_user(self.env, "rep", "base.group_user")
        company = self.env["res.company"].create({"name": "Another"})
        foreign = self.raised._raise_alert("overpaid", company, "look")
        with self.assertRaises(ValidationError):
            foreign.user_id = self.finance

    def test_a_snoozed_alert_comes_back_by_the_clock(self):
        with freeze_time("2026-03-04 10:00:00"):
            self.alerts[0].snooze("2026-03-05 08:00:00", "waiting for the bank")
            self.assertEqual(self.to_look_at(), self.alerts[1:].sorted())
            found = self.alerts.search([("is_snoozed", "=", True), ("id", "in", self.alerts.ids)])
            self.assertEqual((found, found.standing), (self.alerts[0], "snoozed"))
        self.assertIn("waiting for the bank", self.alerts[0].history_ids.reason)
        self.alerts.invalidate_recordset()
        with freeze_time("2026-03-05 08:00:01"):
            self.assertEqual(self.to_look_at(), self.alerts.sorted())
            self.assertEqual(self.alerts[0].standing, "open")

    def test_woken_up_by_hand(self):
        self.alerts.snooze(datetime.now() + timedelta(days=1))
        self.alerts.action_wake()
        self.assertEqual(self.to_look_at(), self.alerts.sorted())

    def test_a_snooze_ends_in_the_future_and_is_of_open_ones(self):
        for until in (False, "2020-01-01 00:00:00"):
            with self.subTest(until=until), self.assertRaises(UserError):
                self.alerts.snooze(until)
        self.alerts[0].close("Done.")
        with self.assertRaisesRegex(UserError, "closed already"):
            self.alerts.snooze(datetime.now() + timedelta(days=1))
        self.assertFalse(any(self.alerts.mapped("snoozed_until")))

    def test_presets_are_mornings_where_the_user_is(self):
        wizard = self.env["payment.alert.snooze"].with_user(self.finance)
        wizard = wizard.with_context(tz="Europe/Paris", default_alert_ids=self.alerts.ids)
        for now, preset, until in (
            ("2026-03-04 10:00:00", "tomorrow", "2026-03-05 07:00:00"),
            ("2026-03-04 23:30:00", "tomorrow", "2026-03-06 07:00:00"),  # Paris is a day ahead
            ("2026-03-04 10:00:00", "week", "2026-03-09 07:00:00"),
            ("2026-03-09 10:00:00", "week", "2026-03-16 07:00:00"),  # on a Monday: the next one
            ("2026-03-28 10:00:00", "tomorrow", "2026-03-29 06:00:00"),  # summer time begins
            ("2026-01-31 10:00:00", "month", "2026-02-28 07:00:00"),
        ):
            with self.subTest(now=now, preset=preset), freeze_time(now):
                form = Form(wizard)
                form.preset = preset
                self.assertEqual(str(form.until), until)
        with freeze_time("2026-03-04 10:00:00"):
            form = Form(wizard)
            form.preset = "other"
            form.until = datetime(2026, 3, 4, 17)
            form.save().action_snooze()
        self.assertEqual(set(self.alerts.mapped("snoozed_until")), {datetime(2026, 3, 4, 17)})

    def test_many_are_closed_at_once_with_one_comment(self):
        action = self.alerts.action_close()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.finance)
            .with_context(**action["context"])
            .create({"comment": "  The bank was late. "})
        )
        wizard.action_close()
        self.assertEqual(set(self.alerts.mapped("close_comment")), {"The bank was late."})
        self.assertEqual(self.alerts.closed_by_id, self.finance)
        self.assertEqual(self.alerts[0].history_ids.reason, "The bank was late.")

    def test_nothing_is_closed_without_a_word(self):
        for comment in ("", "   ", False):
            with self.subTest(comment=comment), self.assertRaises(UserError):
                self.alerts.close(comment)
        self.assertEqual(set(self.alerts.mapped("state")), {"open"})

    def test_what_somebody_else_has_closed_is_not_closed_again(self):
        self.alerts[0].with_user(self.colleague).close("I was quicker.")
        with self.assertRaisesRegex(UserError, "closed already"):
            self.alerts.close("Late.")
        self.assertEqual(self.alerts[0].close_comment, "I was quicker.")
        # The button takes those that are left.
        left = self.alerts.action_close()["context"]["default_alert_ids"]
        self.assertEqual(left, self.alerts[1:].ids)

    def test_opened_again_unless_the_same_came_back(self):
        self.alerts[:2].close("Too early.")
        self.alerts[0].action_reopen()
        self.assertEqual(self.alerts[0].state, "open")
        self.assertFalse(self.alerts[0].closed_by_id or self.alerts[0].close_comment)
        self.raised._raise_alert("overpaid", self.debtor, "again")
        with self.assertRaisesRegex(UserError, "raised anew"):
            self.alerts[1].action_reopen()


@tagged("post_install", "-at_install")
class TestAlertRights(AlertLifeCommon):
    FORGED = {
        "state": "closed",
        "severity": "1",
        "message": "all is well",
        "kind": "drift",
        "times": 0,
        "res_id": 1,
        "res_model": "res.users",
        "company_id": False,
        "partner_id": False,
        "snoozed_until": "2030-01-01 00:00:00",
        "closed_by_id": False,
        "closed_on": False,
        "close_comment": "forged",
        "last_seen_on": False,
    }

    def test_nothing_but_the_assignee_is_written(self):
        for name, value in self.FORGED.items():
            for user in (self.finance, self.colleague):
                with self.subTest(field=name, user=user.login), self.assertRaises(AccessError):
                    self.alerts.with_user(user).write({name: value, "user_id": user.id})
        self.assertFalse(self.alerts.user_id)

    def test_nobody_makes_or_deletes_an_alert(self):
        with self.assertRaises(AccessError):
            self.alerts.create({"kind": "drift", "message": "x"})
        with self.assertRaises(AccessError):
            self.alerts.unlink()

    def test_reps_clients_and_employees_see_and_do_nothing(self):
        for group in ("sales_team.group_sale_salesman", "base.group_portal", "base.group_user"):
            if not self.env.ref(group, raise_if_not_found=False):
                continue
            user = new_test_user(self.env, f"stranger-{group}", group)
            mine = self.raised.with_user(user)
            until = datetime.now() + timedelta(days=1)
            tries = {
                "search": lambda a=mine: a.search_read([], ["message"]),
                "group": lambda a=mine: a.formatted_read_group([], ["kind"], ["__count"]),
                "export": lambda a=mine: a._export_rows([["message"]]),
                "read": lambda a=mine: a.read(["kind"]),
                "close": lambda a=mine: a.close("x"),
                "snooze": lambda a=mine, until=until: a.snooze(until),
                "assign": lambda a=mine: a.action_assign_to_me(),
                "reopen": lambda a=mine: a.action_reopen(),
                "wake": lambda a=mine: a.action_wake(),
                "dialog": lambda a=mine: a.env["payment.alert.close"].create({"comment": "x"}),
                "sleep": lambda a=mine: a.env["payment.alert.snooze"].create({}),
            }
            for what, attempt in tries.items():
                with self.subTest(group=group, what=what), self.assertRaises(AccessError):
                    attempt()

    def test_finance_of_another_company_sees_and_does_nothing(self):
        company = self.env["res.company"].create({"name": "Another"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "payment_direct_debit.group_payment_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.raised._state_write({"company_id": self.env.company.id})
        theirs = self.raised.with_user(stranger).with_context(allowed_company_ids=company.ids)
        self.assertFalse(theirs.search([("id", "in", self.raised.ids)]))
        for attempt in (
            lambda: theirs.read(["message"]),
            lambda: theirs.close("x"),
            lambda: theirs.action_assign_to_me(),
            lambda: (
                theirs.env["payment.alert.close"]
                .create({"comment": "x", "alert_ids": [Command.set(self.raised.ids)]})
                .action_close()
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(set(self.raised.mapped("state")), {"open"})
