from odoo import api, models
from odoo.tools import SQL

# What came in may still be corrected for as long: payouts are told late.
CORRECTED_DAYS = 30

CAME_IN = """
    UPDATE payment_cash_forecast f
       SET actual = came.amount,
           is_known = f.date_until < %(today)s,
           difference = CASE WHEN f.date_until < %(today)s THEN f.expected - came.amount ELSE 0 END,
           error = CASE WHEN f.date_until < %(today)s AND came.amount != 0
                        THEN abs(f.expected - came.amount) / abs(came.amount) ELSE 0 END
      FROM (SELECT f.id, coalesce(sum(d.amount), 0) / 100 AS amount
              FROM payment_cash_forecast f
              LEFT JOIN cash_day d
                ON d.day BETWEEN f.date_from AND least(f.date_until, %(today)s)
             WHERE f.company_id = %(company)s AND f.date_from <= %(today)s
               AND (f.is_known IS NOT TRUE OR f.date_until >= %(today)s - %(corrected)s)
               AND f.made_on = ANY(%(made)s)
             GROUP BY f.id) came
     WHERE came.id = f.id"""

LATEST = """
    UPDATE payment_cash_forecast f SET is_shown = latest.id IS NOT NULL
      FROM payment_cash_forecast every
      LEFT JOIN (SELECT DISTINCT ON (bucket, CASE WHEN bucket = 'week' THEN date_from END) id
                   FROM payment_cash_forecast WHERE company_id = %(company)s
                  ORDER BY bucket, CASE WHEN bucket = 'week' THEN date_from END, made_on DESC
           ) latest ON latest.id = every.id
     WHERE f.id = every.id AND f.company_id = %(company)s
       AND f.is_shown IS DISTINCT FROM (latest.id IS NOT NULL)"""


class PaymentCashForecast(models.Model):
    """What really came, beside what was expected."""

    _inherit = "payment.cash.forecast"

    @api.model
    def _note_actual(self, company, today, made_on=None):
        """Note what has come in on forecasts whose days have begun; one statement.

        The facts of the company are there (`_facts_build`).

        :param company: whose forecasts.
        :param date today: the last day that counts.
        :param date made_on: those made on this day only.
        """
        self.env.flush_all()
        if made_on:
            made = [made_on]
        else:
            self.env.cr.execute(
                "SELECT DISTINCT made_on FROM payment_cash_forecast WHERE company_id = %s",
                [company.id],
            )
            made = [row[0] for row in self.env.cr.fetchall()]
        self.env.cr.execute(
            SQL(CAME_IN, company=company.id, today=today, corrected=CORRECTED_DAYS, made=made)
        )
        self.env.invalidate_all()

    @api.model
    def _note_latest(self, company):
        """Mark the forecasts that are shown: the last one of each week, and of each horizon."""
        self.env.flush_all()
        self.env.cr.execute(SQL(LATEST, company=company.id))
        self.env.invalidate_all()
