import base64
import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.payment_direct_debit.exceptions import DebitError

_logger = logging.getLogger(__name__)

BATCH = 100
MAX_TRIES = 5
PDF = b"%PDF-"


class PaymentMandate(models.Model):
    """The signed document: fetched once the mandate is active, kept where the creditor can show
    it. A bank may ask for it for 13 months after a debit (SDD Core rulebook, inquiry of an
    unauthorised transaction)."""

    _inherit = "payment.mandate"

    # An attachment of this field: who may not read the field may not read the file either.
    document = fields.Binary(
        string="Signed Document",
        attachment=True,
        readonly=True,
        copy=False,
        groups="payment_direct_debit.group_payment_user",
    )
    document_name = fields.Char(compute="_compute_document_name")
    document_next_try = fields.Datetime(readonly=True, copy=False)
    document_tries = fields.Integer(readonly=True, copy=False)

    _document_idx = models.Index("(document_next_try) WHERE document_next_try IS NOT NULL")

    @api.depends("name")
    def _compute_document_name(self):
        for mandate in self:
            mandate.document_name = f"{(mandate.name or '').replace('/', '-')}.pdf"

    def _ask_document(self):
        """Have the documents of these mandates fetched soon; those at hand stay."""
        self._state_write({"document_next_try": fields.Datetime.now(), "document_tries": 0})

    @api.private
    def _fetch_documents(self):
        """Ask the providers for the documents of these mandates and keep what they give.

        One that has none yet is asked again, each day, five times in all; one that is out of
        reach is no answer and does not count.

        :return: the mandates whose document was stored.
        """
        stored = self.browse()
        at_hand = self._with_document()
        at_hand._state_write({"document_next_try": False})
        for mandate in (self - at_hand).filtered("provider_mandate_ref"):
            tries = mandate.document_tries + 1
            try:
                client = mandate.provider_id._debit_client()
                content = client.mandate_document(mandate.provider_mandate_ref)
            except DebitError as error:
                _logger.info("document of mandate %s: %s", mandate.id, error)
                content, tries = None, mandate.document_tries
            if content and content.startswith(PDF):
                values = {"document": base64.b64encode(content), "document_next_try": False}
                stored += mandate
            else:
                again = tries < MAX_TRIES and fields.Datetime.now() + timedelta(days=1)
                values = {"document_tries": tries, "document_next_try": again}
            mandate._state_write(values)
        return stored

    def _with_document(self):
        """Return those that have their document, without reading it."""
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "document"),
                    ("res_id", "in", self.ids),
                ]
            )
        )
        return self.browse(files.mapped("res_id"))

    @api.model
    def _cron_fetch_documents(self):
        """Fetch the documents that are due."""
        due = self.search([("document_next_try", "<=", fields.Datetime.now())], limit=BATCH)
        for mandate in due:
            mandate._fetch_documents()
            # Each document costs two calls: what is here is kept, whatever the next one brings.
            self.env["ir.cron"]._commit_progress(1)
