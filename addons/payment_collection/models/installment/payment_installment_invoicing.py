from odoo import Command, models
from odoo.exceptions import UserError

from odoo.addons.payment_collection.models.installment.account_move import NumberMemory
from odoo.addons.payment_direct_debit.batch import QUIET, in_savepoints


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

    def _read_ahead(self):
        """Hook: read for all at once what would be read one by one while invoices are made."""
        clients = self.partner_id | self.partner_id.commercial_partner_id
        clients.mapped("property_account_position_id")
        clients.mapped("user_ids")

    def _sales_journals(self):
        """Return {(company, currency): journal} as Odoo chooses it, asked once for each."""
        return {
            (company, currency): self.env["account.move"]
            .new(
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "currency_id": currency.id,
                }
            )
            .journal_id
            for company, currency in self.grouped(lambda i: (i.company_id, i.currency_id))
        }

    def _foresee(self, values, known):
        """Add to an invoice's lines the amounts and tax tags that Odoo is going to give them.

        Where they are right, Odoo has nothing to write a second time; where they are not, it
        corrects them: its own computation always has the last word.

        :param dict values: of the invoice; changed in place.
        :param dict known: a memory of what was computed, shared by one batch.
        :return: the same values.
        """
        if self.currency_id != self.company_id.currency_id:
            return values
        for _command, _id, line in values["invoice_line_ids"]:
            terms = self._terms_of_line(line)
            if terms and terms not in known:
                known[terms] = self._foreseen_line(*terms)
            line.update(known.get(terms, {}))
        return values

    def _terms_of_line(self, line):
        """Return what the amounts of an invoice line follow from; None where it is not all said."""
        taxes = line.get("tax_ids")
        if not taxes or len(taxes) > 1 or not {"price_unit", "quantity"} <= line.keys():
            return None
        command, _id, tax_ids = taxes[0]
        if command not in (Command.SET, Command.CLEAR):
            return None
        price = line["price_unit"] * (1 - line.get("discount", 0.0) / 100)
        return (
            tuple(tax_ids or ()),
            price,
            line["quantity"],
            line.get("product_id"),
            self.currency_id,
        )

    def _foreseen_line(self, tax_ids, price, quantity, product_id, currency):
        found = (
            self.env["account.tax"]
            .browse(tax_ids)
            .compute_all(
                price,
                currency=currency,
                quantity=quantity,
                product=self.env["product.product"].browse(product_id),
            )
        )
        return {
            "balance": -found["total_excluded"],
            "amount_currency": -found["total_excluded"],
            "tax_tag_ids": [Command.set(found["base_tags"])],
        }

    def _make_invoices(self, on):
        self._read_ahead()
        journals = self._sales_journals()
        foreseen = {}
        values = [
            installment._foresee(
                {
                    "journal_id": journals[installment.company_id, installment.currency_id].id,
                    **installment._prepare_invoice_values(on),
                },
                foreseen,
            )
            for installment in self
        ]
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
        invoices.with_context(number_memory=NumberMemory())._post(soft=False)
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
                **installment._routing_values(on),
            }
            for installment in self
        ]
        debits = self.env["payment.transaction"]._debit_create(values)
        for installment in self:
            installment.write({"attempt_count": installment.attempt_count + 1, "retry_on": False})
        self._set_state("in_collection", run.name, on)
        return debits
