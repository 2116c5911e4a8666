from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.common_tour import TourCommon

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPaymentRepTour(TourCommon, ContractCommon):
    """A sales rep sees his own clients' payments and no bank data, whatever he opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls._debtor("rep_tour", "Boulangerie Grandcœur")
        cls._debtor("rep_tour_other", "Garage du Port")
        cls.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": own.partner_id.id}
        )

    @classmethod
    def _debtor(cls, login, client):
        rep = cls.tour_user(login, "sales_team.group_sale_salesman")
        partner, mandate = cls.client_with_mandate("fail:AM04", name=client)
        partner.user_id = rep
        return cls.active_contract(
            user_id=rep.id,
            partner_id=partner.id,
            mandate_id=mandate.id,
            collection_mode="automatic",
            date_start=date(2026, 2, 1),
        )

    def test_a_rep_sees_his_own_and_no_iban(self):
        self.execute(MONDAY, WEDNESDAY)
        self.env.invalidate_all()
        self.bank_reaches(date(2026, 2, 6))
        self.start_tour("/odoo", "payment_rep_own_clients", login="rep_tour", timeout=180)
