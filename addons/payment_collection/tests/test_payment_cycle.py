from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_page import PageCommon


@tagged("post_install", "-at_install")
class TestPaymentCycle(PageCommon):
    """From what was signed to the bank line, on one screen."""

    def cycle(self, record, user=None):
        cycle = self.env["payment.cycle"].with_user(user or self.finance)
        return cycle.get_cycle(record._name, record.id)

    def steps(self, record, user=None):
        return {step["key"]: step for step in self.cycle(record, user)["steps"]}

    def test_a_failed_debit_shows_its_whole_chain(self):
        debit = self.debited("fail:AM04")
        steps = self.steps(debit)
        self.assertEqual(list(steps), ["mandates", "installments", "payments", "returns"])
        self.assertEqual(steps["payments"]["records"][0]["id"], debit.id)
        self.assertEqual(steps["payments"]["records"][0]["tone"], "danger")
        self.assertEqual(steps["installments"]["ids"], debit.installment_id.ids)
        self.assertEqual(steps["mandates"]["ids"], debit.mandate_id.ids)
        self.assertEqual(steps["returns"]["records"][0]["amount"], 120)

    def test_every_record_of_the_chain_shows_the_same_chain(self):
        debit = self.debited("fail:AM04")
        chain = {key: step["ids"] for key, step in self.steps(debit).items()}
        for record in (
            debit.installment_id,
            debit.mandate_id,
            debit.return_ids,
            debit.partner_id,
        ):
            with self.subTest(model=record._name):
                found = {key: step["ids"] for key, step in self.steps(record).items()}
                self.assertEqual(found, chain)

    def test_collected_money_is_followed_to_the_bank_line(self):
        debit = self.debited()
        day = date(2026, 2, 9)
        payout = (
            self.env["payment.payout"]
            ._state_writer()
            .create(
                {
                    "provider_id": self.provider.id,
                    "ref": "PO1",
                    "currency_id": debit.currency_id.id,
                    "amount": 120,
                    "arrival_date": day,
                }
            )
            .with_env(self.env)
        )
        self.env["payment.payout.line"].create(
            {
                "payout_id": payout.id,
                "kind": "debit",
                "ref": debit.provider_reference,
                "cents": "12000",
                "amount": 120,
                "transaction_id": debit.id,
            }
        )
        payout._check_and_book(day)
        line = (
            self.env["account.bank.statement.line"]
            .with_company(self.company)
            .create(
                {
                    "journal_id": self.company_data["default_journal_bank"].id,
                    "date": day,
                    "amount": 120,
                    "payment_ref": "VIR PO1",
                }
            )
        )
        payout._match_statement(day)
        for record in (debit, debit.installment_id, payout):
            with self.subTest(model=record._name):
                steps = self.steps(record)
                self.assertEqual(steps["payouts"]["ids"], payout.ids)
                self.assertEqual(steps["bank_lines"]["ids"], line.ids)
        opened = steps["bank_lines"]["records"][0]["opens"]
        self.assertEqual(opened, ["account.move", line.move_id.id])

    def test_the_time_line_tells_what_happened_the_newest_first(self):
        debit = self.debited("fail:AM04")
        debit.installment_id.with_user(self.finance).action_hold()
        events = self.cycle(debit)["events"]
        days = [event["day"] for event in events]
        self.assertEqual(days, sorted(days, reverse=True))
        told = {(event["model"], event["text"]) for event in events}
        self.assertIn(("payment.transaction", "Failed"), told)
        self.assertIn(("payment.installment", "Held"), told)
        self.assertTrue([e for e in events if e["kind"] == "event"], "what the bank notified")
        held = next(e for e in events if e["text"] == "Held")
        self.assertEqual(held["user"], self.finance.name)

    def test_a_cycle_costs_a_fixed_number_of_queries(self):
        few, many = self.debited("fail:AM04", "fail:AM04")
        for debit, count in ((few, 1), (many, 5)):
            for number in range(2, 2 + count):
                attempt = self.attempt(debit.installment_id, number)
                attempt._debit_fail("test", attempt.debit_requested_date, "AM04")

        def queries(debit):
            self.env.flush_all()
            self.env.invalidate_all()
            count = self.cr.sql_log_count
            self.cycle(debit)
            return self.cr.sql_log_count - count

        queries(few)  # the caches of the registry
        self.assertEqual(queries(many), queries(few))
        self.assertLessEqual(queries(few), 15)

    def test_who_may_not_read_the_record_gets_no_cycle(self):
        debit = self.debited()
        employee = self.page_user("cycle_employee", "base.group_user")
        for record in (debit, debit.installment_id, debit.mandate_id):
            with self.assertRaises(AccessError):
                self.cycle(record, employee)
        with self.assertRaises(AccessError):
            self.cycle(self.env.company)

    def test_who_is_not_in_finance_sees_no_bank_data_through_the_client(self):
        debit = self.debited("fail:AM04")
        employee = self.page_user("cycle_partner", "base.group_user,base.group_partner_manager")
        self.assertEqual(self.cycle(debit.partner_id, employee), {"steps": [], "events": []})
        billing = self.page_user("cycle_billing", "account.group_account_invoice")
        self.assertNotIn("mandates", self.steps(debit, billing))
