import logging
from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import format_date, split_every

from odoo.addons.payment_direct_debit.batch import in_savepoints

from ..schedule import MONTHS, add_months, periods

_logger = logging.getLogger(__name__)

HORIZON_MONTHS = 12
CHUNK = 500


class CrmContract(models.Model):
    """What a contract brings, and the schedule that it makes."""

    _inherit = "crm.contract"

    amount_untaxed = fields.Monetary(
        string="Untaxed per Period", compute="_compute_amounts", store=True
    )
    amount_tax = fields.Monetary(string="Taxes per Period", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(
        string="Total per Period", compute="_compute_amounts", store=True
    )
    amount_monthly = fields.Monetary(
        string="Untaxed per Month",
        compute="_compute_amounts",
        store=True,
        help="The untaxed amount of a period brought back to one month.",
    )

    @api.depends(
        "line_ids.quantity",
        "line_ids.price_unit",
        "line_ids.discount",
        "line_ids.tax_ids",
        "line_ids.date_start",
        "line_ids.date_end",
        "date_start",
        "billing_period",
        "currency_id",
        "company_id",
    )
    def _compute_amounts(self):
        """Amounts of a full period, with the lines that hold today (or at the start, if later).

        A dated line takes effect without a write: `_cron_plan` brings these contracts up to date.
        """
        today = fields.Date.context_today(self)
        for contract in self:
            contract.update(contract._recurring_amounts(today))

    def _recurring_amounts(self, today):
        """Return the amounts of a full period on a day, as values of the contract's fields.

        :param date today: the engine's date.
        """
        self.ensure_one()
        lines = self._lines_on(max(self.date_start or today, today))
        totals = lines._tax_totals()
        untaxed = totals["base_amount_currency"]
        return {
            "amount_untaxed": untaxed,
            "amount_tax": totals["tax_amount_currency"],
            "amount_total": totals["total_amount_currency"],
            "amount_monthly": untaxed / MONTHS.get(self.billing_period, 1),
        }

    def _lines_on(self, day):
        """Return the lines delivered on a day."""
        return self.line_ids.filtered(lambda line: line._holds_on(day))

    # === PLANNING === #

    @api.model
    def _planning_horizon(self, on, months=HORIZON_MONTHS):
        """Return the last day to plan from a day on: a year has twelve monthly installments."""
        return add_months(on, months) - timedelta(days=1)

    def _plan_installments(self, until):
        """Create the installments that running contracts owe up to a day, each period once.

        A period that has an installment already, cancelled or not, is left alone: the method can
        be called at any time, and again. Nothing is created for a period that costs nothing.

        :param date until: last nominal due date to plan, inclusive.
        :return: the installments created.
        """
        contracts = self.sudo().filtered(lambda row: row.state in ("active", "suspended"))
        # Filtered lines lose their prefetch: without this, one query a contract for the taxes.
        contracts.line_ids.fetch(["tax_ids"])
        planned = contracts._planned_starts()
        pricing = {}
        values = []
        for contract in contracts:
            for period in contract._periods(until):
                if period.start not in planned[contract.id]:
                    values += contract._installment_values(period, pricing)
        return self.env["payment.installment"].sudo().create(values)

    def _periods(self, until):
        """Return the periods billed here that are due up to a day."""
        self.ensure_one()
        return periods(
            self.date_start,
            self.date_end or None,
            self.billing_period,
            self.billing_day,
            self.bill_from or date.min,
            until,
        )

    def _planned_starts(self):
        """Return {contract id: first days of the periods that have an installment}."""
        rows = self.env["payment.installment"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["period_start:array_agg"]
        )
        starts = defaultdict(set)
        for contract, days in rows:
            starts[contract.id].update(days)
        return starts

    def _installment_values(self, period, pricing):
        """Return a list of none or one dict: the installment of a period.

        :param schedule.Period period: the period.
        :param dict pricing: a memory of amounts, shared by one planning.
        """
        self.ensure_one()
        amount = self._period_amount(period, pricing)
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            return []
        return [
            {
                "contract_id": self.id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "amount": amount,
                "due_date": period.due,
                "period_start": period.start,
                "period_end": period.end,
                "collection_mode": self.collection_mode,
                "mandate_id": self.mandate_id.id,
                "label": self._period_label(period.start, period.end),
            }
        ]

    def _period_label(self, start, end):
        """Return what the client reads on his bank statement: plain characters only."""
        lang = self.partner_id.lang or self.env.lang
        first, last = (format_date(self.env, day, lang_code=lang) for day in (start, end))
        return f"{self.name} {first} - {last}"

    def _period_amount(self, period, pricing):
        """Return the total, taxes included, of the invoice that a period will have.

        Many contracts have the same lines: equal lines are computed once.
        """
        lines = self._lines_on(period.start)
        share = (period.days, period.full_days) if period.is_partial else None
        key = (
            self.company_id.id,
            self.currency_id.id,
            share,
            *(
                (
                    line.product_id.id,
                    line.price_unit,
                    line.quantity,
                    line.discount,
                    *line.tax_ids.ids,
                )
                for line in lines
            ),
        )
        if key not in pricing:
            pricing[key] = lines._tax_totals(period)["total_amount_currency"]
        return pricing[key]

    # === CRON === #

    @api.model
    def _cron_plan(self, today=None, horizon_months=HORIZON_MONTHS):
        """End what has ended and plan what is due within the horizon; daily.

        :param date today: the engine's date; the clock's by default.
        :param int horizon_months: how far ahead to plan.
        :return: the number of installments created.
        """
        today = today or fields.Date.context_today(self)
        self._end_expired(today)
        running = self.search([("state", "in", ("active", "suspended"))])
        running._take_over(today)
        running._refresh_dated_amounts(today)
        until = self._planning_horizon(today, horizon_months)
        in_cron = bool(self.env.context.get("ir_cron_progress_id"))
        created, left = 0, len(running)
        for ids in split_every(CHUNK, running.ids):
            created += self.browse(ids)._plan_or_note(until, today)
            left -= len(ids)
            if in_cron:
                # Planning is idempotent: what is done is kept when the run is cut short.
                self.env["ir.cron"]._commit_progress(len(ids), remaining=left)
            self.env.invalidate_all()
        _logger.info("Planned %s installments of %s contracts", created, len(running))
        return created

    def _plan_or_note(self, until, today):
        """Plan; what can not be planned gets a line in its history and stops nobody.

        :return: the number of installments created.
        """
        created = []
        in_savepoints(
            self,
            lambda batch: created.append(len(batch._plan_installments(until))),
            lambda contract, error: contract._state_note(
                self.env._("Not planned: %(error)s", error=str(error)[:300]), today
            ),
        )
        return sum(created)

    def _take_over(self, today):
        """Decide from when a taken-over contract is billed here, if its import did not say.

        :param date today: the first planning; what was due before is the former system's.
        """
        fresh = self.filtered(lambda row: row.reference and not row.bill_from)
        started = {
            contract.id
            for (contract,) in self.env["payment.installment"]
            .sudo()
            ._read_group([("contract_id", "in", fresh.ids)], ["contract_id"])
        }
        fresh.filtered(lambda row: row.id not in started).write({"bill_from": today})

    def _refresh_dated_amounts(self, today):
        """Compute again the amounts of contracts whose lines change by date.

        :param date today: the engine's date.
        """
        dated = self.env["crm.contract.line"].search(
            [
                ("contract_id", "in", self.ids),
                "|",
                ("date_start", "!=", False),
                ("date_end", "!=", False),
            ]
        )
        for contract in dated.contract_id:
            values = contract._recurring_amounts(today)
            changed = {
                name: value
                for name, value in values.items()
                if contract.currency_id.compare_amounts(contract[name], value)
            }
            if changed:
                contract.write(changed)
