from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_tour import TourCommon


@tagged("post_install", "-at_install")
class TestCashForecastTour(TourCommon):
    def test_from_nothing_to_the_installments_behind_a_week(self):
        """Finance works the forecast out, reads it, and looks at what is behind a week."""
        user = self.tour_user("forecast_tour", "payment_direct_debit.group_payment_user")
        # The Monday after next: due and paid in the same week, whatever day it is today.
        today = fields.Date.context_today(self.env.user)
        self.installment(amount=1000, due=today + timedelta(days=14 - today.weekday()))
        self.start_tour(
            "/odoo/cash-forecast", "payment_cash_forecast", login=user.login, timeout=180
        )
