from odoo import Command, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit.batch import in_savepoints

# No message and no follower for each invoice of a run: the history of the installment says it.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class InvoiceDiffers(UserError):
    """The invoice does not come to what was planned (and perhaps notified)."""


class PaymentInstallment(models.Model):
    """One customer invoice for each installment, made and posted in batches."""

    _inherit = "payment.installment"

    def _prepare_invoice_values(self, on):
        """Hook: return the values of this installment's invoice (account.move).

        Whoever plans installments with products, taxes and a contract overrides this; the plain
        installment is one line without tax.

        :param date on: the date of the invoice.
        """
        self.ensure_one()
        return {
            "move_type": "out_invoice",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": on,
            "invoice_date_due": max(self.due_date, on),
            "invoice_payment_term_id": False,
            "invoice_origin": self.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self.label or self.name,
                        "quantity": 1,
                        "price_unit": self.amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _invoice(self, on):
        """Make and post the invoices that are missing; what can not be invoiced is held.

        :param date on: the date of the invoices.
        :return: the installments that have a posted invoice now.
        """
        missing = self.filtered(lambda installment: not installment.invoice_id)
        in_savepoints(
            missing,
            lambda batch: batch._make_invoices(on),
            lambda installment, error: installment._hold(
                "amount_mismatch" if isinstance(error, InvoiceDiffers) else "invoice_error",
                str(error)[:300],
                on,
            ),
        )
        return self.filtered(lambda i: i.invoice_id.state == "posted")

    def _make_invoices(self, on):
        values = [installment._prepare_invoice_values(on) for installment in self]
        invoices = self.env["account.move"].sudo().with_context(**QUIET).create(values)
        for installment, invoice in zip(self, invoices, strict=True):
            if installment.currency_id.compare_amounts(invoice.amount_total, installment.amount):
                raise InvoiceDiffers(
                    self.env._(
                        "the invoice comes to %(invoice)s instead of %(planned)s",
                        invoice=installment.currency_id.format(invoice.amount_total),
                        planned=installment.currency_id.format(installment.amount),
                    )
                )
            installment._state_write({"invoice_id": invoice.id})
        invoices._post(soft=False)
        self._set_state("invoiced", on=on)

    def _create_debits(self, run, dates, on):
        """Make one attempt for each installment, ready to be sent.

        :param run: the payment.run that they belong to.
        :param dict dates: {installment id: date to ask the debit for}.
        :param date on: the engine's date.
        :return: the debits.
        """
        values = [
            {
                "installment_id": installment.id,
                "run_id": run.id,
                "mandate_id": installment.mandate_id.id,
                "partner_id": installment.partner_id.id,
                "amount": installment.invoice_id.amount_residual or installment.amount,
                "currency_id": installment.currency_id.id,
                "reference": f"{installment.name}-{installment.attempt_count + 1}",
                "debit_requested_date": dates[installment.id],
                "debit_description": installment.label or installment.name,
                "invoice_ids": [Command.link(installment.invoice_id.id)],
            }
            for installment in self
        ]
        debits = self.env["payment.transaction"]._debit_create(values)
        for installment in self:
            installment.write({"attempt_count": installment.attempt_count + 1, "retry_on": False})
        self._set_state("in_collection", run.name, on)
        return debits
