from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_tour import TourCommon

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPaymentAlertTour(TourCommon, ContractCommon):
    """Alerts at the web client: read one, snooze one, close one and find its comment again."""

    def test_read_snooze_and_close(self):
        finance = self.tour_user("alert_tour", "payment_direct_debit.group_payment_user")
        alerts = self.env["payment.alert"]
        alerts.search([("state", "=", "open")])._set_state("closed", "before the tour")
        paused = alerts._raise_alert(
            "provider_paused", self.provider, "Demo bank is paused: the key is wrong.", "high"
        )
        overpaid = alerts._raise_alert(
            "overpaid", self.partner, "120 € of Ateliers Mirevaux was owed to nobody."
        )
        # The first page builds the assets.
        self.start_tour(
            "/odoo/payment-alerts", "payment_alert_work", login="alert_tour", timeout=180
        )
        self.assertEqual((paused.user_id, paused.standing), (finance, "snoozed"))
        self.assertEqual((overpaid.state, overpaid.closed_by_id), ("closed", finance))
        self.assertEqual(overpaid.close_comment, "The client keeps it for June.")
