from datetime import date

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from odoo.addons.payment_collection.models.page.payment_transaction_figures import FIGURES
from odoo.addons.payment_collection.models.page.payment_transaction_page import follow_up
from odoo.addons.payment_collection.tests.common import WEDNESDAY
from odoo.addons.payment_collection.tests.common_page import PageCommon


@tagged("post_install", "-at_install")
class TestPaymentPage(PageCommon):
    """One row a payment, with words of its own for debits and for what is paid online."""

    def test_a_debit_keeps_its_status(self):
        debit = self.debited()
        self.assertEqual(debit.payment_status, "collected")
        self.assertEqual(debit.payment_day, WEDNESDAY)
        self.assertEqual(debit.payment_due_day, "04")

    def test_online_payments_speak_the_words_of_debits(self):
        payment = self.online()
        self.assertFalse(payment.payment_status, "begun and never finished")
        payment._set_pending()
        self.assertEqual(payment.payment_status, "submitted")
        payment._set_done()
        self.assertEqual(payment.payment_status, "collected")
        self.assertEqual(payment.payment_day, fields.Date.context_today(payment))

    def test_a_card_check_and_money_back_are_no_payments(self):
        for operation in ("validation", "refund"):
            payment = self.online(operation, amount=-60 if operation == "refund" else 60)
            payment._set_done()
            self.assertFalse(payment.payment_status)

    def test_a_failure_paid_since_is_recovered(self):
        debit = self.debited("fail:AM04 ; collect")
        self.assertFalse(debit.payment_follow_up)
        second = self.attempt(debit.installment_id, 2)
        self.assertEqual(debit.payment_follow_up, "retried")
        self.assertFalse(second.payment_follow_up)
        self.paid_elsewhere(debit)
        self.assertEqual(debit.payment_follow_up, "recovered")

    def test_a_retry_that_never_left_is_none(self):
        debit = self.debited("fail:AM04 ; collect")
        second = self.attempt(debit.installment_id, 2)
        second.action_debit_cancel()
        self.assertFalse(debit.payment_follow_up)

    def test_paid_and_undone_is_owed_again(self):
        debit = self.debited("fail:AM04")
        self.paid_elsewhere(debit)
        debit.installment_id._set_state("unpaid")
        self.assertFalse(debit.payment_follow_up)

    def paid_elsewhere(self, debit):
        debit.installment_id._set_state("paid")

    def test_nobody_forges_what_the_page_says(self):
        debit = self.debited("fail:AM04").with_user(self.finance)
        for values in (
            {"payment_status": "collected"},
            {"payment_follow_up": "recovered"},
            {"payment_day": "2026-01-01"},
            {"rep_id": self.finance.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                debit.write(values)

    def test_the_columns_of_an_old_database_are_filled_alike(self):
        debits = self.debited("fail:AM04", "collect")
        self.paid_elsewhere(debits[0])
        names = ["payment_status", "payment_day", "payment_due_day", "payment_follow_up"]
        debits.partner_id.user_id = self.finance
        before = debits.read([*names, "rep_id"])
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE payment_transaction SET payment_status = NULL, payment_day = NULL,
                      payment_due_day = NULL, payment_follow_up = NULL, rep_id = NULL"""
        )
        self.payments._page_fill()
        self.env.invalidate_all()
        self.assertEqual(debits.read([*names, "rep_id"]), before)
        self.env.cr.execute(follow_up(SQL("TRUE")))
        self.assertFalse(self.env.cr.fetchall(), "nothing is left to note")

    def test_the_rep_is_the_clients(self):
        debit = self.debited()
        debit.partner_id.user_id = self.finance
        self.assertEqual(debit.rep_id, self.finance)


@tagged("post_install", "-at_install")
class TestNextStep(PageCommon):
    def test_a_failure_says_why_and_what_comes_next(self):
        debit = self.debited("fail:AM04")
        self.assertEqual(debit.payment_reason, debit.debit_reason_id.label)
        dunning = debit.installment_id.dunning_ids
        self.assertEqual(debit.next_step, dunning.next_step_id.display_name)
        self.assertEqual(debit.next_step_on, dunning.next_on)

    def test_each_state_has_its_next_step(self):
        debit = self.debited("fail:AM04")
        installment = debit.installment_id
        installment.dunning_ids.action_pause()
        self.assert_next(debit, "Dunning paused: resume it", False)
        installment.write({"retry_on": date(2026, 2, 20), "retry_for": date(2026, 2, 24)})
        self.assert_next(debit, "Debit presented again", date(2026, 2, 24))
        installment.action_hold()
        self.assert_next(debit, "Held: Held by a person", False)

    def test_a_sent_debit_waits_for_the_bank(self):
        installment = self.installment()
        self.execute()
        self.assert_next(installment.transaction_ids, "Answer of the bank", WEDNESDAY)

    def assert_next(self, debit, text, day):
        debit.invalidate_recordset()
        self.assertEqual((debit.next_step, debit.next_step_on), (text, day))

    def test_a_page_costs_as_much_as_a_row(self):
        scripts = ("fail:AM04", "collect", "fail:AC04", "collect,return:MD06+3")
        made = [self.installment(script) for script in scripts * 2]
        self.execute()
        self.bank_reaches(date(2026, 2, 10))
        debits = self.payments.union(*(i.transaction_ids for i in made))
        self.assertEqual(len(debits), 8)
        fields_shown = {
            name: {}
            for name in (
                "payment_status",
                "payment_reason",
                "next_step",
                "next_step_on",
                "amount",
                "payment_day",
            )
        }
        fields_shown["partner_id"] = fields_shown["installment_id"] = {
            "fields": {"display_name": {}}
        }

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            count = self.cr.sql_log_count
            records.with_user(self.finance).web_read(fields_shown)
            return self.cr.sql_log_count - count

        queries(debits)  # the caches of the registry
        few = queries(debits[:4])
        self.assertLessEqual(queries(debits), few)
        self.assertLessEqual(few, 12)


@tagged("post_install", "-at_install")
class TestFigures(PageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = cls.env.ref("payment_collection.payment_page_action")

    def world(self):
        """Two collected, one failed and owed, one failed and recovered, one returned, one sent."""
        made = [
            self.installment(script, amount=amount)
            for script, amount in (
                ("collect", 100),
                ("collect", 50.5),
                ("fail:AM04", 30),
                ("fail:AM04", 20),
                ("collect,return:MD06+2", 10),
            )
        ]
        self.execute()
        self.bank_reaches(date(2026, 2, 9))
        made[3]._set_state("paid")
        debits = self.payments.union(*(i.transaction_ids for i in made))
        return debits | self.attempt(self.installment(amount=7), 1)

    def figures(self, domain, user=None):
        return self.payments.with_user(user or self.finance).get_payment_figures(domain)

    def test_each_debt_counts_once_in_what_was_due(self):
        debits = self.world()
        answer = self.figures([("id", "in", debits.ids)])
        found = {name: rows[0] for name, rows in answer["figures"].items() if rows}
        amounts = {name: (row["count"], row["amount"]) for name, row in found.items()}
        self.assertEqual(
            amounts,
            {
                "due": (5, 197.5),
                "in_flight": (1, 7),
                "collected": (2, 150.5),
                "failed": (2, 50),
                "returned": (1, 10),
                "recovered": (1, 20),
                "still_owed": (2, 40),
            },
        )
        self.assertEqual(answer["rate"], 79.0)  # 150.50 of 190.50

    def test_a_figure_counts_what_its_filter_shows(self):
        debits = self.world()
        mine = [("id", "in", debits.ids)]
        figures = self.figures(mine)["figures"]
        arch = self.env.ref("payment_collection.payment_page_view_search").arch
        filters = self.filters(arch)
        for name in FIGURES:
            with self.subTest(figure=name):
                shown = self.payments.search(mine + filters[f"figure_{name}"])
                self.assertEqual(sum(r["count"] for r in figures[name]), len(shown))
                self.assertEqual(
                    sum(r["amount"] for r in figures[name]), sum(shown.mapped("amount"))
                )

    def filters(self, arch):
        found = etree.fromstring(arch).xpath("//filter[@domain][starts-with(@name, 'figure_')]")
        return {node.get("name"): safe_eval(node.get("domain")) for node in found}

    def test_the_header_is_one_query(self):
        self.world()
        domain = [("partner_id.name", "ilike", "Rousseau")]
        self.figures(domain)  # the caches of rules and companies
        with self.assertQueryCount(1):
            self.figures(domain)

    def test_an_empty_page_has_no_figures(self):
        answer = self.figures([("id", "=", 0)])
        self.assertFalse(any(answer["figures"].values()))
        self.assertIs(answer["rate"], False)

    def test_other_companies_and_others_are_not_counted(self):
        debits = self.world()
        other = self.env["res.company"].create({"name": "Autre"})
        self.finance.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        elsewhere = self.payments.with_context(allowed_company_ids=other.ids)
        answer = elsewhere.with_user(self.finance).get_payment_figures([("id", "in", debits.ids)])
        self.assertFalse(answer["figures"]["due"])
        employee = self.person("page_employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.figures([], employee)
