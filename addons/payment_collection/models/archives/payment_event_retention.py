from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.models.archives.res_company_archives import ACCOUNTING_YEARS
from odoo.addons.payment_direct_debit import seam

SETTLED = ("applied", "ignored")


class PaymentEvent(models.Model):
    """Messages whose text has had its time: row, type, identifiers and fingerprint stay, so that
    the same message is still known when it comes again."""

    _inherit = "payment.event"

    payload_hash = fields.Char(string="Fingerprint (SHA-256)", readonly=True, copy=False)
    payload_removed_on = fields.Date(string="Text Removed On", readonly=True, copy=False)

    _retention_idx = models.Index(
        f"(provider_id, create_date) WHERE payload IS NOT NULL AND state IN {SETTLED}"
    )

    @property
    def _state_guarded(self):
        return super()._state_guarded | {"payload_hash", "payload_removed_on"}

    @api.model
    def _retention_over(self, company, before, today):
        """Return the statement that finds the messages whose text has had its time.

        Never one that waits or that failed. Those about payouts prove entries.

        :param company: whose messages.
        :param date before: received before that day.
        :param date today: the engine's date.
        """
        proof = fields.Date.subtract(today, years=ACCOUNTING_YEARS)
        return SQL(
            """SELECT e.id FROM payment_event e
                 JOIN payment_provider p ON p.id = e.provider_id AND p.company_id = %s
                WHERE e.payload IS NOT NULL AND e.state IN ('applied', 'ignored')
                  AND e.create_date < %s AND (e.topic != %s OR e.create_date < %s)""",
            company.id,
            before,
            seam.TOPIC_PAYOUT,
            proof,
        )

    @api.model
    def _retention_remove(self, ids, today):
        """Put the fingerprint of each message in the place of its text.

        :param list ids: of the messages.
        :param date today: the engine's date.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE payment_event
                      SET payload_hash = encode(sha256(convert_to(payload, 'UTF8')), 'hex'),
                          payload = NULL, error = NULL, payload_removed_on = %s
                    WHERE id IN %s AND payload IS NOT NULL AND state IN %s""",
                today,
                tuple(ids),
                SETTLED,
            )
        )
        self.browse(ids).invalidate_recordset(flush=False)
