"""contracts.csv into the database: clients found or made, contracts compared or made."""

from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError

from ..importing import contracts as contract_file
from ..importing.errors import shown
from .contract_lookups import ContractLookups

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}

# Column of the file, field of the client.
CLIENT_FIELDS = {
    "client": "name",
    "siret": "company_registry",
    "email": "email",
    "phone": "phone",
    "street": "street",
    "zip": "zip",
    "city": "city",
}


class ContractLoader(ContractLookups):
    """One contracts file.

    :param date bill_from: what was due before it is the former system's business, or None.
    """

    kind = "contracts"

    def __init__(self, env, parsed, bill_from=None):
        super().__init__(env, parsed)
        self.bill_from = bill_from
        self.new = []
        self.unchanged = 0

    # === CHECKS === #

    def check(self):
        """Sort the contracts of the file into new, unchanged and refused."""
        for row in self.rows:
            self._check_row(row)
        self.errors += contract_file.spread(self.errors, self._rows_of())
        bad = {error.row for error in self.errors}
        for reference, rows in self.parsed.contracts.items():
            if bad.intersection(row.row for row in rows):
                continue
            known = self.known.get(reference)
            if not known:
                self.new.append(rows)
            elif difference := self._difference(known, rows):
                row, column, here, there = difference
                self.refuse(
                    row.row,
                    column,
                    "contract_exists",
                    value=shown(reference),
                    contract=known.name,
                    here=here,
                    file=there,
                )
            else:
                self.unchanged += 1
        self.errors += contract_file.spread(self.errors, self._rows_of())
        self._note_clients()

    def _rows_of(self):
        return {
            reference: [row.row for row in rows]
            for reference, rows in self.parsed.contracts.items()
        }

    def _check_row(self, row):
        products = self.products.get(row.product)
        if not products:
            self.refuse(row.row, "product", "unknown_product", value=shown(row.product))
        elif len(products) > 1:
            self.refuse(row.row, "product", "double_product", value=shown(row.product))
        elif row.tax is not None and not self._tax(row):
            self.refuse(row.row, "tax", "unknown_tax", value=f"{row.tax.normalize():f}")
        if row.sales_rep and row.sales_rep not in self.users:
            self.refuse(row.row, "sales_rep", "unknown_sales_rep", value=shown(row.sales_rep))
        if row.country not in self.countries:
            self.refuse(row.row, "country", "unknown_country", value=row.country)
        if len(self.clients.get(row.client_code, ())) > 1:
            self.refuse_double_client(row)

    def _difference(self, contract, rows):
        """Return (row, column, here, in the file) of the first difference, or None."""
        head = rows[0]
        pairs = [
            (head, "client_code", contract.partner_id.ref, head.client_code),
            (head, "start_date", contract.date_start, head.start_date),
            (head, "end_date", contract.date_end or None, head.end_date),
            (head, "billing_period", contract.billing_period, head.billing_period),
            (head, "billing_day", contract.billing_day, head.billing_day),
            (head, "collection_mode", contract.collection_mode, head.collection_mode),
            (head, "line", len(contract.line_ids), len(rows)),
        ]
        for line, row in zip(contract.line_ids, rows, strict=False):
            pairs += [
                (row, "product", line.product_id.default_code, row.product),
                (row, "quantity", Decimal(str(line.quantity)), row.quantity),
                (row, "unit_price", Decimal(str(line.price_unit)), row.unit_price),
                (row, "discount", Decimal(str(line.discount)), row.discount),
            ]
        for row, column, here, there in pairs:
            if here != there:
                return row, column, shown(str(here or "–")), shown(str(there or "–"))
        return None

    def _note_clients(self):
        """Say where a client here differs from the file; what is here is never overwritten."""
        for row in {row.client_code: row for row in self.rows}.values():
            client = self.clients.get(row.client_code, self.env["res.partner"])
            if len(client) != 1:
                continue
            columns = [
                column
                for column, field in CLIENT_FIELDS.items()
                if getattr(row, column) and getattr(row, column) != (client[field] or "")
            ]
            if columns:
                self.messages.append(
                    self.env._(
                        "Client %(code)s (row %(row)s) differs from the file: %(columns)s. What"
                        " is here was kept.",
                        code=row.client_code,
                        row=row.row,
                        columns=", ".join(columns),
                    )
                )

    # === WRITING === #

    def count(self):
        """Return how many contracts the file would make."""
        return len(self.new)

    def load(self):
        """Create the new contracts, active; return how many.

        What Odoo refuses all the same becomes an error of its rows.
        """
        self._activate_taxes()
        self._create_clients()
        created = self._create(self.new)
        created._set_state(
            "active", self.env._("Taken over from another system."), self.bill_from or None
        )
        if self.bill_from:
            created._plan_installments(created._planning_horizon(self.bill_from))
        return len(created)

    def _activate_taxes(self):
        taxes = self.env["account.tax"]
        for rows in self.new:
            for row in rows:
                taxes |= self._tax(row)
        for tax in taxes.filtered(lambda tax: not tax.active):
            # A rate of the country's own chart that nobody had used; finance may not switch it on.
            tax.sudo().active = True
            self.messages.append(
                self.env._("The tax “%(tax)s” was archived and is active now.", tax=tax.name)
            )

    def _create_clients(self):
        missing = {
            rows[0].client_code: rows[0]
            for rows in self.new
            if rows[0].client_code not in self.clients
        }
        values = [
            {
                "ref": row.client_code,
                "is_company": row.kind == "company",
                "country_id": self.countries[row.country].id,
                "customer_rank": 1,
                "lang": self.company.partner_id.lang,
                **{field: getattr(row, column) for column, field in CLIENT_FIELDS.items()},
            }
            for row in missing.values()
        ]
        # The import is a right of its own; neither finance nor sales may write all contacts.
        made = self.env["res.partner"].sudo().with_context(**QUIET).create(values)
        for partner in made:
            self.clients[partner.ref] = partner.sudo(False)

    def _create(self, groups):
        """Create contracts; where that fails, both halves, down to the bad one."""
        model = self.env["crm.contract"].with_context(**QUIET)
        if not groups:
            return model
        try:
            with self.env.cr.savepoint():
                return model.create([self._contract_values(rows) for rows in groups])
        except UserError as error:
            if len(groups) == 1:
                for row in groups[0]:
                    self.refuse(row.row, "reference", "said", text=str(error))
                return model
        middle = len(groups) // 2
        return self._create(groups[:middle]) | self._create(groups[middle:])

    def _contract_values(self, rows):
        head = rows[0]
        return {
            "reference": head.reference,
            "partner_id": self.clients[head.client_code].id,
            "company_id": self.company.id,
            "user_id": self.users[head.sales_rep].id if head.sales_rep else False,
            "signed_on": head.signed_on,
            "date_start": head.start_date,
            "date_end": head.end_date,
            "bill_from": self.bill_from,
            "billing_period": head.billing_period,
            "billing_day": head.billing_day,
            "collection_mode": head.collection_mode,
            "line_ids": [Command.create(self._line_values(row)) for row in rows],
        }

    def _line_values(self, row):
        values = {
            "sequence": row.line,
            "product_id": self.products[row.product].id,
            "quantity": float(row.quantity),
            "price_unit": float(row.unit_price),
            "discount": float(row.discount),
        }
        if row.label:
            values["name"] = row.label
        if row.tax is not None:
            values["tax_ids"] = [Command.set(self._tax(row).ids)]
        return values
