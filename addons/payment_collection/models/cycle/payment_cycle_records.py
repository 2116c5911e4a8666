from odoo import api, models

from odoo.addons.payment_collection.models.cycle.payment_cycle import SHOWN

TONES = {
    "payment.installment": {
        "success": ("paid",),
        "info": ("notified", "invoiced", "in_collection"),
        "warning": ("held",),
        "danger": ("unpaid", "disputed", "in_recovery"),
    },
    "account.move": {
        "success": ("paid", "in_payment"),
        "info": ("posted", "sent", "not_paid"),
        "warning": ("partial",),
    },
    "payment.transaction": {
        "success": ("collected", "paid_out"),
        "info": ("submitting", "submitted"),
        "warning": ("unknown",),
        "danger": ("failed", "returned"),
    },
    "payment.refund": {
        "success": ("done",),
        "info": ("submitting", "submitted"),
        "warning": ("unknown",),
        "danger": ("failed",),
    },
    "payment.mandate": {
        "success": ("active",),
        "info": ("to_sign",),
        "warning": ("suspended",),
        "danger": ("failed", "expired", "cancelled"),
    },
    "payment.payout": {
        "success": ("matched",),
        "info": ("received", "booked"),
        "danger": ("mismatch", "bounced"),
    },
}
TONES["payment.status.report"] = TONES["payment.transaction"]

# The first of these that a model has is its status; the first that is filled, its day.
STATUS_FIELDS = ("payment_status", "status_in_payment", "state")
DATE_FIELDS = ("due_date", "payment_day", "arrival_date", "signed_on", "invoice_date", "date")


class PaymentCycle(models.AbstractModel):
    """How the records of a cycle are shown."""

    _inherit = "payment.cycle"

    @api.model
    def _cycle_step(self, step, records):
        """Return one step: the number of records, how many in each state, and the first ones.

        :param CycleStep step: how it was declared.
        :param records: what it holds.
        """
        return {
            "key": step.key,
            "name": step.name,
            "model": records._name,
            "count": len(records),
            "ids": records.ids,
            "summary": self._cycle_summary(records),
            "records": [self._cycle_record(record, step.amount) for record in records[:SHOWN]],
        }

    @api.model
    def _cycle_status_field(self, records):
        # A bank line has the state of its entry, which says nothing here.
        if records._name == "account.bank.statement.line":
            return None
        name = next((name for name in STATUS_FIELDS if name in records._fields), None)
        return name and records._fields[name]

    @api.model
    def _cycle_summary(self, records):
        """Return how many are in each state: [{"name", "tone", "count"}]; empty for a few."""
        field = self._cycle_status_field(records)
        if not field or len(records) <= SHOWN:
            return []
        labels = dict(field._description_selection(self.env))
        return [
            {
                "name": labels.get(state, state),
                "tone": self._cycle_tone(records._name, state),
                "count": len(share),
            }
            for state, share in records.grouped(field.name).items()
            if state
        ]

    @api.model
    def _cycle_record(self, record, amount):
        field = self._cycle_status_field(record)
        state = record[field.name] if field else False
        labels = dict(field._description_selection(self.env)) if field else {}
        # A line of the bank statement is its entry's page.
        is_bank_line = record._name == "account.bank.statement.line"
        opened = record.move_id if is_bank_line else record
        return {
            "id": record.id,
            "opens": [opened._name, opened.id],
            "name": self._cycle_name(record),
            "status": labels.get(state, ""),
            "tone": self._cycle_tone(record._name, state),
            "amount": record[amount] if amount else False,
            "currency_id": record.currency_id.id if amount else False,
            "date": self._cycle_date(record),
        }

    @api.model
    def _cycle_name(self, record):
        if record._name == "account.bank.statement.line":
            return record.payment_ref or record.move_id.name or ""
        if record._name == "payment.return":
            return record.reason_id.label or record.reason_raw or record.display_name
        if record._name in ("payment.transaction", "payment.refund"):
            return record.reference or record.display_name
        if record._name == "payment.installment":
            return record.name
        return record.display_name or ""

    @api.model
    def _cycle_date(self, record):
        days = (record[name] for name in DATE_FIELDS if name in record._fields)
        return next(filter(None, days), False)

    @api.model
    def _cycle_tone(self, model, state):
        """Return success, info, warning, danger or muted for a state of a model."""
        tones = TONES.get(model, {})
        return next((tone for tone, states in tones.items() if state in states), "muted")
