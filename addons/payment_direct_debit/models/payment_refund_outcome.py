from odoo import Command, fields, models

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.models.payment_refund_sending import SILENCE
from odoo.addons.payment_direct_debit.pure import money

# {(state, what the provider says): the steps to walk}; what is not here contradicts our state.
STEPS = {
    **{(state, seam.ACCEPTED): ("submitted",) for state in ("submitting", "unknown")},
    **{(state, seam.PAID_OUT): ("submitted", "done") for state in ("submitting", "unknown")},
    ("submitted", seam.ACCEPTED): (),
    ("submitted", seam.PAID_OUT): ("done",),
    ("done", seam.PAID_OUT): (),
    ("failed", seam.FAILED): (),
    **{
        (state, seam.FAILED): ("failed",)
        for state in ("submitting", "unknown", "submitted", "done")
    },
}


class PaymentRefund(models.Model):
    """What a provider says about a refund, and its entries."""

    _inherit = "payment.refund"

    def _apply_snapshot(self, snapshot, on):
        """Take over what the provider says about one refund.

        :param seam.RefundSnapshot snapshot: as the provider's client gave it.
        :param date on: the engine's date.
        """
        self.ensure_one()
        steps = STEPS.get((self.state, snapshot.status))
        if not self._answer_is_ours(snapshot):
            if self.state == "submitting":
                self._mark_unknown(snapshot.raw_status, on)
        elif steps is None:
            self._alert(
                "drift",
                self.env._(
                    "Refund %(refund)s is “%(ours)s” here and “%(theirs)s” at %(provider)s.",
                    refund=self.reference,
                    ours=self.state,
                    theirs=snapshot.raw_status,
                    provider=self.provider_id.name,
                ),
            )
        else:
            in_savepoints(
                self,
                lambda refund: refund._walk(steps, snapshot, on),
                lambda refund, error: refund._not_applied(error, on),
            )

    def _answer_is_ours(self, snapshot):
        """Check amount, currency and status before anything is believed (money rules 6 and 8)."""
        cents = money.to_cents(self.amount, self.currency_id.decimal_places)
        if (snapshot.amount_cents, snapshot.currency) != (cents, self.currency_id.name):
            self._alert(
                "amount_mismatch",
                self.env._(
                    "%(provider)s says %(theirs)s cents %(currency)s for refund %(refund)s of"
                    " %(ours)s cents. Nothing was changed: compare both before you go on.",
                    provider=self.provider_id.name,
                    theirs=snapshot.amount_cents,
                    currency=snapshot.currency,
                    refund=self.reference,
                    ours=cents,
                ),
            )
            return False
        if snapshot.status == seam.UNMAPPED:
            self._state_write({"raw_status": snapshot.raw_status})
            self._alert(
                "unknown_status",
                self.env._(
                    "%(provider)s gave refund %(refund)s the status “%(status)s”, which is not"
                    " known here; nothing was changed.",
                    provider=self.provider_id.name,
                    refund=self.reference,
                    status=snapshot.raw_status,
                ),
            )
            return False
        return True

    def _walk(self, steps, snapshot, on):
        self._state_write(
            {
                "provider_ref": snapshot.ref,
                "raw_status": snapshot.raw_status,
                "next_check": fields.Datetime.now() + SILENCE,
            }
        )
        for state in steps:
            was = self.state
            self._set_state(state, snapshot.raw_status, on)
            if state == "done":
                self._book(on)
            elif state == "failed":
                self._came_back(was, snapshot, on)

    def _came_back(self, was, snapshot, on):
        """The refund did not reach the client: undo its entry, and tell a person."""
        self._state_write({"error": snapshot.raw_status})
        if was == "done":
            self._unbook(on)
        self._alert(
            "refund_failed",
            self.env._(
                "Refund %(refund)s of %(amount)s did not reach the client (%(status)s): pay it"
                " in another way.",
                refund=self.reference,
                amount=self.currency_id.format(self.amount),
                status=snapshot.raw_status,
            ),
        )

    def _not_applied(self, error, on):
        if self.state == "submitting":
            self._mark_unknown(str(error) or type(error).__name__, on)
        self._alert(
            "not_applied",
            self.env._(
                "What %(provider)s says about refund %(refund)s could not be applied: %(error)s",
                provider=self.provider_id.name,
                refund=self.reference,
                error=error,
            ),
        )

    def _alert(self, kind, message):
        self.env["payment.alert"]._raise_alert(kind, self, message, severity="high")

    # === BOOKS === #

    def _book(self, on):
        """Enter the refund: the client owes it again, unless a credit note explains it."""
        line = self._enter(on, sign=1, field="move_id")
        open_credits = self._open_credits(line.account_id)
        if open_credits:
            (line + open_credits).reconcile()

    def _unbook(self, on):
        """Enter that the refund came back; the first entry stays as it is."""
        first = self._client_line(self.move_id)
        line = self._enter(on, sign=-1, field="reversal_move_id")
        first.remove_move_reconcile()
        (first + line).reconcile()

    def _enter(self, on, sign, field):
        """Post one entry and return its line on the client's account.

        :param date on: the day; moved after a lock date where there is one.
        :param int sign: 1 for money that goes to the client, -1 for money that came back.
        """
        provider, debit = self.provider_id, self.transaction_id
        journal, company = provider.journal_id, provider.company_id
        amount = self.currency_id.round(self.amount) * sign
        balance = self.currency_id._convert(amount, company.currency_id, company, on)
        client = {
            **debit._debit_line_values(sign),
            "name": self.reference,
            "amount_currency": amount,
            "balance": balance,
            # Not one of the debit's own lines: a return undoes those.
            "debit_transaction_id": False,
        }
        outstanding = {
            "name": self.reference,
            "account_id": provider._debit_outstanding_account().id,
            "currency_id": self.currency_id.id,
            "amount_currency": -amount,
            "balance": -balance,
        }
        entry = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": debit._debit_open_date(company, journal, on),
                    "ref": self.env._("Refund %(refund)s", refund=self.reference),
                    "line_ids": [Command.create(client), Command.create(outstanding)],
                }
            )
        )
        entry._post(soft=False)
        self._state_write({field: entry.id})
        return self._client_line(entry)

    @staticmethod
    def _client_line(entry):
        return entry.line_ids.filtered("partner_id")

    def _open_credits(self, account):
        """Return what explains the refund: open credit notes of the debit's invoices, and what
        was collected beyond them."""
        debit = self.transaction_id
        notes = debit.invoice_ids.reversal_move_ids.filtered(lambda move: move.state == "posted")
        return (notes.line_ids + debit.debit_line_ids).filtered(
            lambda line: (
                line.account_id == account
                and line.parent_state == "posted"
                and not line.reconciled
                and line.balance < 0
            )
        )
