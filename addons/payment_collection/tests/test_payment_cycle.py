from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.payment_collection.models.cycle.payment_cycle import CycleStep

from .common_cycle import ARRIVAL, CycleCommon

NOTHING = {"steps": [], "is_cut": False, "events": [], "has_more": False}


@tagged("post_install", "-at_install")
class TestPaymentCycle(CycleCommon):
    """From what was signed to the bank line, on one screen."""

    def test_a_failed_debit_shows_its_whole_chain(self):
        debit = self.debited("fail:AM04")
        steps = self.steps(debit)
        self.assertEqual(
            list(steps), ["mandates", "installments", "invoices", "payments", "returns"]
        )
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

    def test_any_record_reaches_any_other_in_two_clicks(self):
        _debit, chain = self.came_back()
        self.assert_two_clicks(chain)

    def test_the_form_of_each_record_is_one_that_has_the_cycle(self):
        """A bank line is opened by its entry: Community has no form for the line itself."""
        _debit, chain = self.came_back()
        for key, step in self.steps(chain["payouts"]).items():
            model, number = step["records"][0]["opens"]
            with self.subTest(step=key):
                again = self.env["payment.cycle"].with_user(self.finance).get_cycle(model, number)
                found = {step["key"]: step["ids"] for step in again["steps"]}
                self.assertEqual(found["bank_lines"], chain["bank_lines"].ids)
                self.assertEqual(found["returns"], chain["returns"].ids)

    def test_the_entries_of_a_payment_lead_back_to_it(self):
        debit, chain = self.came_back()
        strange = self.env["account.move"].create(
            {"move_type": "entry", "company_id": self.company.id}
        )
        entries = {
            "collected": debit.debit_line_ids.move_id - chain["returns"].move_id,
            "returned": chain["returns"].move_id,
            "paid out": chain["payouts"].move_id,
            "on the bank": chain["bank_lines"].move_id,
            "invoice": chain["invoices"],
        }
        for what, entry in entries.items():
            with self.subTest(entry=what):
                self.assertTrue(entry.has_payment_cycle)
                self.assertEqual(self.steps(entry[:1])["payments"]["ids"], debit.ids)
        self.assertFalse(strange.has_payment_cycle)
        self.assertEqual(self.cycle(strange), NOTHING)

    def test_a_transfer_is_followed_from_the_invoice_to_the_bank_line(self):
        installment = self.installment(collection_mode="one_off", mandate_id=False)
        installment._invoice(ARRIVAL)
        invoice = installment.invoice_id
        line = self.bank_line(invoice.amount_total, invoice.name, ARRIVAL)
        owed = invoice.line_ids.filtered(lambda row: row.account_type == "asset_receivable")
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.with_context(skip_account_move_synchronization=True).account_id = owed.account_id
        (suspense + owed).reconcile()
        self.assertEqual(self.steps(installment)["bank_lines"]["ids"], line.ids)
        self.assertEqual(self.steps(line.move_id)["invoices"]["ids"], invoice.ids)

    def test_an_addon_adds_its_step_and_its_history_follows(self):
        """What commissions will need: a step after the bank line, open to sales reps or not."""
        debit = self.debited()
        cycle = type(self.env["payment.cycle"])
        declared = cycle._cycle_step_providers

        def with_dunnings(model):
            mine = CycleStep(
                100, "dunnings", "Dunning", lambda chain: chain.installments.dunning_ids, "amount"
            )
            return [mine, *declared(model)]

        self.patch(cycle, "_cycle_step_providers", with_dunnings)
        dunning = self.env["payment.dunning"]._open(
            debit.installment_id, {debit.installment_id.id: "funds"}, ARRIVAL
        )
        dunning.action_pause()
        answer = self.cycle(debit)
        self.assertEqual(answer["steps"][-1]["key"], "dunnings")
        self.assertEqual(answer["steps"][-1]["ids"], dunning.ids)
        told = {(event["model"], event["text"]) for event in answer["events"]}
        self.assertIn(("payment.dunning", "Paused"), told)

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
        self.assertLessEqual(queries(few), 40)

    def test_who_may_not_read_the_record_gets_no_cycle(self):
        debit = self.debited()
        employee = self.person("cycle_employee", "base.group_user")
        for record in (debit, debit.installment_id, debit.mandate_id):
            with self.assertRaises(AccessError):
                self.cycle(record, employee)
        with self.assertRaises(AccessError):
            self.cycle(self.env.company)

    def test_who_is_not_in_finance_sees_no_bank_data_through_the_client(self):
        debit = self.debited("fail:AM04")
        employee = self.person("cycle_partner", "base.group_user,base.group_partner_manager")
        self.assertEqual(self.cycle(debit.partner_id, employee), NOTHING)
        billing = self.person("cycle_billing", "account.group_account_invoice")
        self.assertNotIn("mandates", self.steps(debit, billing))
        # An invoice is theirs to read; what the bank did about it is not.
        self.assertEqual(self.cycle(debit.installment_id.invoice_id, billing), NOTHING)
