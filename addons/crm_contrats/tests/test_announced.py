"""What was announced follows its contract, and is announced again."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from .common import TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestAnnounced(ContractCommon, MockEmail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.prenotification_required = True
        cls.client, cls.mandate = cls.client_with_mandate()
        cls.client.email = "rousseau@example.com"
        cls.contract_told = cls.active_contract(
            {"price_unit": 20.0},
            partner_id=cls.client.id,
            mandate_id=cls.mandate.id,
            collection_mode="automatic",
            billing_day=5,
        )

    def announce(self, today):
        with self.mock_mail_gateway():
            self.env["payment.notice"]._cron_notices(today)
        return self.env["payment.notice"].search([("mandate_id", "=", self.mandate.id)])

    def test_a_year_is_told_in_one_notice(self):
        notice = self.announce(TODAY)
        self.assertEqual(len(notice.line_ids), 12)
        self.assertEqual(set(self.contract_told.installment_ids.mapped("state")), {"notified"})

    def test_another_price_is_told_before_it_is_debited(self):
        first = self.announce(TODAY)
        self.contract_told.line_ids.price_unit = 25.0
        rows = self.contract_told.installment_ids
        self.assertEqual(set(rows.mapped("amount")), {30.0})
        self.assertEqual(set(rows.mapped("state")), {"planned"})
        second = self.announce(date(2026, 1, 2)) - first
        self.assertEqual(set(second.line_ids.mapped("amount")), {30.0})
        self.assertTrue(second.replaces)

    def test_a_suspended_contract_is_not_announced(self):
        self.contract_told._suspend(TODAY)
        self.assertFalse(self.announce(TODAY))

    def test_what_is_cancelled_is_announced_no_more(self):
        self.announce(TODAY)
        self.contract_told._terminate(date(2026, 3, 31), "letter", TODAY)
        notices = self.announce(date(2026, 1, 2))
        self.assertEqual(len(notices), 1)
        open_ones = self.contract_told.installment_ids.filtered(lambda i: i.state == "notified")
        self.assertEqual(max(open_ones.mapped("due_date")), date(2026, 3, 5))

    def test_another_mandate_is_told(self):
        first = self.announce(TODAY)
        mandate = self.provider._demo_open_mandates(
            [{"partner_id": self.client.id, "signed_on": TODAY}]
        )
        self.contract_told.mandate_id = mandate
        self.announce(date(2026, 1, 2))
        second = self.env["payment.notice"].search([("mandate_id", "=", mandate.id)])
        self.assertEqual(len(second.line_ids), 12)
        self.assertEqual(first.state, "sent")
