import hashlib

from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.payment_collection.pure import export_files

OPEN = ("draft", "queued", "running")


class PaymentExport(models.Model):
    """What finance does with an export: fetch, check, ask again, go back to the payments."""

    _inherit = "payment.export"

    def action_download(self):
        """Fetch the file; under the rights of who presses."""
        self._check_has_file()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }

    def action_check_file(self):
        """Say whether the file is still the one that was exported, and note it."""
        self._check_has_file()
        found = self._stored_sha256()
        if found == self.sha256:
            text, kind = self.env._("The file is the one that was exported."), "success"
        elif found:
            text, kind = self.env._("The file has changed since it was exported."), "danger"
        else:
            text, kind = self.env._("The file is missing on the server."), "danger"
        self.sudo()._state_note(text)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.file_name,
                "message": text,
                "type": kind,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_has_file(self):
        self.ensure_one()
        self.check_access("read")
        if self.file_removed_on:
            raise UserError(self.env._("The file was removed; export again to have a new one."))
        if self.state != "done":
            raise UserError(self.env._("There is no file yet."))

    def _stored_sha256(self):
        """Return the SHA-256 of the file as it is stored now; False when it is not there."""
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", "file"),
                ],
                limit=1,
            )
        )
        if not attachment.store_fname:
            return bool(attachment) and hashlib.sha256(attachment.raw).hexdigest()
        try:
            with open(attachment._full_path(attachment.store_fname), "rb") as file:
                return export_files.sha256(file)
        except FileNotFoundError:
            return False

    def action_again(self):
        """Ask for the same once more, in one's own name; the former export stays."""
        self.ensure_one()
        self.check_access("read")
        old = self.sudo()
        export = self.with_company(old.company_id)._ask(
            {
                "name": old.name,
                "company_id": old.company_id.id,
                "kind": old.kind,
                "file_format": old.file_format,
                "domain": old.domain,
                "filter_text": old.filter_text,
                "columns": old.columns,
                "run_id": old.run_id.id,
                "date_from": old.date_from,
                "date_to": old.date_to,
                "journal_ids": [(6, 0, old.journal_ids.ids)],
            }
        )
        return export._open_form()

    def action_cancel(self):
        """Cancel what is not made yet; a process that makes it stops after its batch.

        Whoever asked may, and a finance manager.
        """
        self.check_access("read")
        manager = self.env.user.has_group("payment_direct_debit.group_payment_manager")
        if not manager and self.filtered(lambda export: export.user_id != self.env.user):
            raise AccessError(
                self.env._("Only who asked for an export, or a finance manager, cancels it.")
            )
        exports = self.sudo()
        exports._set_state("cancelled")
        for export in exports:
            export._tell_progress()

    def action_retry(self):
        """Make again what failed, in the background, for the person who asked."""
        self.check_access("read")
        self._check_may_export()
        self.sudo()._set_state("queued", values={"tries": 0, "error": False})
        self.env.ref("payment_collection.ir_cron_export")._trigger()

    def action_reopen(self):
        """Open the records that the filter finds now."""
        self.ensure_one()
        self.check_access("read")
        if self.kind == "run":
            return {
                "type": "ir.actions.act_window",
                "res_model": "payment.run",
                "res_id": self.run_id.id,
                "views": [(False, "form")],
            }
        if self.kind == "fec":
            moves = self._fec_moves()
            return {
                "type": "ir.actions.act_window",
                "name": self.name,
                "res_model": "account.move",
                "views": [(False, "list"), (False, "form")],
                "domain": list(moves),
            }
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_collection.payment_page_action"
        )
        domain = self._payments_domain(self.company_id, self._filter())
        # Without its path: under that address is the page without this filter.
        return {**action, "path": False, "name": self.name, "domain": list(domain), "context": {}}

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
