from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_tour import TourCommon
from odoo.addons.payment_collection.tests.routing_common import RoutingCommon


@tagged("post_install", "-at_install")
class TestPaymentRouteTour(TourCommon, RoutingCommon):
    """A finance manager tries a rule before it is in force, and reads why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tour_user("route_tour", "payment_direct_debit.group_payment_manager")

    def test_simulate_a_rule_and_read_why(self):
        known, unknown = self.installment(), self.installment()
        self.known_to_b(known)
        self.env.flush_all()  # the run has an environment of its own
        self.execute()
        self.env.invalidate_all()
        debits = (known | unknown).transaction_ids
        self.assertEqual(debits.provider_id, self.psp_a)
        # The simulation proposes the month before the clock's.
        last_month = fields.Date.today().replace(day=15) - relativedelta(months=1)
        debits._state_write({"debit_requested_date": last_month})
        self.route(state="draft")
        self.start_tour(
            "/odoo/action-payment_collection.payment_route_action",
            "payment_route_simulation",
            login="route_tour",
            timeout=180,
        )
        simulation = self.env["payment.route.simulation"].search([], limit=1)
        self.assertEqual((simulation.debit_count, simulation.moved_count), (2, 1))
        self.assertEqual(debits.provider_id, self.psp_a, "nothing was moved")
