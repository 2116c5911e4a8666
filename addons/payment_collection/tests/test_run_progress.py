import json
from contextlib import suppress
from datetime import date
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.test_run_control import ControlCommon, Killed

FIGURES = ("debit_count", "debit_amount", "held_count", "held_amount", "trouble_count")


@tagged("post_install", "-at_install")
class TestRunProgress(ControlCommon):
    """What a run has come to is counted from its rows, at any moment and after any end."""

    def told(self):
        """Return what was told on the bus about the run, in order."""
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].search([], order="id").mapped("message")
        told = [json.loads(message) for message in messages]
        return [
            m["payload"]
            for m in told
            if m["type"] == "payment_run.progress" and m["payload"]["id"] == self.campaign.id
        ]

    def test_each_chunk_is_told_with_its_figures(self):
        self.due[0].action_hold()  # by hand: no run looks at it
        self.due[1].partner_id.collection_hold = True
        self.go()
        told = self.told()
        self.assertEqual({m["total"] for m in told if m["state"] == "done"}, {5})
        self.assertEqual(sorted({m["done"] for m in told}), [0, 2, 4, 5])
        last = told[-1]
        self.assertEqual((last["state"], last["debited"], last["held"]), ("done", 4, 1))
        self.assertEqual((last["debited_amount"], last["failed"]), (480, 0))
        self.assertEqual(last, self.campaign.get_progress()[0], "as it is stored")

    def test_only_who_may_read_the_run_listens_to_it(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        members = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        strangers = {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        finance = "payment_direct_debit.group_payment_user"
        users = {
            new_test_user(self.env, "listens", finance, **members): True,
            new_test_user(self.env, "elsewhere", finance, **strangers): False,
            new_test_user(self.env, "rep", "sales_team.group_sale_salesman", **members): False,
        }
        asked = (f"payment.run_{self.campaign.id}", "payment.run_x", "payment.run_")
        for user, may in users.items():
            with self.subTest(user=user.login):
                self.assertEqual(self.campaign in self.channels(user, *asked), may)

    def test_the_name_says_the_day_of_the_debits_in_the_users_language(self):
        self.campaign.write({"date": date(2026, 12, 3), "date_until": date(2026, 12, 6)})
        number = self.campaign.name
        self.assertEqual(self.campaign.debit_date, date(2026, 12, 4), "the 6th is a Sunday")
        for code in ("en_US", "fr_FR"):
            self.env["res.lang"]._activate_lang(code)
        self.assertEqual(
            self.campaign.with_context(lang="en_US").display_name,
            f"Debits of 4 December 2026 · {number}",
        )
        self.assertIn("4 décembre 2026", self.campaign.with_context(lang="fr_FR").display_name)

    def test_figures_can_not_be_forged(self):
        manager = new_test_user(
            self.env,
            "manager",
            "payment_direct_debit.group_payment_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaisesRegex(Exception, "to_do_count"):
            self.campaign.with_user(manager).write({"to_do_count": 5})

    # === AFTER A CRASH === #

    def go_and_die(self, kill_at, after):
        """Execute by a cursor of its own and die at one of the commits; True when it died.

        :param int kill_at: which commit, from 1 on.
        :param bool after: once it took effect; otherwise what it was to keep is lost.
        """
        passed = []

        def deadly(real):
            def commit(records):
                passed.append(records)
                if len(passed) != kill_at:
                    return real(records)
                if after:
                    real(records)
                raise Killed

            return commit

        campaigns = type(self.campaign)
        with (
            patch.object(campaigns, "_commit", deadly(campaigns._commit)),
            patch.object(self.debits, "_debit_commit", deadly(self.debits._debit_commit)),
            suppress(Killed),
        ):
            self.go()
        self.env.invalidate_all()
        return len(passed) == kill_at

    def figures_by_hand(self, campaign):
        """Count the rows, without the fields that are tested."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT count(*) FILTER (WHERE decision = 'debit'),
                      COALESCE(sum(amount) FILTER (WHERE decision = 'debit'), 0)::float,
                      count(*) FILTER (WHERE decision = 'held'),
                      COALESCE(sum(amount) FILTER (WHERE decision = 'held'), 0)::float
                 FROM payment_run_line WHERE run_id = %s""",
            [campaign.id],
        )
        lines = self.env.cr.fetchone()
        self.env.cr.execute(
            """SELECT count(*) FROM payment_transaction WHERE run_id = %s
                  AND debit_status IN ('draft', 'submitting', 'unknown', 'failed')""",
            [campaign.id],
        )
        return (*lines, *self.env.cr.fetchone())

    def check_figures(self, campaign):
        shown = tuple(campaign[name] for name in FIGURES)
        self.assertEqual(shown, self.figures_by_hand(campaign))

    def test_killed_at_each_commit_the_figures_are_exact_and_each_debit_left_once(self):
        self.due[0].partner_id.collection_hold = True
        for after in (False, True):
            kill_at = 1
            while self.killed_and_resumed(kill_at, after):
                kill_at += 1
            self.assertGreater(kill_at, 12, "several chunks, several commits each")

    def killed_and_resumed(self, kill_at, after):
        """Die, look at the figures, go on, look again; then undo all of it. True when it died."""
        with self.subTest(kill_at=kill_at, after=after), self.env.cr.savepoint() as point:
            died = self.go_and_die(kill_at, after)
            self.check_figures(self.campaign)
            self.go()
            self.assertEqual(self.campaign.state, "done")
            self.check_figures(self.campaign)
            self.check_the_bank()
            self.env.flush_all()
            point.rollback()
        self.env.invalidate_all()
        return died

    def check_the_bank(self):
        executed = self.bank_rows(self.due)
        self.assertEqual(len(executed), 5)
        self.assertEqual(len(set(executed.mapped("reference"))), 5)
        self.assertEqual(self.campaign.debit_count, 5)
        self.assertEqual(
            round(self.campaign.debit_amount * 100), sum(executed.mapped("amount_cents"))
        )
        self.assertEqual((self.campaign.decided_count, self.campaign.to_do_count), (6, 6))
        self.assertEqual(self.due.transaction_ids.mapped("debit_status"), ["submitted"] * 5)

    def test_the_total_is_what_is_due_at_the_start(self):
        self.installment(due=date(2026, 3, 4))
        self.go()
        self.assertEqual((self.campaign.to_do_count, self.campaign.to_do_amount), (6, 720))
        self.assertEqual(WEDNESDAY, self.campaign.debit_date)
        self.assertEqual(MONDAY, self.campaign.date)
