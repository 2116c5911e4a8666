from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.common_tour import TourCommon


@tagged("post_install", "-at_install")
class TestRunTour(TourCommon):
    def test_preview_start_pause_resume_done(self):
        """A person at the web client, the scheduler in between."""
        user = self.tour_user("run_tour", "payment_direct_debit.group_payment_manager")
        due = self.env["payment.installment"].union(*(self.installment() for _ in range(4)))
        due[3].partner_id.collection_hold = True
        run = self.env["payment.run"].create(
            {"company_id": self.company.id, "date": MONDAY, "date_until": WEDNESDAY}
        )
        url = f"/odoo/action-payment_collection.payment_run_action/{run.id}"

        # The first page builds the assets.
        self.start_tour(url, "payment_run_preview_and_start", login=user.login, timeout=180)
        self.assertEqual(run.state, "paused")
        self.execute_here(run)
        self.assertFalse(due.transaction_ids, "paused: the scheduler leaves it alone")

        self.start_tour(url, "payment_run_resume", login=user.login)
        self.assertEqual(run.state, "running")
        self.execute_here(run)

        self.start_tour(url, "payment_run_done", login=user.login)
        self.assertEqual((run.state, run.debit_count, run.held_count), ("done", 3, 1))

    def execute_here(self, run):
        """Execute the run as the cron does, by a cursor that may commit."""
        with self.registry.cursor() as cr:
            run.with_env(self.env(cr=cr))._execute(MONDAY)
        self.env.invalidate_all()
