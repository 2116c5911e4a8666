import json

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.payment_collection.models.exports.payment_export_making import Source
from odoo.addons.payment_collection.pure.export_cells import Column, Row, clean
from odoo.addons.payment_direct_debit.pure import money

ESSENTIAL = (
    "payment_day",
    "reference",
    "partner_id",
    "amount",
    "currency_id",
    "payment_status",
    "payment_reason",
)
# Without these nobody can tell the rows, or what an amount means.
ALWAYS = ("reference", "currency_id")


class PaymentExport(models.Model):
    """The rows of the Payments page."""

    _inherit = "payment.export"

    @api.model
    def _payment_columns(self, preset, shown=()):
        """Return the names of the columns of a preset.

        :param str preset: "essential", "all", or "shown" for those of the page.
        :param shown: fields of payment.transaction, in order; others than ours are left out.
        """
        columns = self.env["payment.transaction"]._export_columns()
        if preset == "all":
            return list(columns)
        if preset == "shown":
            known = [name for name in dict.fromkeys(shown) if name in columns]
            if known:
                missing = [name for name in ALWAYS if name not in known]
                return [*known, *missing]
        return list(ESSENTIAL)

    @api.model
    def _payments_domain(self, company, domain):
        """Return the payments of a company within a filter."""
        return Domain(domain) & Domain(
            [("payment_status", "!=", False), ("company_id", "=", company.id)]
        )

    def _source_payments(self):
        payments = self.env["payment.transaction"]
        domain = self._payments_domain(self.company_id, self._filter())
        known = payments._export_columns()
        names = [name for name in json.loads(self.columns or "[]") if name in known]
        names = names or list(ESSENTIAL)
        columns = [Column(self.env._(known[name][0]), known[name][1]) for name in names]
        return Source(columns, payments.search_count(domain), self._payment_rows(domain, names))

    def _payment_rows(self, domain, names):
        for page in self._pages(self.env["payment.transaction"], domain):
            cells = self._cells(page, {*names, "amount", "currency_id", "payment_status"})
            columns = [cells[name] for name in names]
            yield [
                Row(values, *counted)
                for values, *counted in zip(
                    zip(*columns, strict=True),
                    cells["payment_status"],
                    cells["currency_id"],
                    cells["amount"],
                    strict=True,
                )
            ]

    @api.model
    def _cells(self, records, names):
        """Return {field: its values as files hold them, in the order of the records}.

        :param names: fields; an amount needs its currency among them.
        """
        rows = records.read(list(names), load=None)  # many times faster than record by record
        cells = {}
        for name in names:
            field = records._fields[name]
            values = [row[name] for row in rows]
            if field.type == "many2one":
                cells[name] = self._labels(records.env[field.comodel_name], values)
            elif field.type == "selection":
                words = dict(field._description_selection(self.env))
                cells[name] = [words.get(value, "") for value in values]
            elif field.type == "monetary":
                currencies = [row[field.get_currency_field(records)] for row in rows]
                cells[name] = self._decimals(values, currencies)
            else:
                cells[name] = [clean(value or None) for value in values]
        return cells

    @api.model
    def _labels(self, model, ids):
        """Return the names of records; as in a list, who sees a record sees whom it points to."""
        targets = model.sudo().browse({number for number in ids if number})
        labels = {target.id: clean(target.display_name or "") for target in targets}
        return [labels.get(number, "") for number in ids]

    @api.model
    def _decimals(self, amounts, currency_ids):
        """Return amounts as exact decimals of their currencies."""
        currencies = self.env["res.currency"].browse(set(currency_ids))
        digits = {currency.id: currency.decimal_places for currency in currencies}
        return [
            self._decimal(amount, digits[currency])
            for amount, currency in zip(amounts, currency_ids, strict=True)
        ]

    @api.model
    def _decimal(self, amount, digits):
        """Return an amount as an exact decimal.

        :param float amount: in units of the currency.
        :param int digits: decimals of the currency.
        """
        return money.from_cents(money.to_cents(amount, digits), digits)
