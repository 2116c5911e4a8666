from odoo import api, models
from odoo.tools import SQL

# What an installment without a mandate, entered after its due date, was known before it.
KNOWN_DAYS = 30
# A schedule is planned a year ahead.
PLANNED_DAYS = 365

# One row an attempt. What came back before it was collected again was collected on its own day
# first; what was refused before that was not collected at first.
TRIES = """
    CREATE TEMP TABLE cash_try ON COMMIT PRESERVE ROWS AS
    SELECT t.id, t.installment_id, t.provider_id, t.partner_id, t.day,
           round(t.amount * 100)::bigint AS amount,
           CASE WHEN r.rejected <= t.settled THEN NULL
                WHEN r.returned < t.settled THEN t.day ELSE t.settled END AS settled_on,
           CASE WHEN r.rejected <= t.settled OR r.returned < t.settled THEN NULL
                ELSE t.arrival END AS arrival,
           t.settled AS last_settled, t.arrival AS last_arrival,
           least(r.rejected, r.returned) AS failed_on
      FROM (SELECT t.id, t.installment_id, t.provider_id, t.partner_id, t.amount,
                   coalesce(t.debit_requested_date, t.debit_expected_date,
                            t.debit_settled_date) AS day,
                   t.debit_settled_date AS settled, p.arrival_date AS arrival
              FROM payment_transaction t
              LEFT JOIN payment_payout p ON p.id = t.payout_id AND p.state != 'bounced'
             WHERE t.company_id = %(company)s AND t.currency_id = %(currency)s
               AND t.debit_status IS NOT NULL AND t.debit_status != 'cancelled'
           ) t
      LEFT JOIN (SELECT transaction_id,
                        min(date) FILTER (WHERE kind = 'reject') AS rejected,
                        min(date) FILTER (WHERE kind != 'reject') AS returned
                   FROM payment_return WHERE company_id = %(company)s GROUP BY 1
           ) r ON r.transaction_id = t.id
     WHERE t.day >= %(since)s"""

# The grade that each client had, from one day up to another (not included).
GRADES = """
    CREATE TEMP TABLE cash_grade ON COMMIT PRESERVE ROWS AS
    WITH change AS (
        SELECT h.res_id, h.date, h.from_state, h.to_state,
               row_number() OVER (PARTITION BY h.res_id ORDER BY h.date, h.id) AS number,
               lead(h.date) OVER (PARTITION BY h.res_id ORDER BY h.date, h.id) AS until
          FROM payment_history h
         WHERE h.res_model = 'payment.payer.score' AND h.from_state != h.to_state
    )
    SELECT s.partner_id, c.to_state AS grade, c.date AS since,
           coalesce(c.until, 'infinity'::date) AS until
      FROM change c JOIN payment_payer_score s ON s.id = c.res_id
     WHERE s.company_id = %(company)s
     UNION ALL
    SELECT s.partner_id, coalesce(c.from_state, s.grade),
           least(s.create_date::date, c.date), coalesce(c.date, 'infinity'::date)
      FROM payment_payer_score s LEFT JOIN change c ON c.res_id = s.id AND c.number = 1
     WHERE s.company_id = %(company)s"""

# One row a debt: an installment, or a debit of something else. Each column that tells what happened
# is the first day on which it did, so that what comes later can not change it.
DEBTS = """
    CREATE TEMP TABLE cash_debt ON COMMIT PRESERVE ROWS AS
    WITH tried AS (
        SELECT installment_id, min(day) AS tried_on, min(failed_on) AS failed_on,
               (array_agg(id ORDER BY id))[1] AS first_id,
               bool_or(last_settled IS NOT NULL
                       AND (failed_on IS NULL OR last_settled > failed_on)) AS has_money
          FROM cash_try WHERE installment_id IS NOT NULL GROUP BY 1
    ), recovered AS (
        SELECT t.installment_id, min(coalesce(t.last_arrival, t.last_settled)) AS recovered_on
          FROM cash_try t JOIN tried USING (installment_id)
         WHERE t.last_settled > tried.failed_on GROUP BY 1
    ), closed AS (
        SELECT res_id, max(date) AS closed_on FROM payment_history
         WHERE res_model = 'payment.installment' AND to_state IN ('cancelled', 'written_off')
           AND from_state != to_state GROUP BY 1
    ), debt AS (
        SELECT i.id AS installment_id, i.due_date AS due, round(i.amount * 100)::bigint AS amount,
               i.collection_mode AS mode, p.commercial_partner_id AS partner_id,
               coalesce(f.provider_id, m.provider_id, 0) AS provider_id,
               CASE WHEN i.create_date::date <= i.due_date THEN i.create_date::date
                    ELSE least(i.due_date,
                               coalesce(greatest(m.signed_on, i.due_date - %(planned)s),
                                        i.due_date - %(known)s)) END AS known_on,
               CASE WHEN i.state IN ('cancelled', 'written_off')
                    THEN coalesce(closed.closed_on, i.due_date) END AS closed_on,
               tried.tried_on, tried.failed_on, f.settled_on, f.arrival,
               CASE WHEN i.state = 'paid' AND NOT coalesce(tried.has_money, FALSE)
                    THEN coalesce(i.paid_on, i.due_date) END AS paid_on,
               recovered.recovered_on
          FROM payment_installment i
          JOIN res_partner p ON p.id = i.partner_id
          LEFT JOIN payment_mandate m ON m.id = i.mandate_id
          LEFT JOIN tried ON tried.installment_id = i.id
          LEFT JOIN cash_try f ON f.id = tried.first_id
          LEFT JOIN recovered ON recovered.installment_id = i.id
          LEFT JOIN closed ON closed.res_id = i.id
         WHERE i.company_id = %(company)s AND i.currency_id = %(currency)s
           AND i.due_date >= %(since)s
         UNION ALL
        SELECT NULL, t.day, t.amount, 'debit', p.commercial_partner_id, t.provider_id, t.day, NULL,
               t.day, t.failed_on, t.settled_on, t.arrival, NULL,
               CASE WHEN t.last_settled > t.failed_on
                    THEN coalesce(t.last_arrival, t.last_settled) END
          FROM cash_try t LEFT JOIN res_partner p ON p.id = t.partner_id
         WHERE t.installment_id IS NULL
    )
    SELECT d.*, coalesce(g.grade, '') AS tried_grade,
           CASE WHEN d.paid_on >= d.failed_on THEN d.paid_on END AS paid_after
      FROM debt d
      LEFT JOIN cash_grade g ON g.partner_id = d.partner_id
       AND g.since < d.tried_on AND d.tried_on <= g.until"""

# From which day on a provider's money comes by payouts that are known here, and how long it takes.
PAYERS = """
    CREATE TEMP TABLE cash_payer ON COMMIT PRESERVE ROWS AS
    SELECT provider_id, min(arrival) AS since,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY arrival - settled_on) AS days
      FROM cash_try WHERE arrival IS NOT NULL GROUP BY 1"""

# What came in on each day, net of what came back on it.
CASH = """
    CREATE TEMP TABLE cash_day ON COMMIT PRESERVE ROWS AS
    SELECT day, sum(amount)::numeric AS amount FROM (
        SELECT coalesce(t.last_arrival,
                        t.last_settled + CASE WHEN t.last_settled >= p.since - p.days
                                              THEN p.days ELSE 0 END) AS day, t.amount
          FROM cash_try t LEFT JOIN cash_payer p ON p.provider_id = t.provider_id
         WHERE t.last_settled IS NOT NULL
         UNION ALL
        SELECT t.settled_on, t.amount FROM cash_try t WHERE t.settled_on != t.last_settled
         UNION ALL
        SELECT r.date, -round(r.amount * 100)::bigint
          FROM payment_return r JOIN cash_try t ON t.id = r.transaction_id
         WHERE r.kind != 'reject'
         UNION ALL
        SELECT d.paid_on, d.amount FROM cash_debt d WHERE d.paid_on IS NOT NULL
    ) moved GROUP BY day"""

TABLES = {
    "cash_try": TRIES,
    "cash_payer": PAYERS,
    "cash_grade": GRADES,
    "cash_debt": DEBTS,
    "cash_day": CASH,
}


class PaymentCashForecast(models.Model):
    """The facts: one flat row a debt, made once for all the days that are looked at.

    Temporary tables of this connection. Amounts are cents of the company's currency; what is owed
    in another is left out.
    """

    _inherit = "payment.cash.forecast"

    @api.model
    def _facts_build(self, company, since):
        """Make the tables of a company.

        :param company: whose money.
        :param date since: debts and attempts of earlier days are not looked at.
        """
        self.env.flush_all()
        self._facts_drop()
        for table, statement in TABLES.items():
            self.env.cr.execute(
                SQL(
                    statement,
                    company=company.id,
                    currency=company.currency_id.id,
                    since=since,
                    known=KNOWN_DAYS,
                    planned=PLANNED_DAYS,
                )
            )
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    @api.model
    def _facts_drop(self):
        for table in TABLES:
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", SQL.identifier(table)))

    @api.model
    def _facts_begin(self):
        """Return the day of the first attempt that is known, None without any."""
        self.env.cr.execute("SELECT min(day) FROM cash_try")
        return self.env.cr.fetchone()[0]
