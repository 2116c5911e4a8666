from odoo import models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.payment_collection.models.exports.payment_export_making import Source
from odoo.addons.payment_collection.pure.export_cells import Column, Row, clean

_lt = LazyTranslate(__name__)

RUN_COLUMNS = (
    (_lt("Decision"), "text"),
    (_lt("Client"), "text"),
    (_lt("Installment"), "text"),
    (_lt("Due On"), "date"),
    (_lt("Amount"), "amount"),
    (_lt("Currency"), "text"),
    (_lt("Debit"), "text"),
    (_lt("Status of the Debit"), "text"),
    (_lt("Requested"), "date"),
    (_lt("Provider"), "text"),
    (_lt("Mandate (RUM)"), "text"),
    (_lt("Why"), "text"),
)
RUN_FIELDS = (
    "decision",
    "partner_id",
    "installment_id",
    "amount",
    "currency_id",
    "transaction_id",
    "debit_status",
)


class PaymentExport(models.Model):
    """What a run decided, line by line: debited, held with its reason, invoiced, cancelled.

    The sums of its groups are the counters of the run.
    """

    _inherit = "payment.export"

    def _source_run(self):
        lines = self.env["payment.run.line"]
        domain = Domain("run_id", "=", self.run_id.id)
        columns = [Column(self.env._(title), kind) for title, kind in RUN_COLUMNS]
        return Source(columns, lines.search_count(domain), self._run_rows(domain))

    def _run_rows(self, domain):
        lines = self.env["payment.run.line"]
        for page in self._pages(lines, domain, newest_first=False):
            cells = self._cells(page, RUN_FIELDS)
            decisions, amounts = cells["decision"], cells["amount"]
            currencies = cells["currency_id"]
            yield [
                Row(
                    (
                        decisions[i],
                        cells["partner_id"][i],
                        cells["installment_id"][i],
                        line.installment_id.due_date or None,
                        amounts[i],
                        currencies[i],
                        cells["transaction_id"][i],
                        cells["debit_status"][i],
                        line.transaction_id.debit_requested_date or None,
                        *self._run_line_texts(line),
                    ),
                    decisions[i],
                    currencies[i],
                    amounts[i],
                )
                for i, line in enumerate(page)
            ]

    def _run_line_texts(self, line):
        """Return (provider, mandate, reason) of a line; a reason also where a debit failed."""
        debit = line.transaction_id
        mandate = debit.mandate_id or line.installment_id.mandate_id
        return (
            clean(debit.provider_id.sudo().name or ""),
            clean(mandate.name or ""),
            clean(line.reason or debit.payment_reason or ""),
        )
