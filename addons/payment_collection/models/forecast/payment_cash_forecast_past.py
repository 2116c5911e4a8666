from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.pure import cash_forecast, cash_forecast_rates
from odoo.addons.payment_collection.pure.cash_forecast_curves import Cases
from odoo.addons.payment_direct_debit.pure import target_calendar

# The longest past that rates are learned from.
LEARN_DAYS = 365
# Attempts as young as this say nothing yet: those that fail early would count for more.
SETTLE_DAYS = 14
# How long an attempt without news, or money on its way, is waited for.
IN_FLIGHT_DAYS = 60
AWAITING_DAYS = 30
# Behind these, nothing is expected of a debt any more (the last bands of the curves).
OPEN_DAYS = 180
COLLECTED_DAYS = 60
LATE_DAYS = 90

# What was known on a day. Each date is cut there: later ones are as if they were not.
OPEN = "(d.closed_on IS NULL OR d.closed_on > %(on)s) AND (d.paid_on IS NULL OR d.paid_on > %(on)s)"
UNTRIED = f"{OPEN} AND d.known_on <= %(on)s AND (d.tried_on IS NULL OR d.tried_on > %(on)s)"
NOT_FAILED = "(d.failed_on IS NULL OR d.failed_on > %(on)s)"
SETTLED = "d.settled_on <= %(on)s"
# Money is there when its payout is, where the provider's payouts are known.
CASH = """CASE WHEN d.arrival <= %(on)s THEN d.arrival
               WHEN p.since IS NULL OR p.since > %(on)s THEN d.settled_on END"""

# kind: (its day, which debts)
LOTS = {
    cash_forecast.PLANNED: (
        "d.due",
        f"d.mode = 'automatic' AND d.due > %(week)s AND d.due <= %(end)s AND {UNTRIED}",
    ),
    cash_forecast.LATE_START: (
        "d.due",
        f"d.mode = 'automatic' AND d.due <= %(week)s AND d.due >= %(late)s AND {UNTRIED}",
    ),
    cash_forecast.IN_FLIGHT: (
        "d.tried_on",
        f"d.tried_on <= %(on)s AND d.tried_on >= %(in_flight)s AND {OPEN} AND {NOT_FAILED}"
        " AND (d.settled_on IS NULL OR d.settled_on > %(on)s)",
    ),
    cash_forecast.AWAITING: (
        "d.settled_on",
        f"{SETTLED} AND d.settled_on >= %(awaiting)s AND {NOT_FAILED} AND p.since <= %(on)s"
        " AND (d.arrival IS NULL OR d.arrival > %(on)s)",
    ),
    cash_forecast.COLLECTED: (
        "d.settled_on",
        f"{SETTLED} AND d.settled_on >= %(collected)s AND {NOT_FAILED}",
    ),
    cash_forecast.FAILED: (
        "d.failed_on",
        f"d.failed_on <= %(on)s AND d.failed_on >= %(open)s AND {OPEN}"
        " AND (d.recovered_on IS NULL OR d.recovered_on > %(on)s)",
    ),
    cash_forecast.ONE_OFF: (
        "d.due",
        f"d.mode = 'one_off' AND d.due <= %(end)s AND d.due >= %(open)s AND {UNTRIED}",
    ),
}
# Of what these are, neither provider nor grade matters.
ALIKE = (cash_forecast.COLLECTED, cash_forecast.FAILED, cash_forecast.ONE_OFF)

LOT = """
    SELECT '{kind}', {day}, {provider}, {grade}, count(*), sum(d.amount), sum(d.amount::numeric ^ 2)
      FROM cash_debt d LEFT JOIN cash_payer p ON p.provider_id = d.provider_id
      LEFT JOIN cash_grade g ON g.partner_id = d.partner_id
       AND g.since <= %(on)s AND %(on)s < g.until
     WHERE {which} GROUP BY 2, 3, 4"""

LEARNED = "d.tried_on BETWEEN %(learn)s AND %(settled)s"


def _curve(began, happened, which):
    """Return the statement that counts cases by days: (days, how many happened, how many open).

    :param began: SQL of the first day.
    :param happened: SQL of the day on which it happened, if it has.
    :param which: condition on debts `d`.
    """
    return f"""
    SELECT least(CASE WHEN {happened} <= %(on)s THEN {happened} END,
                 CASE WHEN d.closed_on <= %(on)s THEN d.closed_on END, %(on)s) - {began},
           count(*) FILTER (WHERE {happened} <= %(on)s),
           count(*) FILTER (WHERE {happened} IS NULL OR {happened} > %(on)s)
      FROM cash_debt d WHERE {which} GROUP BY 1"""


CURVES = {
    "recovery": _curve(
        "d.failed_on",
        "least(d.recovered_on, d.paid_after)",
        "d.failed_on BETWEEN %(learn)s AND %(on)s",
    ),
    "returns": _curve("d.settled_on", "d.failed_on", "d.settled_on BETWEEN %(learn)s AND %(on)s"),
    "late_start": _curve(
        "d.due",
        "d.tried_on",
        "d.mode = 'automatic' AND d.due BETWEEN %(learn)s AND %(on)s AND d.known_on <= %(on)s"
        " AND (d.tried_on IS NULL OR d.tried_on > d.due + %(news)s)"
        " AND (d.paid_on IS NULL OR d.paid_on > d.due + %(news)s)"
        " AND (d.closed_on IS NULL OR d.closed_on > d.due + %(news)s)",
    ),
    "one_off": _curve(
        "d.due",
        "d.paid_on",
        "d.mode = 'one_off' AND d.due BETWEEN %(learn)s AND %(on)s AND d.known_on <= %(on)s"
        " AND (d.closed_on IS NULL OR d.closed_on > d.due)",
    ),
}

REFUSED = "d.failed_on <= %(on)s AND NOT coalesce(d.settled_on <= d.failed_on, FALSE)"
TRIED = f"""
    SELECT d.provider_id, d.tried_grade, count(*),
           count(*) FILTER (WHERE {REFUSED}),
           coalesce(sum(d.failed_on - d.tried_on) FILTER (WHERE {REFUSED}), 0)
      FROM cash_debt d
     WHERE {LEARNED} AND (d.failed_on <= %(on)s OR {SETTLED}) GROUP BY 1, 2"""
LATE_TRIED = f"""
    SELECT count(*), count(*) FILTER (WHERE NOT coalesce({SETTLED}, FALSE))
      FROM cash_debt d
     WHERE {LEARNED} AND (d.closed_on IS NULL OR d.closed_on > %(on)s)
       AND coalesce(least(CASE WHEN {SETTLED} THEN d.settled_on END,
                          CASE WHEN d.failed_on <= %(on)s THEN d.failed_on END), %(on)s)
           - d.tried_on > %(news)s"""
DELAYS = f"""
    SELECT d.provider_id, d.due, d.tried_on, d.settled_on, {CASH} AS cash_on, count(*)
      FROM cash_debt d LEFT JOIN cash_payer p ON p.provider_id = d.provider_id
     WHERE {LEARNED} AND {SETTLED} AND {CASH} IS NOT NULL GROUP BY 1, 2, 3, 4, 5"""
CALLED_OFF = """
    SELECT count(*),
           count(*) FILTER (WHERE (d.tried_on IS NULL OR d.tried_on > %(on)s)
                              AND (d.paid_on IS NULL OR d.paid_on > %(on)s)
                              AND (d.mode = 'automatic' OR d.closed_on <= %(on)s))
      FROM cash_debt d
     WHERE d.mode != 'debit' AND d.due BETWEEN %(learn)s AND %(settled)s
       AND d.due - d.known_on > %(lead)s
       AND (d.closed_on IS NULL OR d.closed_on > d.due - %(lead)s)"""


class PaymentCashForecast(models.Model):
    """What was known on a day: what was open, and what had happened before, counted by SQL."""

    _inherit = "payment.cash.forecast"

    @api.model
    def _facts_days(self, on):
        """Return the days that the statements cut by."""

        def before(days):
            return fields.Date.subtract(on, days=days)

        return {
            "on": on,
            "end": fields.Date.add(on, days=cash_forecast.AHEAD),
            "learn": before(LEARN_DAYS),
            "settled": before(SETTLE_DAYS),
            "in_flight": before(IN_FLIGHT_DAYS),
            "awaiting": before(AWAITING_DAYS),
            "collected": before(COLLECTED_DAYS),
            "open": before(OPEN_DAYS),
            "late": before(LATE_DAYS),
            "week": before(cash_forecast_rates.LATE_DAYS),
            "news": cash_forecast_rates.LATE_DAYS,
        }

    @api.model
    def _facts_rows(self, statement, days):
        return self.env.execute_query(SQL(statement, **days))

    @api.model
    def _facts_lots(self, on):
        """Return what was open on a day.

        :param date on: facts of later days are not looked at.
        :return: [`cash_forecast.Lot`].
        """
        statements = []
        for kind, (day, which) in LOTS.items():
            alike = kind in ALIKE
            provider = "0" if alike else "d.provider_id"
            grade = "''::text" if alike else "coalesce(g.grade, '')"
            statements.append(
                LOT.format(kind=kind, day=day, provider=provider, grade=grade, which=which)
            )
        rows = self._facts_rows(" UNION ALL ".join(statements), self._facts_days(on))
        return [
            cash_forecast.Lot(*row[:5], amount=int(amount), squares=int(squares))
            for *row, amount, squares in rows
        ]

    @api.model
    def _facts_past(self, on):
        """Return what had happened up to a day.

        :param date on: facts of later days are not looked at.
        :return: `cash_forecast_rates.Past`.
        """
        days = self._facts_days(on)
        tried = self._facts_rows(TRIED, days)
        planned, cash, payout = self._facts_delays(days)
        return cash_forecast_rates.Past(
            tries={(row[0], row[1]): (row[2], row[3]) for row in tried},
            late_tries=self._facts_rows(LATE_TRIED, days)[0],
            planned_delay=planned,
            cash_delay=cash,
            payout_delay=payout,
            reject_days=(sum(row[3] for row in tried), sum(row[4] for row in tried)),
            planned=self._facts_called_off(days),
            **{name: self._facts_curve(statement, days) for name, statement in CURVES.items()},
        )

    @api.model
    def _facts_curve(self, statement, days):
        happened, still_open = {}, {}
        for day, events, others in self._facts_rows(statement, days):
            if events:
                happened[day] = events
            if others:
                still_open[day] = others
        return Cases(happened, still_open)

    @api.model
    def _facts_delays(self, days):
        """Return how many working days money took, by provider: {provider: {days: how many}}.

        :return: from the due date, from the debit, from the settlement.
        """
        found = ({}, {}, {})
        for provider, *begins, arrived, count in self._facts_rows(DELAYS, days):
            for by_provider, begin in zip(found, begins, strict=True):
                begin = target_calendar.roll_forward(begin)
                taken = max(target_calendar.target_days_between(begin, arrived), 0)
                cases = by_provider.setdefault(provider, {})
                cases[taken] = cases.get(taken, 0) + count
        return found

    @api.model
    def _facts_called_off(self, days):
        """Return {band of days ahead: (all that was planned then, what was called off)}."""
        found, first = {}, 0
        for number, band in enumerate(cash_forecast_rates.CALLED_OFF):
            last = min(band.last_day, cash_forecast.AHEAD)
            lead = (first + last) // 2
            found[number] = self._facts_rows(CALLED_OFF, {**days, "lead": lead})[0]
            first = last
        return found
