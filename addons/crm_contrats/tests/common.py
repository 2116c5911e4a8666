"""What the tests of the contracts share: a French company, products, contracts, files."""

import csv
import io
from datetime import date
from pathlib import Path

from odoo import Command

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY, CollectionCommon

from ..importing import contracts

# The files of the demonstration, beside the addons in the checkout.
DEMO = Path(__file__).parents[3] / "demo"
TODAY = date(2026, 1, 1)


class ContractCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_20 = cls._tax(20.0)
        cls.tax_10 = cls._tax(10.0)
        cls.maintenance = cls._product("MAINT", "Maintenance", 19.99)
        cls.hosting = cls._product("HOST", "Hébergement", 8.20)
        cls.partner = cls.env["res.partner"].create(
            {"name": "Ateliers Mirevaux", "is_company": True, "lang": "fr_FR"}
        )

    @classmethod
    def _tax(cls, rate):
        """Return a sales tax of the French chart, in use."""
        taxes = cls.env["account.tax"].with_context(active_test=False)
        tax = taxes.search(
            [
                ("company_id", "=", cls.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", rate),
                ("price_include_override", "=", False),
                ("tax_exigibility", "=", "on_invoice"),
            ],
            limit=1,
        )
        tax.active = True
        return tax

    @classmethod
    def _product(cls, code, name, price):
        return cls.env["product.product"].create(
            {
                "default_code": code,
                "name": name,
                "type": "service",
                "list_price": price,
                "taxes_id": [Command.set(cls.tax_20.ids)],
            }
        )

    @classmethod
    def contract(cls, *lines, **values):
        """Return a draft contract; a line is a dict, by default 19.99 of maintenance."""
        return cls.env["crm.contract"].create(
            {
                "partner_id": cls.partner.id,
                "company_id": cls.company.id,
                "date_start": TODAY,
                "collection_mode": "one_off",
                **values,
                "line_ids": [
                    Command.create({"product_id": cls.maintenance.id, **line})
                    for line in lines or ({},)
                ],
            }
        )

    @classmethod
    def active_contract(cls, *lines, **values):
        """Return an active contract planned for a year from TODAY."""
        contract = cls.contract(*lines, **values)
        contract._activate(TODAY)
        return contract

    @classmethod
    def importer(cls):
        return cls.env["crm.contract.import"].with_company(cls.company)

    @classmethod
    def row(cls, **cells):
        """Return a good row of contracts.csv, changed by ``cells``."""
        return {
            **dict.fromkeys(contracts.COLUMNS, ""),
            "reference": "X-1",
            "line": "1",
            "client_code": "C1",
            "client": "Boulangerie Grandcœur",
            "product": "MAINT",
            "unit_price": "19,99",
            "start_date": "2025-10-01",
            "billing_period": "monthly",
            "billing_day": "5",
            **cells,
        }


class RepCommon(ContractCommon):
    """What belongs to a rep: the debits of the contracts and clients that are his own."""

    @classmethod
    def debited(cls, rep, failed=True):
        """Return a debit of a new contract of the rep's: failed, with its return, or on its way."""
        client, mandate = cls.client_with_mandate()
        client.user_id = rep
        contract = cls.active_contract(
            user_id=rep.id,
            partner_id=client.id,
            mandate_id=mandate.id,
            collection_mode="automatic",
        )
        first = contract.installment_ids.sorted("due_date")[:1]
        first._invoice(MONDAY)
        run = cls.env["payment.run"].search([("company_id", "=", cls.company.id)], limit=1)
        run = run or cls.env["payment.run"].create(
            {"company_id": cls.company.id, "date": MONDAY, "date_until": WEDNESDAY}
        )
        debit = first._routed(MONDAY)._create_debits(run, {first.id: WEDNESDAY}, MONDAY)
        if failed:
            debit._debit_fail("test", MONDAY, "AM04")
        cls.env.flush_all()
        return debit


def file_of(*rows, columns=None):
    """Return the bytes of a file with these rows."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns or list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
