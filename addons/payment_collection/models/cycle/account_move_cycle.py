from odoo import fields, models

from odoo.addons.payment_collection.models.cycle.payment_cycle import FINANCE, LATEST


class AccountMove(models.Model):
    """The invoice of an installment, and each entry that a payment has made on its way."""

    _inherit = "account.move"

    has_payment_cycle = fields.Boolean(compute="_compute_has_payment_cycle", groups=FINANCE)

    def _compute_has_payment_cycle(self):
        """Tell which invoices and entries belong to a payment; five queries for any number."""
        mine = [("move_id", "in", self.ids)]
        found = set(self.filtered("statement_line_id").ids)
        for model, name, domain in (
            ("payment.installment", "invoice_id", [("invoice_id", "in", self.ids)]),
            ("account.move.line", "move_id", [*mine, ("debit_transaction_id", "!=", False)]),
            ("payment.payout", "move_id", mine),
            ("payment.return", "move_id", mine),
            ("payment.refund", "move_id", mine),
        ):
            found |= {move.id for [move] in self.env[model]._read_group(domain, [name])}
        for move in self:
            move.has_payment_cycle = move.id in found

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) that an invoice, an entry or a bank line is about.

        :param bool is_finance: whether the user sees payments; entries tell the others nothing.
        """
        installments = self.env["payment.installment"]
        payments = self.env["payment.transaction" if is_finance else "payment.status.report"]
        if not is_finance:
            return installments, payments
        entries = self
        if self.statement_line_id:
            reconciled = self.env["payment.cycle"]._cycle_reconciled(self)
            entries |= self.browse(reconciled)._filtered_access("read")
        mine = [("move_id", "in", entries.ids)]
        installments = installments.search([("invoice_id", "in", entries.ids)], limit=LATEST)
        payments = (
            installments.transaction_ids
            | self.env["payment.payout"].search(mine)._cycle_chain(True)[1]
            | self.env["payment.return"].search(mine, limit=LATEST).transaction_id
            | self.env["payment.refund"].search(mine, limit=LATEST).transaction_id
            | payments.search([("debit_line_ids.move_id", "in", entries.ids)], limit=LATEST)
        )
        return installments | payments.installment_id, payments
