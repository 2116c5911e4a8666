from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import WEDNESDAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestInstallment(CollectionCommon):
    def test_the_state_can_not_be_written(self):
        installment = self.installment()
        with self.assertRaises(AccessError):
            installment.state = "paid"
        with self.assertRaises(AccessError):
            installment.write({"invoice_id": self.env["account.move"].search([], limit=1).id})

    def test_a_transition_that_does_not_exist_is_refused(self):
        with self.assertRaisesRegex(UserError, "can not become"):
            self.installment()._set_state("paid")

    def test_every_step_is_in_the_history(self):
        installment = self.installment()
        self.execute()
        self.bank_reaches(WEDNESDAY)
        steps = [(line.from_state, line.to_state) for line in installment.history_ids.sorted("id")]
        self.assertEqual(
            steps,
            [("planned", "invoiced"), ("invoiced", "in_collection"), ("in_collection", "paid")],
        )

    def test_what_was_invoiced_can_not_be_deleted(self):
        installment = self.installment()
        self.execute()
        with self.assertRaisesRegex(UserError, "can not be deleted"):
            installment.unlink()

    def test_cancel_leaves_what_is_under_way(self):
        planned, under_way = self.installment(due="2026-03-04"), self.installment()
        self.execute()
        (planned + under_way)._cancel("contrat résilié")
        self.assertEqual(planned.state, "cancelled")
        self.assertEqual(under_way.state, "in_collection")

    def test_a_transfer_pays_a_one_off_installment_and_undoing_it_reopens(self):
        installment = self.installment(collection_mode="one_off", mandate_id=False)
        self.execute()
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=installment.invoice_id.ids
        )
        payment = register.create({})._create_payments()
        self.assertEqual(installment.state, "paid")
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(installment.state, "unpaid")

    def test_a_transfer_pays_at_once_and_a_debit_on_its_way_is_told_when_it_arrives(self):
        installment = self.installment()
        self.execute()
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=installment.invoice_id.ids
        )
        register.create({})._create_payments()
        self.assertEqual(installment.state, "paid")
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(installment.transaction_ids.debit_status, "collected")
        self.assertEqual(installment.state, "paid")
        alert = self.env["payment.alert"].search([("kind", "=", "overpaid")])
        self.assertEqual(alert.res_id, installment.transaction_ids.id)

    def test_only_an_unpaid_installment_can_be_collected_again(self):
        with self.assertRaisesRegex(UserError, "not unpaid"):
            self.installment().action_retry()

    def test_release_gives_the_former_state_back(self):
        fresh, tried = self.installment(due="2026-03-04"), self.installment("fail:AM04")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        both = fresh + tried
        both.action_hold()
        both.action_release()
        self.assertEqual((fresh.state, tried.state), ("planned", "unpaid"))
