from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.pure import history

# How far ahead the next amount is looked for.
AHEAD_DAYS = 62


class PaymentPayerScore(models.Model):
    """What the scores are made of: three queries for any number of clients."""

    _inherit = "payment.payer.score"

    @api.model
    def _payers(self, company, on):
        """Return who is scored: commercial partners with something in the window, or a mandate.

        :param company: whose clients.
        :param date on: the engine's date.
        :return: their ids, in order.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT p.commercial_partner_id FROM (
                       SELECT partner_id FROM payment_mandate
                        WHERE company_id = %(company)s AND state IN ('active', 'suspended')
                       UNION ALL
                       SELECT partner_id FROM payment_installment
                        WHERE company_id = %(company)s AND state != 'cancelled'
                          AND due_date BETWEEN %(since)s AND %(until)s
                   ) AS something JOIN res_partner p ON p.id = something.partner_id
                    WHERE p.commercial_partner_id IS NOT NULL
                    ORDER BY p.commercial_partner_id""",
                company=company.id,
                **self._window(on),
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _histories(self, company, partner_ids, on):
        """Return {commercial partner id: `history.History`}, one for each asked for.

        :param company: with whom the history was made.
        :param list partner_ids: commercial partners.
        :param date on: the engine's date; what came after it is not looked at.
        """
        attempts = self.env["payment.transaction"]._past_attempts(company, partner_ids, on)
        dues = self._dues(company, partner_ids, on)
        mandates = self._mandate_dates(company, partner_ids)
        result = {}
        for partner_id in partner_ids:
            first_mandate, latest_mandate = mandates.get(partner_id, (None, None))
            owed = dues.get(partner_id, [])
            begins = [due.due for due in owed if due.due <= on]
            result[partner_id] = history.summarise(
                attempts.get(partner_id, []),
                owed,
                on,
                client_since=min([*begins, *filter(None, [first_mandate])], default=None),
                mandate_since=latest_mandate,
            )
        return result

    @api.model
    def _dues(self, company, partner_ids, on):
        """Return {commercial partner id: [`history.Due`]}; what was written off is owed still."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT p.commercial_partner_id, i.due_date, round(i.amount * 100)::bigint,
                          CASE WHEN i.state = 'paid' THEN coalesce(i.paid_on, i.due_date) END,
                          i.state IN ('unpaid', 'disputed', 'in_recovery', 'written_off')
                     FROM payment_installment i JOIN res_partner p ON p.id = i.partner_id
                    WHERE p.commercial_partner_id = ANY(%(partners)s)
                      AND i.company_id = %(company)s AND i.state != 'cancelled'
                      AND i.due_date BETWEEN %(since)s AND %(until)s""",
                company=company.id,
                partners=partner_ids,
                **self._window(on),
            )
        )
        result = {}
        for partner_id, *due in self.env.cr.fetchall():
            result.setdefault(partner_id, []).append(history.Due(*due))
        return result

    @api.model
    def _mandate_dates(self, company, partner_ids):
        """Return {commercial partner id: (first mandate's day, day of the one in use)}."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT p.commercial_partner_id, min(signed.day),
                          max(signed.day) FILTER (WHERE m.state = 'active')
                     FROM payment_mandate m JOIN res_partner p ON p.id = m.partner_id
                    CROSS JOIN LATERAL (
                          SELECT coalesce(m.signed_on, m.create_date::date) AS day) AS signed
                    WHERE p.commercial_partner_id = ANY(%(partners)s)
                      AND m.company_id = %(company)s AND m.state NOT IN ('draft', 'to_sign')
                    GROUP BY p.commercial_partner_id""",
                company=company.id,
                partners=partner_ids,
            )
        )
        return {partner_id: (first, latest) for partner_id, first, latest in self.env.cr.fetchall()}

    @api.model
    def _window(self, on):
        return {
            "since": fields.Date.subtract(on, days=history.WINDOW_DAYS),
            "until": fields.Date.add(on, days=AHEAD_DAYS),
        }
