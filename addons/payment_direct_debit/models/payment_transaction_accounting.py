from datetime import timedelta

from odoo import Command, api, models
from odoo.tools import split_every

from odoo.addons.payment_direct_debit.batch import QUIET

# One entry for so many debits. Where taxes fall due with the payment, Odoo walks all lines of
# both entries for each pair: beyond about a hundred that costs more than the shared entry saves.
ENTRY_CHUNK = 500
CASH_BASIS_CHUNK = 100


class PaymentTransaction(models.Model):
    """The books: one entry for debits confirmed together, one line for each debit."""

    _inherit = "payment.transaction"

    def _debit_book_collection(self):
        """Enter the collected debits and reconcile each with its invoices.

        One entry for each provider, currency and day; its lines carry the debit, so that each
        can be undone alone.
        """
        for debits in self._debit_accounting_groups(lambda d: d.debit_settled_date):
            entry = debits._debit_entry(debits[0].debit_settled_date, sign=-1)
            debits._debit_reconcile(entry)
        self.is_post_processed = True

    def _debit_book_missing(self):
        """Book what was collected and could not be booked then; nothing otherwise."""
        missing = self.filtered(
            lambda d: d.debit_status in ("collected", "paid_out") and not d.sudo().debit_line_ids
        )
        missing._debit_book_collection()
        (self - missing).is_post_processed = True

    def _debit_accounting_groups(self, date_of):
        """Split the debits into what may stand in one entry."""
        key = self.grouped(
            lambda d: (d.provider_id, d.currency_id, date_of(d), d._debit_has_cash_basis())
        )
        for (*_, cash_basis), debits in key.items():
            for ids in split_every(CASH_BASIS_CHUNK if cash_basis else ENTRY_CHUNK, debits.ids):
                yield self.browse(ids)

    def _debit_has_cash_basis(self):
        """Tell whether a tax of the invoices falls due with their payment."""
        lines = self.invoice_ids.line_ids
        taxes = lines.tax_line_id | lines.tax_ids.flatten_taxes_hierarchy()
        return "on_payment" in taxes.mapped("tax_exigibility")

    def _debit_entry(self, date, sign):
        """Make and post one entry for the debits.

        :param date date: the day of the money; moved after a lock date where there is one.
        :param int sign: -1 credits the clients (money came), +1 debits them (money went back).
        :return: the posted account.move.
        """
        provider = self.provider_id
        journal = provider.journal_id
        company = provider.company_id
        lines = [debit._debit_line_values(sign) for debit in self]
        outstanding = {
            "name": self.env._(
                "%(provider)s, %(count)s debits", provider=provider.name, count=len(self)
            ),
            "account_id": provider._debit_outstanding_account().id,
            "currency_id": self.currency_id.id,
            "amount_currency": -sum(line["amount_currency"] for line in lines),
            "balance": -sum(line["balance"] for line in lines),
            "tax_ids": [Command.clear()],
        }
        books = self.env["account.move"].with_company(company).with_context(**QUIET)
        # All lines are given and nothing is posted yet: Odoo has nothing to complete or to undo.
        entry = books.with_context(skip_invoice_sync=True, skip_analytic_sync=True).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": self._debit_open_date(company, journal, date),
                "ref": outstanding["name"],
                "line_ids": [Command.create(values) for values in [outstanding, *lines]],
            }
        )
        entry = entry.with_env(books.env)
        entry._post(soft=False)
        return entry

    @api.model
    def _debit_open_date(self, company, journal, date):
        """Return `date`, or the first open day after the lock date that covers it."""
        return max(date, company._get_user_fiscal_lock_date(journal) + timedelta(days=1))

    def _debit_line_values(self, sign):
        self.ensure_one()
        amount = self.currency_id.round(self.amount) * sign
        balance = self.currency_id._convert(
            amount, self.company_id.currency_id, self.company_id, self.debit_settled_date
        )
        receivable = self.invoice_ids.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )[:1].account_id
        client = self.partner_id.commercial_partner_id
        account = receivable or client.with_company(self.company_id).property_account_receivable_id
        return {
            "name": self.reference,
            "account_id": account.id,
            "partner_id": client.id,
            "currency_id": self.currency_id.id,
            "amount_currency": amount,
            "balance": balance,
            "tax_ids": [Command.clear()],
            "debit_transaction_id": self.id,
        }

    def _debit_reconcile(self, entry):
        """Match each line of the entry with what is open of the debit's invoices."""
        lines = entry.line_ids.filtered("debit_transaction_id")
        plan = []
        for line in lines:
            open_lines = line.debit_transaction_id.invoice_ids.filtered(
                lambda move: move.state == "posted"
            ).line_ids.filtered(
                lambda item, line=line: (
                    item.account_id == line.account_id and not item.reconciled and item.balance > 0
                )
            )
            if open_lines:
                plan.append(line + open_lines)
        if plan:
            self._debit_matching(self._debit_has_cash_basis())._reconcile_plan(plan)
        for line in lines.filtered(lambda item: not item.reconciled):
            line.debit_transaction_id._debit_alert(
                "overpaid",
                self.env._(
                    "Debit %(reference)s was collected, but its invoice owed less or nothing any"
                    " more: %(rest)s stands to the client's credit.",
                    reference=line.debit_transaction_id.reference,
                    rest=line.currency_id.format(-line.amount_residual_currency),
                ),
            )

    def _debit_matching(self, cash_basis):
        """Return account.move.line, told not to look for what a payment can bring along.

        Without a tax that falls due with the payment there is no cash-basis entry; in the
        company's own currency no difference of rates, and no line to be made again.

        :param bool cash_basis: whether taxes fall due with this matching.
        """
        lines = self.env["account.move.line"].with_context(**QUIET)
        if cash_basis:
            return lines
        own_currency = self.currency_id == self.company_id.currency_id
        return lines.with_context(no_cash_basis=True, skip_invoice_sync=own_currency)

    def _debit_reopen(self, entry):
        """Match each line of a return's entry with the collection that it undoes.

        The first entry stays as it is, in a locked period too; only its matching is undone.
        """
        plan = []
        for line in entry.line_ids.filtered("debit_transaction_id"):
            debit = line.debit_transaction_id
            collected = debit.debit_line_ids.filtered(
                lambda item: item.balance < 0 and item.parent_state == "posted"
            ).sorted("id")[-1:]
            plan.append(line + collected)
        originals = self.env["account.move.line"].union(*plan).filtered(lambda i: i.balance < 0)
        originals.with_context(**QUIET).remove_move_reconcile()
        # The taxes stand in the invoices, which are out of it now: there are none in these entries.
        self._debit_matching(cash_basis=False)._reconcile_plan(plan)
