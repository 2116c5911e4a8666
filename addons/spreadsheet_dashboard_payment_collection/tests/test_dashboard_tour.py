from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.payment_collection.tests.common import WEDNESDAY
from odoo.addons.payment_collection.tests.common_page import PageCommon


@tagged("post_install", "-at_install")
class TestDashboardTour(HttpCase, PageCommon):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("en_US")
        self.finance.lang = "en_US"
        made = self.installment("collect") | self.installment("fail:AM04")
        self.env.flush_all()  # the run has an environment of its own
        self.execute()
        self.env.invalidate_all()
        self.bank_reaches(WEDNESDAY)
        debits = made.transaction_ids
        # Of this month, whatever the month.
        debits._state_write({"debit_requested_date": fields.Date.context_today(debits)})

    def test_finance_opens_on_the_dashboard_and_goes_on_to_the_statistics(self):
        # The first page builds the assets, those of the spreadsheets too.
        self.start_tour("/odoo", "payment_dashboard", login="page_finance", timeout=180)
