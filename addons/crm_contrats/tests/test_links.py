from odoo.tests import tagged

from .common import TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestLinks(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client, cls.mandate = cls.client_with_mandate()
        cls.running = cls.active_contract(partner_id=cls.client.id, mandate_id=cls.mandate.id)
        cls.first = cls.running.installment_ids.sorted("due_date")[0]
        cls.first._invoice(TODAY)

    def found(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    def test_contract_leads_to_its_schedule_invoices_and_mandate(self):
        contract = self.running
        self.assertEqual(self.found(contract.action_view_installments()), contract.installment_ids)
        self.assertEqual(self.found(contract.action_view_invoices()), self.first.invoice_id)
        self.assertEqual(contract.action_view_mandate()["res_id"], self.mandate.id)
        self.assertFalse(self.found(contract.action_view_debits()))
        self.assertEqual((contract.installment_count, contract.invoice_count), (12, 1))

    def test_everything_leads_back_to_the_contract(self):
        for record in (self.first.invoice_id, self.mandate):
            self.assertEqual(record.contract_count, 1)
            self.assertEqual(record.action_view_contracts()["res_id"], self.running.id)
        self.assertEqual(self.first.action_view_contract()["res_id"], self.running.id)

    def test_invoices_are_found_by_contract(self):
        moves = self.env["account.move"].search([("contract_ids", "in", self.running.ids)])
        self.assertEqual(moves, self.first.invoice_id)

    def test_a_company_counts_the_contracts_of_its_contacts(self):
        contact = self.env["res.partner"].create({"name": "Achats", "parent_id": self.client.id})
        self.contract(partner_id=contact.id)
        self.assertEqual((self.client.contract_count, contact.contract_count), (2, 1))
        action = self.client.action_view_contracts()
        self.assertEqual(len(self.found(action)), 2)

    def test_figures_tell_the_next_due_date(self):
        rows = self.running.installment_ids.sorted("due_date")
        self.assertEqual(self.running.next_due_date, rows[1].due_date)
