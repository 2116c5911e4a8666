from odoo import fields
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_tour import TourCommon

from ..schedule import add_months
from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestDebitCalendarTour(TourCommon, ContractCommon):
    """A debit is dragged to another day at the web client, and refused where it may not be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls.tour_user("calendar_tour", "payment_direct_debit.group_payment_user")
        client, mandate = cls.client_with_mandate()
        today = fields.Date.context_today(client)
        cls.next_month = add_months(today.replace(day=1), 1)
        contract = cls.contract(
            partner_id=client.id,
            mandate_id=mandate.id,
            collection_mode="automatic",
            date_start=cls.next_month,
            billing_day=10,
        )
        contract._activate(today)
        cls.first = contract.installment_ids.sorted("due_date")[:1]

    def test_a_debit_is_dragged_to_another_day(self):
        # The first page builds the assets.
        self.start_tour(
            "/odoo/debit-calendar", "debit_calendar_move", login="calendar_tour", timeout=180
        )
        self.assertEqual(self.first.moved_from, self.next_month.replace(day=10))
        self.assertGreater(self.first.due_date, self.next_month.replace(day=26))
        self.assertLess(self.first.due_date, add_months(self.next_month, 1))
        line = self.first.history_ids[:1]
        self.assertEqual(line.user_id, self.finance)
        self.assertIn("His salary comes later", line.reason)
