from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from .crm_contract_lifecycle import UNBILLED_STATES

# What a client is charged for: fixed as soon as a period was invoiced with it.
PRICED_FIELDS = frozenset(
    {"product_id", "quantity", "price_unit", "discount", "tax_ids", "date_start", "contract_id"}
)


class CrmContractLine(models.Model):
    """What is delivered and at which price, between two dates.

    A new price is a new line: the former gets an end date, the new one a start. A period is billed
    with the lines that hold on its first day.
    """

    _name = "crm.contract.line"
    _description = "Contract Line"
    _order = "contract_id, sequence, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "crm.contract", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain=[("sale_ok", "=", True)],
    )
    name = fields.Text(
        string="Description",
        required=True,
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
    )
    quantity = fields.Float(required=True, default=1.0, digits="Product Unit")
    price_unit = fields.Float(
        string="Unit Price",
        required=True,
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Price",
        aggregator=None,
    )
    discount = fields.Float(string="Discount (%)", digits="Discount", aggregator="avg")
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[("type_tax_use", "=", "sale")],
        context={"active_test": False},
    )
    date_start = fields.Date(string="From", help="Empty: from the start of the contract.")
    date_end = fields.Date(string="To", help="Last day; empty: as long as the contract.")
    price_subtotal = fields.Monetary(
        string="Untaxed", compute="_compute_amounts", store=True, currency_field="currency_id"
    )
    price_total = fields.Monetary(
        string="Total", compute="_compute_amounts", store=True, currency_field="currency_id"
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of a contract line must be more than zero."
    )
    _price_positive = models.Constraint(
        "CHECK(price_unit >= 0)", "The price of a contract line can not be negative."
    )
    _discount_range = models.Constraint(
        "CHECK(discount BETWEEN 0 AND 100)", "A discount is between 0 and 100 %."
    )
    _end_after_start = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A contract line can not end before it starts.",
    )

    @api.depends("product_id")
    def _compute_from_product(self):
        for line in self:
            product = line.product_id.with_company(line.company_id)
            lang = line.contract_id.partner_id.lang or self.env.lang
            if product:
                named = product.with_context(lang=lang, display_default_code=False)
                line.name = named.get_product_multiline_description_sale()
                line.price_unit = product.lst_price

    @api.depends("product_id", "contract_id.partner_id")
    def _compute_tax_ids(self):
        positions = {}
        for line in self:
            company, partner = line.company_id, line.contract_id.partner_id
            taxes = line.product_id.taxes_id._filter_taxes_by_company(company)
            if partner not in positions:
                positions[partner] = (
                    self.env["account.fiscal.position"]
                    .with_company(company)
                    ._get_fiscal_position(partner)
                )
            line.tax_ids = positions[partner].map_tax(taxes)

    @api.depends("quantity", "price_unit", "discount", "tax_ids", "currency_id", "company_id")
    def _compute_amounts(self):
        for line in self:
            totals = line._tax_totals()
            line.price_subtotal = totals["base_amount_currency"]
            line.price_total = totals["total_amount_currency"]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.contract_id._reprice_planned()
        return lines

    def write(self, vals):
        if PRICED_FIELDS & vals.keys():
            self._check_not_billed()
        result = super().write(vals)
        if (PRICED_FIELDS | {"date_end"}) & vals.keys():
            self.contract_id._reprice_planned()
        return result

    def unlink(self):
        self._check_not_billed()
        contracts = self.contract_id
        result = super().unlink()
        contracts.exists()._reprice_planned()
        return result

    def _check_not_billed(self):
        """Refuse to touch what a client was already charged."""
        running = self.filtered(lambda line: line.contract_id.state not in ("draft", "sent"))
        if not running:
            return
        last_billed = dict(
            self.env["payment.installment"]
            .sudo()
            ._read_group(
                [
                    ("contract_id", "in", running.contract_id.ids),
                    ("state", "not in", (*UNBILLED_STATES, "cancelled")),
                ],
                ["contract_id"],
                ["period_start:max"],
            )
        )
        for line in running:
            billed = last_billed.get(line.contract_id.sudo())
            if billed and line._holds_on(billed):
                raise UserError(
                    self.env._(
                        "“%(line)s” was already billed to the client. Give it an end date and add"
                        " a new line from the day of the change.",
                        line=line.name,
                    )
                )

    def _holds_on(self, day):
        """Tell whether the line is delivered on a day."""
        self.ensure_one()
        return (not self.date_start or self.date_start <= day) and (
            not self.date_end or day <= self.date_end
        )

    def _period_price(self, period=None):
        """Return the unit price for a period: a share of it when the contract ends within.

        :param schedule.Period period: None for the full price.
        :return: a float, rounded as prices are.
        """
        self.ensure_one()
        if not period or not period.is_partial:
            return self.price_unit
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float(period.prorate(Decimal(float_repr(self.price_unit, digits)), digits))

    def _tax_totals(self, period=None):
        """Return what Odoo's tax engine makes of these lines, as on one invoice.

        The same calls as `account.move` and `sale.order` make, so that an installment and its
        invoice agree to the cent.

        :param schedule.Period period: None for a full period.
        :return: dict with base_amount_currency, tax_amount_currency, total_amount_currency.
        """
        AccountTax = self.env["account.tax"]
        company = self.company_id[:1] or self.env.company
        base_lines = [
            AccountTax._prepare_base_line_for_taxes_computation(
                line,
                price_unit=line._period_price(period),
                partner_id=line.contract_id.commercial_partner_id,
                rate=1.0,
            )
            for line in self
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, company)
        AccountTax._round_base_lines_tax_details(base_lines, company)
        return AccountTax._get_tax_totals_summary(
            base_lines=base_lines,
            currency=self.currency_id[:1] or company.currency_id,
            company=company,
        )
