import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..importing import contracts, mandates
from ..importing.errors import FileRefused
from ..importing.kind import kind_of
from ..importing.report import ImportReport
from .contract_loader import ContractLoader
from .import_reasons import file_reason, row_reasons
from .mandate_loader import MandateLoader

FINANCE = "payment_direct_debit.group_payment_user"


class CrmContractImport(models.TransientModel):
    """Takes over contracts and mandates from files: look first, then import."""

    _name = "crm.contract.import"
    _rec_name = "filename"
    _description = "Import of Contracts and Mandates"

    file = fields.Binary(string="CSV File", attachment=False)
    filename = fields.Char()
    skip_rejected = fields.Boolean(
        string="Import the valid rows only",
        help="Otherwise one refused row is enough for nothing to be imported.",
    )
    bill_from = fields.Date(
        default=fields.Date.context_today,
        help="What was due before this day is left to the former system.",
    )
    step = fields.Selection(
        [("upload", "Choose"), ("preview", "Check"), ("done", "Done")], default="upload"
    )
    kind = fields.Selection([("contracts", "Contracts"), ("mandates", "Mandates")], readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    created_count = fields.Integer(string="New Records", readonly=True)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True)
    rejected_count = fields.Integer(string="Refused Rows", readonly=True)
    messages = fields.Text(readonly=True)
    row_ids = fields.One2many(
        "crm.contract.import.row", "import_id", string="Refused", readonly=True
    )

    def action_preview(self):
        """Check the file and show what an import would do; nothing is written."""
        return self._run(dry_run=True)

    def action_import(self):
        """Import the file."""
        return self._run(dry_run=False)

    def action_restart(self):
        """Choose another file."""
        self.write({"file": False, "filename": False, "step": "upload"})
        return self._reopen()

    def action_view_result(self):
        """Open the contracts, the newest first."""
        self.ensure_one()
        name = {
            "contracts": "crm_contrats.crm_contract_action",
            "mandates": "payment_direct_debit.payment_mandate_action",
        }[self.kind]
        return self.env["ir.actions.act_window"]._for_xml_id(name)

    def _run(self, dry_run):
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        report = self._run_file(
            self.filename or "",
            base64.b64decode(self.with_context(bin_size=False).file),
            skip_rejected=self.skip_rejected,
            dry_run=dry_run,
            bill_from=self.bill_from,
        )
        self.row_ids.unlink()
        self.write(
            {
                "step": "preview" if dry_run or not report.created else "done",
                "kind": report.kind or False,
                "row_count": report.row_count,
                "created_count": report.created,
                "unchanged_count": report.unchanged,
                "rejected_count": len(report.rejected),
                "messages": "\n".join(report.messages),
                "row_ids": [
                    Command.create({"row": row, "column": column, "reason": reason})
                    for row, column, reason in report.rejected
                ],
            }
        )
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    @api.model
    def _run_file(
        self,
        name: str,
        content: bytes,
        skip_rejected: bool = False,
        dry_run: bool = False,
        bill_from=None,
    ) -> ImportReport:
        """Import one file into the current company; the kind is read from its header.

        :param str name: the file's name, for the report.
        :param bytes content: the file.
        :param bool skip_rejected: import the valid rows although others are refused.
        :param bool dry_run: check only; nothing stays written.
        :param date bill_from: the first due date that is ours, for contracts. Without it (nor
            `default_bill_from` in the context) the first planning decides.
        :return: what was done and refused.
        :raise UserError: when the user may not import this kind of file.
        """
        report = ImportReport(kind=kind_of(content))
        self._check_may_import(report.kind)
        bill_from = fields.Date.to_date(
            bill_from or self.env.context.get("default_bill_from") or None
        )
        try:
            loader = self._loader(report.kind, content, bill_from)
        except FileRefused as error:
            report.rejected = [(error.params.get("line", 0), "", file_reason(self.env, error))]
            report.messages = [
                self.env._("%(file)s can not be read: nothing was imported.", file=name or "-")
            ]
            return report
        loader.check()
        self._load(loader, report, skip_rejected, dry_run)
        report.row_count = loader.parsed.row_count
        report.unchanged = loader.unchanged
        report.rejected = row_reasons(self.env, loader.errors)
        report.messages = self._messages(loader, report, skip_rejected, dry_run)
        return report

    @api.model
    def _check_may_import(self, kind):
        if kind == "mandates" and not (self.env.su or self.env.user.has_group(FINANCE)):
            raise UserError(self.env._("Mandates hold bank data: only finance may import them."))

    @api.model
    def _loader(self, kind, content, bill_from):
        if kind == "mandates":
            today = fields.Date.context_today(self)
            return MandateLoader(self.env, mandates.parse(content, today))
        return ContractLoader(self.env, contracts.parse(content), bill_from)

    @api.model
    def _load(self, loader, report, skip_rejected, dry_run):
        """Write, and undo it when the file as a whole is refused or this is a rehearsal.

        Mandates are rehearsed for real, the provider's answer being part of the check; contracts
        are counted, so that no number of the sequence is lost.
        """
        if loader.kind == "contracts" and (dry_run or (loader.errors and not skip_rejected)):
            report.created = loader.count() if skip_rejected or not loader.errors else 0
            return
        with loader.undone_unless(lambda: not dry_run and (skip_rejected or not loader.errors)):
            report.created = loader.load()
        if loader.errors and not skip_rejected:
            report.created = 0

    @api.model
    def _messages(self, loader, report, skip_rejected, dry_run):
        """Return what the user should read first, then the loader's own remarks."""
        ignored = ", ".join(loader.parsed.ignored_columns)
        lines = []
        if report.rejected and not skip_rejected:
            lines.append(
                self.env._(
                    "%(count)s rows are refused: nothing is imported. Correct them, or choose to"
                    " import the valid rows only.",
                    count=len(report.rejected),
                )
            )
        elif dry_run:
            lines.append(
                self.env._("%(count)s would be imported. Nothing is yet.", count=report.created)
            )
        elif not report.created:
            lines.append(
                self.env._("Nothing changed: %(count)s are here already.", count=report.unchanged)
            )
        else:
            lines.append(
                self.env._(
                    "%(count)s imported, %(unchanged)s were here already.",
                    count=report.created,
                    unchanged=report.unchanged,
                )
            )
        if ignored:
            lines.append(self.env._("Columns not used: %(columns)s.", columns=ignored))
        return lines + loader.messages
