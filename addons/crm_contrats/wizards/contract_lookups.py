"""What the rows of contracts.csv name: products, taxes, users, contracts; one query a kind."""

from collections import defaultdict
from decimal import Decimal

from .loader import Loader


class ContractLookups(Loader):
    """The records that a contracts file names, by what the file calls them."""

    def __init__(self, env, parsed):
        super().__init__(env, parsed)
        self.rows = [row for rows in parsed.contracts.values() for row in rows]
        self.clients = self.clients_by_code({row.client_code for row in self.rows})
        self.products = self._products()
        self.taxes = self._sale_taxes()
        self.countries = self._countries()
        self.users = self._users()
        self.known = self._known()

    def _products(self):
        found = self.env["product.product"].search(
            [
                ("default_code", "in", list({row.product for row in self.rows})),
                ("company_id", "in", (False, self.company.id)),
            ]
        )
        return found.grouped("default_code")

    def _sale_taxes(self):
        taxes = (
            self.env["account.tax"]
            .with_context(active_test=False)
            .search(
                [
                    *self.env["account.tax"]._check_company_domain(self.company),
                    ("type_tax_use", "=", "sale"),
                    ("amount_type", "=", "percent"),
                ]
            )
        )
        by_rate = defaultdict(self.env["account.tax"].browse)
        for tax in taxes:
            by_rate[Decimal(str(tax.amount)).normalize()] |= tax
        return by_rate

    def _countries(self):
        codes = list({row.country for row in self.rows})
        return self.env["res.country"].search([("code", "in", codes)]).grouped("code")

    def _users(self):
        logins = list({row.sales_rep for row in self.rows if row.sales_rep})
        found = self.env["res.users"].search([("login", "in", logins), ("share", "=", False)])
        return found.grouped("login")

    def _known(self):
        found = self.env["crm.contract"].search(
            [
                ("company_id", "=", self.company.id),
                ("reference", "in", list(self.parsed.contracts)),
            ]
        )
        return found.grouped("reference")

    def _tax(self, row):
        """Return the tax of a row: of the rate it names, the nearest to the product's own tax.

        :return: one tax, or none when no sales tax has this rate.
        """
        own = self._product_taxes(row)
        if row.tax is None:
            return own
        model = own[:1]
        candidates = self.taxes.get(row.tax.normalize(), self.env["account.tax"])
        return candidates.sorted(
            lambda tax: (
                tax not in own,
                tax.price_include != model.price_include,
                tax.tax_scope != model.tax_scope,
                tax.tax_exigibility != model.tax_exigibility,
                not tax.active,
                tax.sequence,
                tax.id,
            )
        )[:1]

    def _product_taxes(self, row):
        return self.products[row.product].taxes_id._filter_taxes_by_company(self.company)
