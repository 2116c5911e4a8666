from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.payment_collection.tests.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCashForecastTour(HttpCase, CollectionCommon):
    def test_from_nothing_to_the_installments_behind_a_week(self):
        """Finance works the forecast out, reads it, and looks at what is behind a week."""
        self.env["res.lang"]._activate_lang("en_US")
        user = new_test_user(
            self.env,
            login="forecast_tour",
            groups="payment_direct_debit.group_payment_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            lang="en_US",
        )
        # The Monday after next: due and paid in the same week, whatever day it is today.
        today = fields.Date.context_today(self.env.user)
        self.installment(amount=1000, due=today + timedelta(days=14 - today.weekday()))
        self.start_tour(
            "/odoo/cash-forecast", "payment_cash_forecast", login=user.login, timeout=180
        )
