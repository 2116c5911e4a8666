import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.payment_collection.models.exports.payment_export_making import AT_ONCE


class PaymentExportWizard(models.TransientModel):
    """What is exported, in which form; asked in one small window."""

    _name = "payment.export.wizard"
    _description = "Export Payments"

    kind = fields.Selection(
        [
            ("payments", "Payments"),
            ("fec", "Accounting entries (FEC)"),
            ("run", "Debits of a run"),
        ],
        string="What",
        required=True,
        default="payments",
    )
    file_format = fields.Selection(
        [("xlsx", "Excel (XLSX)"), ("csv", "CSV")], string="Format", required=True, default="xlsx"
    )
    column_set = fields.Selection(
        [
            ("shown", "As on the page"),
            ("essential", "Essential ones"),
            ("all", "All"),
        ],
        string="Columns",
        required=True,
        default="essential",
    )
    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    domain = fields.Char(default="[]", readonly=True)
    filter_text = fields.Char(
        string="Filter", readonly=True, default=lambda self: self.env._("All payments")
    )
    shown_columns = fields.Char(readonly=True)
    run_id = fields.Many2one(
        "payment.run", check_company=True, domain=[("state", "not in", ("planned", "cancelled"))]
    )
    date_from = fields.Date(
        string="From",
        default=lambda self: fields.Date.context_today(self) - relativedelta(months=1, day=1),
    )
    date_to = fields.Date(
        string="To",
        default=lambda self: fields.Date.context_today(self) - relativedelta(day=1, days=1),
    )
    journal_ids = fields.Many2many(
        "account.journal",
        string="Journals",
        check_company=True,
        compute="_compute_journal_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    count = fields.Integer(string="Rows", compute="_compute_count")
    elsewhere_count = fields.Integer(compute="_compute_count")
    is_long = fields.Boolean(compute="_compute_count")

    @api.depends("kind", "run_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for wizard in self:
            today = format_date(self.env, fields.Date.context_today(wizard))
            if wizard.kind == "run" and wizard.run_id:
                wizard.name = wizard.run_id.display_name
            elif wizard.kind == "fec":
                wizard.name = self.env._("Entries, %(day)s", day=today)
            else:
                wizard.name = self.env._("Payments, %(day)s", day=today)

    @api.depends("company_id")
    def _compute_journal_ids(self):
        exports = self.env["payment.export"]
        for wizard in self:
            wizard.journal_ids = exports._payment_journals(wizard.company_id)

    @api.depends("kind", "domain", "company_id", "run_id")
    def _compute_count(self):
        """Count what leaves, and what the filter finds in other companies, which stays."""
        payments = self.env["payment.transaction"]
        for wizard in self:
            wizard.count = wizard.elsewhere_count = 0
            if wizard.kind == "payments":
                asked = wizard._asked_domain()
                mine = self.env["payment.export"]._payments_domain(wizard.company_id, asked)
                wizard.count = payments.search_count(mine)
                wizard.elsewhere_count = payments.search_count(
                    asked
                    & Domain("payment_status", "!=", False)
                    & Domain("company_id", "!=", wizard.company_id.id)
                )
            elif wizard.kind == "run":
                wizard.count = self.env["payment.run.line"].search_count(
                    [("run_id", "=", wizard.run_id.id)]
                )
            wizard.is_long = wizard.count > AT_ONCE

    def _asked_domain(self):
        """Return the filter of the page as a Domain.

        :raise UserError: it can not be read.
        """
        try:
            return Domain(json.loads(self.domain or "[]"))
        except ValueError as error:
            raise UserError(self.env._("This filter can not be read.")) from error

    def action_export(self):
        """Ask for the export and open it."""
        self.ensure_one()
        values = {
            "name": self.name,
            "kind": self.kind,
            "company_id": self.company_id.id,
            "file_format": "fec" if self.kind == "fec" else self.file_format,
            **getattr(self, f"_values_{self.kind}")(),
        }
        exports = self.env["payment.export"].with_company(self.company_id)
        return exports._ask(values)._open_form()

    def _values_payments(self):
        if not self.count:
            raise UserError(self.env._("No payment fits this filter."))
        columns = self.env["payment.export"]._payment_columns(
            self.column_set, json.loads(self.shown_columns or "[]")
        )
        return {
            "domain": json.dumps(list(self._asked_domain())),
            "filter_text": self.filter_text or self.env._("All payments"),
            "columns": json.dumps(columns),
        }

    def _values_run(self):
        if not self.run_id:
            raise UserError(self.env._("Choose the run whose debits are exported."))
        return {"run_id": self.run_id.id, "filter_text": self.run_id.display_name}

    def _values_fec(self):
        if not (self.date_from and self.date_to and self.date_from <= self.date_to):
            raise UserError(self.env._("Give the first and the last day of the entries."))
        if not self.journal_ids:
            raise UserError(self.env._("Choose the journals of the entries."))
        text = self.env._(
            "%(journals)s, from %(first)s to %(last)s",
            journals=", ".join(self.journal_ids.mapped("code")),
            first=format_date(self.env, self.date_from),
            last=format_date(self.env, self.date_to),
        )
        return {
            "date_from": self.date_from,
            "date_to": self.date_to,
            "journal_ids": [(6, 0, self.journal_ids.ids)],
            "filter_text": text,
        }
