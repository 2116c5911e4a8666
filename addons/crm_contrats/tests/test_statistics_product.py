from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestStatisticsProduct(ContractCommon):
    """A contract of several products is one payment, under its main product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["payment.collection.report"]
        cls.run_made = cls.env["payment.run"].create(
            {"company_id": cls.company.id, "date": MONDAY, "date_until": WEDNESDAY}
        )

    def debited(self, *lines):
        """Return (contract, debit of its first installment)."""
        client, mandate = self.client_with_mandate("collect")
        contract = self.active_contract(
            *lines, partner_id=client.id, mandate_id=mandate.id, collection_mode="automatic"
        )
        first = contract.installment_ids.sorted("due_date")[:1]
        first._invoice(MONDAY)
        debit = first._routed(MONDAY)._create_debits(self.run_made, {first.id: WEDNESDAY}, MONDAY)
        self.env.flush_all()
        return contract, debit

    def test_the_product_with_the_highest_total(self):
        contract, debit = self.debited(
            {"quantity": 1}, {"product_id": self.hosting.id, "quantity": 3}
        )
        row = self.report.browse(debit.id)
        self.assertEqual(row.product_id, self.hosting, "3 times 8.20 is more than 19.99")
        self.assertEqual(row.contract_id, contract)

    def test_the_products_together_make_what_was_asked_for(self):
        _contract, one = self.debited({"quantity": 1}, {"product_id": self.hosting.id})
        _contract, other = self.debited({"product_id": self.hosting.id})
        rows = self.report._read_group(
            [("id", "in", (one | other).ids)], ["product_id"], ["amount:sum", "__count"]
        )
        found = {product: (total, count) for product, total, count in rows}
        self.assertEqual(
            found, {self.maintenance: (one.amount, 1), self.hosting: (other.amount, 1)}
        )
