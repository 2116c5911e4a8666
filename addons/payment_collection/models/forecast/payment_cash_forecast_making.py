import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.payment_collection.pure import cash_forecast, cash_forecast_error
from odoo.addons.payment_collection.pure.cash_forecast_rates import NO_PROVIDER, Rates
from odoo.addons.payment_direct_debit.batch import in_savepoints

from .payment_cash_forecast_past import LEARN_DAYS

_logger = logging.getLogger(__name__)

SUNDAY = 6
# So many Sundays are looked back at, and so long every day's forecast is kept.
BACK_WEEKS = 52
DAILY_DAYS = 14
KEPT_DAYS = 3 * 365
# A company's first month says nothing about itself.
FIRST_DAYS = 28


class PaymentCashForecast(models.Model):
    """The night: today's forecast, those of past Sundays that are missing, what has come in."""

    _inherit = "payment.cash.forecast"

    @api.model
    def _cron_forecast(self, today=None):
        """Forecast for every company; daily. One that fails stops no other.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        in_cron = bool(self.env.context.get("ir_cron_progress_id"))
        for left, company in zip(range(len(companies) - 1, -1, -1), companies, strict=True):
            in_savepoints(
                company,
                lambda one: self.sudo()._forecast_company(one, today),
                lambda one, error: _logger.error("No cash forecast for %s: %s", one.name, error),
            )
            if in_cron:
                # A company's forecasts stand alone: they are kept when the night is cut short.
                self.env["ir.cron"]._commit_progress(1, remaining=left)

    @api.model
    def _forecast_company(self, company, today, look_back=True):
        """Write today's forecast of a company, and what is missing of the past.

        :param company: whose money; any company with nothing to collect gets no forecast.
        :param date today: the engine's date.
        :param bool look_back: whether past Sundays are worked out where they are missing.
        """
        sundays = self._missing_sundays(company, today) if look_back else []
        since = min([today, *sundays]) - timedelta(days=LEARN_DAYS + cash_forecast.AHEAD)
        self._facts_build(company, since)
        begin = self._facts_begin()
        if begin or self._facts_lots(today):
            first = (begin or today) + timedelta(days=FIRST_DAYS)
            for on in [*(day for day in sundays if day >= first), today]:
                self._forecast_day(company, on, today)
            self._note_actual(company, today)
            self._note_latest(company)
        self._facts_drop()
        self._thin_out(company, today)

    @api.model
    def _missing_sundays(self, company, today):
        """Return the Sundays of a year without a forecast, in order: each needs those before."""
        last = today - timedelta(days=(today.weekday() - SUNDAY) % 7 or 7)
        sundays = [last - timedelta(weeks=week) for week in range(BACK_WEEKS)]
        made = self._read_group(
            [("company_id", "=", company.id), ("made_on", "in", sundays)], ["made_on:day"]
        )
        there = {row[0] for row in made}
        return sorted(day for day in sundays if day not in there)

    @api.model
    def _forecast_day(self, company, on, today):
        """Write the forecast of one day in place of an earlier one of that day.

        :param company: whose facts are there (`_facts_build`).
        :param date on: nothing that happened later is looked at.
        :param date today: the engine's date; what came in up to then is noted.
        """
        rates = Rates(self._facts_past(on))
        forecast = cash_forecast.Forecast(on, self._facts_lots(on), rates)
        factors = self._common_factors(company, on)
        buckets = [("week", bucket) for bucket in cash_forecast.weeks(on)]
        buckets += [(str(days), bucket) for days, bucket in cash_forecast.totals(on).items()]
        self.search([("company_id", "=", company.id), ("made_on", "=", on)]).unlink()
        delay = rates.planned_delay(NO_PROVIDER).median
        dues = {bucket: cash_forecast.due_days(bucket, delay) for _name, bucket in buckets}
        self.create(
            [
                {
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                    "made_on": on,
                    "is_backtest": on < today,
                    "bucket": name,
                    "date_from": bucket.start,
                    "date_until": bucket.end,
                    "due_from": dues[bucket].start,
                    "due_until": dues[bucket].end,
                    **self._amounts(forecast.bucket(*bucket), factors[name]),
                }
                for name, bucket in buckets
            ]
        )
        # The next Sunday's range is as wide as this one's error tells.
        self._note_actual(company, today, on)

    @api.model
    def _amounts(self, expected, factor):
        """Return the amounts of a bucket, from cents."""
        low, high = cash_forecast_error.limits(expected.expected, expected.deviation, factor)
        return {
            "expected": expected.expected / 100,
            "low": low / 100,
            "high": high / 100,
            "deviation": expected.deviation / 100,
            "due": expected.due / 100,
        }

    @api.model
    def _common_factors(self, company, on):
        """Return {bucket: relative deviation that all debits share}, as known on a day."""
        names = dict(self._fields["bucket"].selection)
        return {
            name: cash_forecast_error.common_factor(outcomes)
            for name, outcomes in self._outcomes(company, on, names).items()
        }

    @api.model
    def _outcomes(self, company, on, names):
        """Return {bucket: [`cash_forecast_error.Outcome`]} of the last year, by weekly forecasts.

        :param company: whose forecasts.
        :param date on: forecasts whose days were over by then.
        :param names: the buckets asked for.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT bucket, expected, deviation, low, high, actual FROM payment_cash_forecast
                WHERE company_id = %(company)s AND is_known AND date_until <= %(on)s
                  AND made_on >= %(on)s - 456 AND date_until > %(on)s - 365
                  AND extract(isodow FROM made_on) = 7""",
            {"company": company.id, "on": on},
        )
        found = {name: [] for name in names}
        for bucket, *amounts in self.env.cr.fetchall():
            if bucket in found:
                found[bucket].append(cash_forecast_error.Outcome(*map(float, amounts)))
        return found

    @api.model
    def _thin_out(self, company, today):
        """Delete what nobody asks for any more: old days but Sundays, and very old ones."""
        self.env.flush_all()
        self.env.cr.execute(
            """DELETE FROM payment_cash_forecast
                WHERE company_id = %(company)s
                  AND (made_on < %(today)s - %(kept)s
                       OR is_shown IS NOT TRUE AND made_on < %(today)s - %(daily)s
                          AND extract(isodow FROM made_on) != 7)""",
            {"company": company.id, "today": today, "kept": KEPT_DAYS, "daily": DAILY_DAYS},
        )
        self.env.invalidate_all()
