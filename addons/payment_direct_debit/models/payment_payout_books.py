from decimal import Decimal

from odoo import Command, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit.pure import money

# Items carry fractions of a cent and their sum is rounded once, by whichever rule.
ROUNDING = Decimal("0.5")


class PaymentPayout(models.Model):
    """The books: one entry for each payout that adds up."""

    _inherit = "payment.payout"

    def _check_and_book(self, on):
        """Book when the items add up; tell a person when they do not."""
        digits = self.currency_id.decimal_places
        total = self.line_ids._cents()
        if abs(total - money.to_cents(self.amount, digits)) <= ROUNDING:
            self._book(on)
            return
        self._set_state("mismatch", self.env._("The items do not add up"), on)
        self._alert(
            "payout_mismatch",
            self.env._(
                "Payout %(payout)s of %(amount)s: its items come to %(total)s. Nothing was booked.",
                payout=self.ref,
                amount=self.currency_id.format(self.amount),
                total=self.currency_id.format(float(total / 10**digits)),
            ),
        )

    def _book(self, on):
        entry = self._enter(self.arrival_date or on)
        self._set_state("booked", on=on, values={"move_id": entry.id})
        self.env["payment.alert"]._close_alerts("payout_mismatch", self)
        paid = self.line_ids.filtered(lambda line: line.kind == "debit").transaction_id
        paid._state_write({"payout_id": self.id})
        # Not every provider says so on the debit itself.
        collected = paid.filtered(lambda debit: debit.debit_status == "collected")
        collected._debit_move("paid_out", {}, on or fields.Date.context_today(self))
        self._letter_outstanding(entry)

    def _letter_outstanding(self, entry):
        """Match what the payout takes off the outstanding account with what stood there, so that
        what stays open is what has not been paid out yet."""
        account = self.provider_id._debit_outstanding_account()
        ours = self.line_ids._about_ours()
        moves = (
            entry
            + ours.transaction_id.debit_line_ids.move_id
            + ours.refund_id.move_id
            + ours.refund_id.reversal_move_id
        )
        lines = moves.line_ids.filtered(
            lambda line: (
                line.account_id == account and line.parent_state == "posted" and not line.reconciled
            )
        )
        if account.reconcile and len(lines) > 1:
            lines.reconcile()

    def _enter(self, date):
        journal = self.provider_id.journal_id
        debit_model = self.env["payment.transaction"]
        entry = (
            self.env["account.move"]
            .with_company(self.company_id)
            .with_context(
                tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
            )
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": debit_model._debit_open_date(self.company_id, journal, date),
                    "ref": self.env._("Payout %(payout)s", payout=self.bank_reference or self.ref),
                    "line_ids": [Command.create(values) for values in self._entry_lines(date)],
                }
            )
        )
        entry._post(soft=False)
        return entry

    def _entry_lines(self, date):
        """Return the lines: net to the bank, fees, what is ours off the outstanding account.

        What is ours and what nobody knows are whole cents; the fees take the fractions.
        """
        unit = 10**self.currency_id.decimal_places
        ours = self.line_ids._about_ours()
        fees = self.line_ids.filtered(lambda line: line.kind == "fee")
        strangers = self.line_ids - ours - fees
        round_ = self.currency_id.round
        explained = round_(float(ours._cents() / unit))
        unknown = round_(float(strangers._cents() / unit))
        fee = round_(explained + unknown - self.amount)
        if strangers:
            self._alert_strangers(unknown)
        lines = [
            (self._transit_account(), self.amount),
            (self._fee_account() if fee else None, fee),
            (self._suspense_account() if unknown else None, -unknown),
            (self.provider_id._debit_outstanding_account(), -explained),
        ]
        return self._line_values([line for line in lines if line[1]], date)

    def _line_values(self, lines, date):
        company = self.company_id
        values = []
        for account, amount in lines:
            values.append(
                {
                    "account_id": account.id,
                    "name": self.ref,
                    "currency_id": self.currency_id.id,
                    "amount_currency": amount,
                    "balance": self.currency_id._convert(
                        amount, company.currency_id, company, date
                    ),
                }
            )
        # Each line is converted alone; the last one takes what rounding leaves over.
        rest = sum(line["balance"] for line in values)
        values[-1]["balance"] = company.currency_id.round(values[-1]["balance"] - rest)
        return values

    def _alert_strangers(self, amount):
        self._alert(
            "unmatched",
            self.env._(
                "Payout %(payout)s holds %(amount)s that no debit here explains: it stands on"
                " the journal's suspense account.",
                payout=self.ref,
                amount=self.currency_id.format(amount),
            ),
        )

    def _transit_account(self):
        account = self.company_id.transfer_account_id
        if not account:
            raise UserError(
                self.env._("%(company)s has no transfer account.", company=self.company_id.name)
            )
        return account

    def _suspense_account(self):
        account = self.provider_id.journal_id.suspense_account_id
        if not account:
            raise UserError(
                self.env._(
                    "Journal %(journal)s has no suspense account; payout %(payout)s waits for it.",
                    journal=self.provider_id.journal_id.name,
                    payout=self.ref,
                )
            )
        return account

    def _fee_account(self):
        account = self.provider_id.debit_fee_account_id
        if not account:
            raise UserError(
                self.env._(
                    "Choose the account for the fees of %(provider)s on the provider; payout"
                    " %(payout)s waits for it.",
                    provider=self.provider_id.name,
                    payout=self.ref,
                )
            )
        return account

    def _bounce(self, on):
        """The money did not arrive: undo the entry by its mirror, and tell a person."""
        if self.move_id:
            date = self.env["payment.transaction"]._debit_open_date(
                self.company_id, self.move_id.journal_id, on
            )
            self.move_id._reverse_moves([{"date": date}], cancel=True)
        self._set_state("bounced", self.env._("The payout bounced"), on)
        self._alert(
            "payout_mismatch",
            self.env._(
                "Payout %(payout)s of %(amount)s bounced: check the bank account given to"
                " %(provider)s.",
                payout=self.ref,
                amount=self.currency_id.format(self.amount),
                provider=self.provider_id.name,
            ),
        )
