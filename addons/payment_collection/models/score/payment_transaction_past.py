from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.pure import history


class PaymentTransaction(models.Model):
    """Debits as a client's past: what scores and the choice of the day look at."""

    _inherit = "payment.transaction"

    _debit_payer_idx = models.Index("(partner_id) WHERE debit_status IS NOT NULL")

    @api.model
    def _past_attempts(self, company, partner_ids, on):
        """Return what became of the debits of clients, failures by their R-transactions.

        A debit that the provider took up again after a failure counts twice: as the failure, and
        as what came of it.

        :param company: who debited.
        :param list partner_ids: commercial partners.
        :param date on: the engine's date; what was known later is left out.
        :return: {commercial partner id: [`history.Attempt`]}, days being those of the debit.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT p.commercial_partner_id,
                          coalesce(t.debit_settled_date, t.debit_expected_date,
                                   t.debit_requested_date) AS day,
                          round(t.amount * 100)::bigint, ''
                     FROM payment_transaction t JOIN res_partner p ON p.id = t.partner_id
                    WHERE p.commercial_partner_id = ANY(%(partners)s)
                      AND t.company_id = %(company)s
                      AND t.debit_status IN ('collected', 'paid_out')
                      AND coalesce(t.debit_settled_date, t.debit_expected_date,
                                   t.debit_requested_date) BETWEEN %(since)s AND %(on)s
                   UNION ALL
                   SELECT p.commercial_partner_id,
                          least(r.date, coalesce(t.debit_expected_date, t.debit_requested_date)),
                          round(r.amount * 100)::bigint, coalesce(r.category, 'unknown')
                     FROM payment_return r
                     JOIN payment_transaction t ON t.id = r.transaction_id
                     JOIN res_partner p ON p.id = t.partner_id
                    WHERE p.commercial_partner_id = ANY(%(partners)s)
                      AND t.company_id = %(company)s
                      AND r.date BETWEEN %(since)s AND %(on)s""",
                company=company.id,
                partners=partner_ids,
                since=fields.Date.subtract(on, days=history.WINDOW_DAYS),
                on=on,
            )
        )
        result = {}
        for partner_id, *attempt in self.env.cr.fetchall():
            result.setdefault(partner_id, []).append(history.Attempt(*attempt))
        return result
