from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestLifecycle(ContractCommon):
    def states(self, contract):
        rows = contract.installment_ids.sorted(lambda row: (row.period_start, row.id))
        return [row.state for row in rows]

    def test_state_is_written_by_its_actions_only(self):
        contract = self.contract()
        with self.assertRaises(AccessError):
            contract.state = "active"
        with self.assertRaises(AccessError):
            self.contract(state="active")

    def test_every_step_leaves_a_line_in_the_history(self):
        contract = self.contract()
        contract.action_send()
        contract.action_back_to_draft()
        contract._activate(TODAY)
        self.assertEqual(
            contract.history_ids.sorted("id").mapped("to_state"), ["sent", "draft", "active"]
        )
        self.assertEqual(contract.history_ids.sorted("id")[-1].date, TODAY)

    def test_a_contract_without_lines_does_not_start(self):
        contract = self.contract()
        contract.line_ids.unlink()
        for action in (contract.action_send, contract.action_activate):
            with self.assertRaisesRegex(UserError, "at least one line"):
                action()

    def test_what_is_over_stays_over(self):
        contract = self.contract()
        contract.action_cancel()
        with self.assertRaises(UserError):
            contract.action_activate()

    def test_only_drafts_can_be_deleted(self):
        self.contract().unlink()
        with self.assertRaisesRegex(UserError, "terminate or cancel"):
            self.active_contract().unlink()

    def test_suspended_is_held_and_resumed_owes_from_then_on(self):
        contract = self.active_contract()
        contract._suspend(date(2026, 2, 1))
        first = contract.installment_ids.sorted("due_date")[1]
        self.assertEqual(first._origin_hold_reason(date(2026, 2, 1)), "contract_suspended")
        first._hold("contract_suspended", on=date(2026, 2, 1))
        contract._resume(date(2026, 3, 15))
        # February passed entirely under suspension, March did not.
        self.assertEqual(self.states(contract)[:3], ["planned", "cancelled", "planned"])
        self.assertFalse(contract.suspended_on)
        self.assertIsNone(contract.installment_ids[0]._origin_hold_reason(date(2026, 3, 15)))

    def test_termination_cancels_what_comes_after_and_cuts_its_period(self):
        contract = self.active_contract({"price_unit": 30.0})
        contract._terminate(date(2026, 4, 10), "letter of the client", date(2026, 3, 20))
        rows = contract.installment_ids.filtered(lambda row: row.state == "planned")
        self.assertEqual(contract.state, "terminated")
        self.assertEqual(rows.sorted("due_date").mapped("amount"), [36.0, 36.0, 36.0, 12.0])
        self.assertEqual(max(rows.mapped("period_end")), date(2026, 4, 10))

    def test_termination_leaves_what_was_invoiced_as_invoiced(self):
        contract = self.active_contract({"price_unit": 30.0})
        april = contract.installment_ids.filtered(lambda row: row.due_date == date(2026, 4, 1))
        april._set_state("invoiced")
        contract._terminate(date(2026, 4, 10), "letter", date(2026, 3, 20))
        self.assertEqual((april.state, april.amount), ("invoiced", 36.0))
        self.assertIsNone(april._origin_hold_reason(date(2026, 4, 1)))

    def test_termination_cuts_what_was_only_announced(self):
        contract = self.active_contract({"price_unit": 30.0})
        contract.installment_ids._set_state("notified")
        contract._terminate(date(2026, 4, 10), "letter", date(2026, 3, 20))
        left = contract.installment_ids.filtered(lambda row: row.state != "cancelled")
        self.assertEqual(left.sorted("due_date").mapped("amount"), [36.0, 36.0, 36.0, 12.0])

    def test_a_contract_can_not_end_before_it_starts(self):
        with self.assertRaisesRegex(UserError, "can not end before"):
            self.active_contract()._terminate(date(2025, 12, 31))

    def test_a_later_end_plans_the_rest_again(self):
        contract = self.active_contract({"price_unit": 31.0}, date_end=date(2026, 3, 10))
        contract.date_end = date(2026, 3, 31)
        last = contract.installment_ids.filtered(lambda row: row.state == "planned").sorted(
            "due_date"
        )[-1]
        self.assertEqual((last.period_end, last.amount), (date(2026, 3, 31), 37.2))

    def test_the_wizard_terminates(self):
        contract = self.active_contract()
        action = contract.action_terminate()
        wizard = (
            self.env["crm.contract.terminate"]
            .with_context(**action["context"])
            .create({"last_day": date(2026, 1, 31), "reason": "moved away"})
        )
        wizard.action_confirm()
        self.assertEqual(contract.date_end, date(2026, 1, 31))
        self.assertEqual(contract.history_ids.sorted("id")[-1].reason, "moved away")

    def test_a_mandate_of_another_customer_is_refused_with_names(self):
        stranger, mandate = self.client_with_mandate(name="Hôtel Valombreuse")
        with self.assertRaisesRegex(ValidationError, "another customer.*Hôtel Valombreuse"):
            self.contract(mandate_id=mandate.id)
        child = self.env["res.partner"].create({"name": "Comptable", "parent_id": stranger.id})
        self.assertEqual(
            self.contract(mandate_id=mandate.id, partner_id=child.id).mandate_status, "active"
        )
