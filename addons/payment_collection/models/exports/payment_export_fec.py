from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.payment_collection.models.exports.payment_export_making import Source
from odoo.addons.payment_collection.pure import fec
from odoo.addons.payment_collection.pure.export_cells import Column, Row, clean

# Entries, each with all its lines, that are in memory at a time.
ENTRIES = 200


class PaymentExport(models.Model):
    """The posted entries of chosen journals, in the form of the FEC.

    An extract for the accountant: it has neither the opening balances nor the other journals of
    the year's file, which Odoo's French accounting makes (and locks the year with it).
    """

    _inherit = "payment.export"

    @api.model
    def _payment_journals(self, company):
        """Return the journals that payments touch: the providers' and those of the bank."""
        providers = self.env["payment.provider"].sudo().search([("company_id", "=", company.id)])
        banks = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")]
        )
        return banks | providers.journal_id.with_env(self.env)

    def _source_fec(self):
        self._check_siren()
        moves = self._fec_moves()
        lines = self.env["account.move.line"].search_count(
            Domain("move_id", "any", moves) & self._fec_line_domain()
        )
        return Source([Column(name) for name in fec.COLUMNS], lines, self._fec_rows(moves))

    @api.model
    def _fec_siren(self, company):
        return fec.siren(company.company_registry) or fec.siren(company.vat)

    def _check_siren(self):
        if not self._fec_siren(self.company_id):
            raise UserError(
                self.env._(
                    "The name of the file begins with the SIREN of %(company)s, which is missing"
                    " or wrong: set its SIRET on the company.",
                    company=self.company_id.name,
                )
            )

    def _file_name(self):
        if self.kind == "fec":
            return fec.file_name(self._fec_siren(self.company_id), self.date_to)
        return super()._file_name()

    def _fec_moves(self):
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("journal_id", "in", self.journal_ids.ids),
                ("state", "=", "posted"),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ]
        )

    def _fec_line_domain(self):
        """Lines of text have no account, and a line of zero says nothing to the tax office."""
        return Domain([("account_id", "!=", False), ("balance", "!=", 0)])

    def _fec_rows(self, moves):
        """Yield the rows in the order of the entries' days; entries stay whole.

        :raise UserError: the file would not be valid.
        """
        balance = fec.Balance()
        try:
            for page in self._fec_pages(moves):
                lines = self.env["account.move.line"].search(
                    Domain("move_id", "in", page.ids) & self._fec_line_domain()
                )
                by_move = lines.grouped("move_id")
                rows = []
                for move in page:
                    for line in by_move.get(move, lines.browse()).sorted("id"):
                        values = self._fec_line(line, move)
                        balance.add(values)
                        texts = tuple(clean(text) for text in fec.row(values))
                        currency = move.company_currency_id.name
                        rows.append(Row(texts, values.journal_code, currency, values.debit))
                yield rows
                self.env.invalidate_all()
            balance.close()
        except fec.FecError as error:
            raise UserError(self._fec_words(error)) from error

    def _fec_pages(self, moves):
        """Yield entries by day and number, with flat memory."""
        entries = self.env["account.move"]
        beyond = Domain.TRUE
        while page := entries.search(moves & beyond, order="date, id", limit=ENTRIES):
            day, last = page[-1].date, page[-1].id
            beyond = Domain("date", ">", day) | (Domain("date", "=", day) & Domain("id", ">", last))
            yield page

    def _fec_line(self, line, move):
        account = line.account_id
        journal = move.journal_id
        is_third_party = account.account_type in ("asset_receivable", "liability_payable")
        partner = line.partner_id.sudo() if is_third_party else line.partner_id.browse()
        matched = line.full_reconcile_id
        digits = move.company_currency_id.decimal_places
        is_foreign = line.currency_id != move.company_currency_id
        return fec.Line(
            journal_code=journal.code,
            journal_name=journal.name,
            number=move.name or "",
            day=move.date,
            account=account.code or "",
            account_name=account.name,
            auxiliary=partner.ref or (str(partner.id) if partner else ""),
            auxiliary_name=partner.name or "",
            piece=move.ref or move.name or "",
            piece_day=move.invoice_date or move.date,
            label=line.name or move.ref or move.name or "",
            debit=self._decimal(line.debit, digits),
            credit=self._decimal(line.credit, digits),
            matching=line.matching_number or "" if matched else "",
            matching_day=matched.create_date.date() if matched else None,
            foreign_amount=(
                self._decimal(line.amount_currency, line.currency_id.decimal_places)
                if is_foreign
                else None
            ),
            foreign_currency=line.currency_id.name if is_foreign else "",
        )

    def _fec_words(self, error):
        texts = {
            "account": self.env._(
                "An account of entry %(entry)s does not begin with three digits of the chart of"
                " accounts.",
                entry=error.where,
            ),
            "journal": self.env._(
                "The journal of entry %(entry)s has no code or no name.", entry=error.where
            ),
            "number": self.env._("A posted entry has no number."),
            "label": self.env._(
                "Entry %(entry)s has neither a label nor a reference.", entry=error.where
            ),
            "unbalanced": self.env._(
                "Debits and credits of entry %(entry)s differ.", entry=error.where
            ),
        }
        return self.env._("The file would not be valid. %(why)s", why=texts[error.problem])
