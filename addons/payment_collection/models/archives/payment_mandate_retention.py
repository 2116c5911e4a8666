from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.models.archives.payment_transaction_archiving import DEBT_OVER

ENDED = ("cancelled", "expired", "replaced", "failed")
UNDER_WAY = ("draft", "submitting", "unknown", "submitted")


class PaymentMandate(models.Model):
    """Mandates that ended long ago: reference, dates and debits stay, the bank details go."""

    _inherit = "payment.mandate"

    details_removed_on = fields.Date(
        string="Bank Details Removed On",
        readonly=True,
        copy=False,
        help="The time for which account, holder and signed document are kept was over.",
    )

    @property
    def _state_guarded(self):
        return super()._state_guarded | {"details_removed_on"}

    @api.model
    def _retention_over(self, company, before, today):
        """Return the statement that finds the mandates whose bank details have had their time.

        Ended, and debited for the last time, before a day; no debit of it can be contested any
        more, nothing is owed on it and no alert is open.

        :param company: whose mandates.
        :param date before: the day.
        :param date today: the engine's date.
        """
        return SQL(
            """SELECT m.id FROM payment_mandate m
                WHERE m.company_id = %(company)s AND m.details_removed_on IS NULL
                  AND m.state IN %(ended)s AND NOT COALESCE(m.registration_pending, FALSE)
                  AND COALESCE(m.last_debit_date, m.signed_on, m.create_date::date) < %(before)s
                  AND COALESCE((SELECT max(h.date) FROM payment_history h
                                 WHERE h.res_model = 'payment.mandate' AND h.res_id = m.id
                                   AND h.from_state IS DISTINCT FROM h.to_state),
                               m.create_date::date) < %(before)s
                  AND NOT EXISTS (SELECT 1 FROM payment_transaction t
                                   WHERE t.mandate_id = m.id
                                     AND (t.debit_status IN %(under_way)s
                                          OR t.debit_contestable_until >= %(today)s))
                  AND NOT EXISTS (SELECT 1 FROM payment_installment i
                                   WHERE i.mandate_id = m.id AND i.state NOT IN %(debt_over)s)
                  AND NOT EXISTS (SELECT 1 FROM payment_alert a
                                   WHERE a.state = 'open' AND a.res_model = 'payment.mandate'
                                     AND a.res_id = m.id)""",
            company=company.id,
            ended=ENDED,
            before=before,
            today=today,
            under_way=UNDER_WAY,
            debt_over=DEBT_OVER,
        )

    @api.model
    def _retention_remove(self, ids, today):
        """Remove account, holder, bank and proof; in bulk, so that nothing of the life of a
        mandate is set going.

        :param list ids: of the mandates.
        :param date today: the engine's date.
        """
        mandates = self.browse(ids)
        self.env["ir.attachment"].sudo().search(
            [
                "|",
                *("&", "&", ("res_model", "=", self._name), ("res_field", "=", "document")),
                ("res_id", "in", ids),
                *("&", "&", ("res_model", "=", "payment.mandate.amendment")),
                *(("res_field", "=", "evidence"), ("res_id", "in", mandates.amendment_ids.ids)),
            ]
        ).unlink()
        for statement in self._retention_statements(tuple(ids), today):
            self.env.cr.execute(statement)
        self.env.invalidate_all(flush=False)
        mandates._state_note(
            self.env._("Bank details and proof removed: the time for which they are kept is over"),
            today,
        )

    @api.model
    def _retention_statements(self, ids, today):
        return (
            SQL(
                """UPDATE payment_mandate
                      SET iban_masked = NULL, iban_fingerprint = NULL, bank_name = NULL,
                          bic = NULL, account_holder = NULL, document_next_try = NULL,
                          signature_session_ref = NULL, details_removed_on = %s
                    WHERE id IN %s""",
                today,
                ids,
            ),
            SQL(
                """UPDATE payment_mandate_amendment
                      SET account_before = NULL, account_after = NULL,
                          account_fingerprint = NULL, session_ref = NULL, evidence_name = NULL
                    WHERE mandate_id IN %s""",
                ids,
            ),
            SQL("UPDATE payment_token SET payment_details = NULL WHERE mandate_id IN %s", ids),
        )
