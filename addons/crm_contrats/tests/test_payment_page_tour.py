from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.common_tour import TourCommon

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPaymentPageTour(TourCommon, ContractCommon):
    """What a finance person does all day, at the web client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls.tour_user("page_tour", "payment_direct_debit.group_payment_manager")
        cls.client, cls.mandate = cls.client_with_mandate("fail:AM04 ; collect")
        cls.contract_made = cls.active_contract(
            partner_id=cls.client.id,
            mandate_id=cls.mandate.id,
            collection_mode="automatic",
            date_start=date(2026, 2, 1),  # one installment is due
        )
        cls.first = cls.contract_made.installment_ids.sorted("due_date")[:1]

        # What the filters leave out: without it nobody sees when they have done so.
        other, mandate = cls.client_with_mandate(name="Garage du Port")
        cls.active_contract(
            partner_id=other.id,
            mandate_id=mandate.id,
            collection_mode="automatic",
            date_start=date(2026, 2, 1),
        )

    def setUp(self):
        super().setUp()
        self.execute(MONDAY, WEDNESDAY)
        self.env.invalidate_all()  # the run has an environment of its own
        self.bank_reaches(date(2026, 2, 6))
        self.debit = self.first.transaction_ids

    def tour(self, name):
        # The first page builds the assets.
        self.start_tour("/odoo/payments", name, login="page_tour", timeout=180)

    def test_find_a_failed_debit_read_why_and_retry_it(self):
        self.tour("payment_page_find_and_retry")
        self.assertTrue(self.first.retry_on)

    def test_hold_and_release(self):
        self.tour("payment_page_hold_and_release")
        self.assertEqual(self.first.state, "unpaid")
        moved = self.first.history_ids.mapped("to_state")
        self.assertIn("held", moved)

    def test_follow_the_whole_cycle(self):
        self.tour("payment_page_cycle")
        self.assertEqual(self.debit.payment_status, "failed")
