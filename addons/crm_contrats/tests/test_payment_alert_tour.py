from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPaymentAlertTour(HttpCase, ContractCommon):
    """Alerts at the web client: read one, snooze one, close one and find its comment again."""

    def test_read_snooze_and_close(self):
        self.env["res.lang"]._activate_lang("en_US")
        finance = new_test_user(
            self.env,
            "alert_tour",
            "payment_direct_debit.group_payment_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            lang="en_US",
        )
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
