from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import AccessError

FINANCE = "payment_direct_debit.group_payment_user"
# Named one by one in a step; the rest is a link to the list.
SHOWN = 6
# A client or a contract of many years: the latest are the cycle that somebody looks at.
LATEST = 120

TONES = {
    "payment.installment": {
        "success": ("paid",),
        "info": ("notified", "invoiced", "in_collection"),
        "warning": ("held",),
        "danger": ("unpaid", "disputed", "in_recovery"),
    },
    "payment.transaction": {
        "success": ("collected", "paid_out"),
        "info": ("submitting", "submitted"),
        "warning": ("unknown",),
        "danger": ("failed", "returned"),
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


@dataclass
class Chain:
    """The records of one cycle, as the user may see them."""

    root: models.BaseModel
    installments: models.BaseModel
    payments: models.BaseModel  # payment.transaction, or the report for who sees no bank data
    is_finance: bool


class PaymentCycle(models.AbstractModel):
    """From what was signed to the bank line, on one screen; read by one call."""

    _name = "payment.cycle"
    _description = "Payment Cycle"

    @api.model
    @api.readonly
    def get_cycle(self, model, res_id):
        """Return the steps and the time line around a record that the user may read.

        :param str model: payment.transaction, payment.installment, payment.mandate,
            payment.return, res.partner, or another one that has `_cycle_chain`.
        :param int res_id: its id.
        :return: {"steps": [...], "events": [...]}; what the user may not see is not in it.
        :raise AccessError: the record is not the user's, or has no cycle.
        """
        root = self.env[model].browse(res_id) if model in self.env else None
        if root is None or not hasattr(root, "_cycle_chain"):
            raise AccessError(self.env._("%(model)s has no payment cycle.", model=model))
        root.check_access("read")
        is_finance = self.env.user.has_group(FINANCE)
        installments, payments = root._cycle_chain(is_finance)
        chain = Chain(root, installments, payments, is_finance)
        steps = [step for step in self._cycle_steps(chain) if step["count"]]
        return {"steps": steps, "events": self._cycle_events(chain)}

    @api.model
    def _cycle_steps(self, chain):
        """Hook: return the steps of the cycle in their order; see `_cycle_step`.

        Whoever knows where installments come from, or what follows from payments, adds his own.

        :param Chain chain: the records.
        """
        steps = [
            self._cycle_step(
                "installments",
                self.env._("Schedule"),
                self._cycle_schedule(chain.installments),
                "amount",
            ),
            self._cycle_step(
                "payments",
                self.env._("Payments"),
                chain.payments.sorted("id", reverse=True),
                "amount",
            ),
        ]
        if not chain.is_finance:
            return steps
        mandates = chain.payments.mandate_id | chain.installments.mandate_id
        if chain.root._name == "payment.mandate":
            mandates |= chain.root
        payouts = chain.payments.payout_id
        return [
            self._cycle_step("mandates", self.env._("Mandate"), mandates),
            *steps,
            self._cycle_step("returns", self.env._("Returns"), chain.payments.return_ids, "amount"),
            self._cycle_step("payouts", self.env._("Payouts"), payouts, "amount"),
            self._cycle_step(
                "bank_lines", self.env._("Bank lines"), self._cycle_bank_lines(payouts), "amount"
            ),
        ]

    @api.model
    def _cycle_schedule(self, installments):
        """Return the installments, those first that somebody looks for.

        What has begun comes before what is planned, the latest first; then what comes next.
        """
        planned = installments.filtered(lambda i: i.state == "planned").sorted("due_date")
        begun = (installments - planned).sorted("due_date", reverse=True)
        return begun + planned

    @api.model
    def _cycle_step(self, key, name, records, amount=None):
        """Return one step.

        :param str key: what tests and styles know it by.
        :param str name: its title.
        :param records: what it holds; may be empty.
        :param str amount: name of the records' amount.
        :return: a dict with the number of records, how many in each state, and the first ones.
        """
        return {
            "key": key,
            "name": name,
            "model": records._name,
            "count": len(records),
            "ids": records.ids,
            "summary": self._cycle_summary(records),
            "records": [self._cycle_record(record, amount) for record in records[:SHOWN]],
        }

    @api.model
    def _cycle_status_field(self, records):
        name = "payment_status" if "payment_status" in records._fields else "state"
        return records._fields.get(name)

    @api.model
    def _cycle_summary(self, records):
        """Return how many are in each state: [{"name", "tone", "count"}]; empty for a few."""
        field = self._cycle_status_field(records)
        if not field or len(records) <= 1:
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
            return record.payment_ref or ""
        if record._name == "payment.return":
            return record.reason_id.label or record.reason_raw or ""
        if record._name == "payment.transaction":
            return record.reference
        if record._name == "payment.installment":
            return record.name
        return record.display_name or ""

    @api.model
    def _cycle_date(self, record):
        for name in ("due_date", "payment_day", "arrival_date", "signed_on", "date"):
            if name in record._fields:
                return record[name]
        return False

    @api.model
    def _cycle_tone(self, model, state):
        tones = TONES.get(model, {})
        return next((tone for tone, states in tones.items() if state in states), "muted")

    @api.model
    def _cycle_bank_lines(self, payouts):
        """Return the lines of the bank statement on which the payouts arrived."""
        matched = payouts.filtered(lambda payout: payout.state == "matched")
        lines = self.env["account.bank.statement.line"]
        if not matched or not lines.has_access("read"):
            return lines
        entries = matched.move_id.line_ids.full_reconcile_id.reconciled_line_ids
        return entries.statement_line_id
