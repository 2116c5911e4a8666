from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.payment_collection.pure import cash_forecast, cash_forecast_error

FINANCE = "payment_direct_debit.group_payment_user"
PAST_WEEKS = 12
AMOUNTS = ("expected", "low", "high", "due", "actual")


class PaymentCashForecast(models.Model):
    """The page: the figures for 30, 60 and 90 days, the weeks around today, and the errors."""

    _inherit = "payment.cash.forecast"

    @api.model
    @api.readonly
    def get_cash_forecast(self, today=None):
        """Return what the page shows, for the current company.

        :param str today: the day to look from; the clock's by default.
        :return: {"currency_id", "made_on" (False before the first night), "totals": [for each
            horizon its days, amounts and error], "weeks": [amounts, the earliest first]}. An error
            is False where too few forecasts can be compared yet; its figures are shares.
        :raise AccessError: for those who may not read forecasts.
        """
        self.check_access("read")
        today = fields.Date.to_date(today) or fields.Date.context_today(self)
        company = self.env.company
        rows = self.search_read(
            [
                ("company_id", "=", company.id),
                ("is_shown", "=", True),
                "|",
                ("bucket", "!=", "week"),
                ("date_from", ">=", today - timedelta(weeks=PAST_WEEKS, days=today.weekday())),
            ],
            ["bucket", "made_on", "date_from", "date_until", "is_known", *AMOUNTS],
            order="date_from, bucket",
            load=False,
        )
        totals = [row for row in rows if row["bucket"] != "week"]
        errors = self._told_errors(company, today)
        for row in totals:
            row["days"] = int(row["bucket"])
            row["error"] = errors[row["bucket"]]
        return {
            "currency_id": company.currency_id.id,
            "today": today,
            "made_on": max((row["made_on"] for row in totals), default=False),
            "totals": sorted(totals, key=lambda row: row["days"]),
            "weeks": [row for row in rows if row["bucket"] == "week"],
        }

    @api.model
    def _told_errors(self, company, today):
        """Return {horizon: error of the last 12 months, as the page tells it, or False}."""
        names = [str(days) for days in cash_forecast.HORIZONS]
        errors = {}
        for name, outcomes in self._outcomes(company, today, names).items():
            error = cash_forecast_error.measure(outcomes)
            errors[name] = error._asdict() if error else False
        return errors

    @api.model
    def action_forecast_now(self):
        """Work today's forecast out anew; for finance, on the page.

        :return: what the page shows then, see `get_cash_forecast`.
        """
        if not self.env.user.has_group(FINANCE):
            raise AccessError(self.env._("Only Finance works out cash forecasts."))
        today = fields.Date.context_today(self)
        self.sudo()._forecast_company(self.env.company, today, look_back=False)
        return self.get_cash_forecast()

    # === WHAT IS BEHIND A WEEK === #

    def action_view_installments(self):
        """Open the installments whose money usually comes in these days."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Installments behind the forecast"),
            "res_model": "payment.installment",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("state", "!=", "cancelled"),
                ("due_date", ">=", self.due_from),
                ("due_date", "<=", self.due_until),
            ],
        }

    def action_view_payments(self):
        """Open the payments whose money reached the bank in these days, or came back in them."""
        self.ensure_one()
        self.check_access("read")

        def within(field):
            return Domain(field, ">=", self.date_from) & Domain(field, "<=", self.date_until)

        settled = Domain("payout_id", "=", False) & within("debit_settled_date")
        back = [("kind", "!=", "reject"), *within("date")]
        came = within("payout_id.arrival_date") | settled | Domain("return_ids", "any", back)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Came in and came back"),
            "res_model": "payment.transaction",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("payment_collection.payment_page_view_list").id, "list"),
                (False, "form"),
            ],
            "domain": list(
                Domain("company_id", "=", self.company_id.id)
                & Domain("payment_status", "!=", False)
                & came
            ),
        }
