import json
import mmap
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.payment_collection.pure import export_files
from odoo.addons.payment_collection.pure.export_cells import Column, Row
from odoo.addons.payment_collection.pure.export_tally import Tally

FINANCE = "payment_direct_debit.group_payment_user"
EXPORT = "base.group_allow_export"
# Up to so many rows a person waits for the file; more are made in the background.
AT_ONCE = 5000
# So many records are in memory at a time.
BATCH = 1000
# Not text/csv: Odoo indexes the words of text files in the database, which nobody needs of these.
MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/csv",
    "fec": "application/csv",
}


class Source(NamedTuple):
    """What an export is written from: its columns, how many rows, and the rows in batches."""

    columns: list[Column]
    count: int
    batches: Iterator[list[Row]]


class PaymentExport(models.Model):
    """From the filter to the file, under the rights of who asked."""

    _inherit = "payment.export"

    @api.model
    @api.private
    def _ask(self, values):
        """Record an export and make its file: at once where it is short, else in the background.

        :param dict values: `name`, `kind`, `file_format`, and what the kind needs: `domain` (JSON
            text), `filter_text`, `columns` (JSON text), `run_id`, `date_from`, `date_to`,
            `journal_ids`; `company_id` by default the current one.
        :return: the export; a short one is done.
        :raise AccessError: the user may not export.
        :raise UserError: a short file can not be made.
        """
        self._check_may_export()
        export = (
            self.sudo()
            ._state_writer()
            .create(
                {
                    "company_id": self.env.company.id,
                    **values,
                    "user_id": self.env.uid,
                    "lang": self.env.user.lang or "en_US",
                    "asked_at": fields.Datetime.now(),
                }
            )
        )
        # The context that may write what is guarded goes no further.
        export = self.sudo().browse(export.id)
        export.check_access("read")
        count = export._as_asker()._source().count
        if count > AT_ONCE:
            export._state_write({"to_do_count": count})
            export._set_state("queued")
            self.env.ref("payment_collection.ir_cron_export")._trigger()
        else:
            export._set_state("running")
            export._make_at_once()
        return export.sudo(False)

    @api.model
    def _check_may_export(self):
        """Let finance export, where the administrator has not taken exporting away.

        :raise AccessError: otherwise.
        """
        user = self.env.user
        if not (user.has_group(FINANCE) and user.has_group(EXPORT)):
            raise AccessError(self.env._("You don't have the rights to export payments."))

    def _as_asker(self):
        """Return the export as who asked for it sees the database, in the export's company.

        :raise AccessError: that person may not export any more.
        """
        context = {"allowed_company_ids": self.company_id.ids, "lang": self.lang}
        user = self.user_id
        mine = self.with_env(self.env(user=user.id, su=False, context=context))
        if not user.active:
            raise AccessError(self.env._("%(user)s does not work here any more.", user=user.name))
        mine._check_may_export()
        return mine

    def _make_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export"
            tally = self._as_asker()._write_file(path)
            self._keep(path, tally)

    def _source(self):
        """Return the Source of this export's rows; the method of its kind knows them."""
        return getattr(self, f"_source_{self.kind}")()

    def _write_file(self, path, tell=None):
        """Write the rows to a file, batch by batch.

        :param Path path: a file that does not exist yet.
        :param tell: called after each batch with (rows written, rows in all).
        :return: the Tally of what was written.
        """
        source = self._source()
        tally = Tally()
        file = self._open_file(path, source.columns)
        try:
            for batch in source.batches:
                for row in batch:
                    file.add(row.values)
                    tally.add(row)
                if tell:
                    tell(tally.count, source.count)
        finally:
            file.close()
        return tally

    def _open_file(self, path, columns):
        if self.file_format == "xlsx":
            return export_files.XlsxFile(path, columns)
        if self.file_format == "fec":
            return export_files.FecFile(path)
        lang = self.env["res.lang"]._get_data(code=self.lang)
        return export_files.CsvFile(path, columns, lang.decimal_point or ".")

    def _keep(self, path, tally):
        """Keep the file and what it says of itself.

        :param Path path: the finished file.
        :param Tally tally: what was written into it.
        """
        name = self._file_name()
        values = {
            **self._store(path, name),
            "record_count": tally.count,
            "done_count": tally.count,
            "to_do_count": tally.count,
            "totals": tally.totals(),
            "breakdown": tally.groups(),
            "file_name": name,
            "finished_at": fields.Datetime.now(),
            "error": False,
        }
        self._set_state("done", values=values)
        self.invalidate_recordset(["file"])

    def _store(self, path, name):
        """Attach a file; return what identifies it.

        Odoo hashes and copies a mapped file without having it in memory as a whole. Where
        attachments are stored in the database, it has to be.
        """
        attachments = self.env["ir.attachment"].sudo()
        with path.open("rb") as file:
            sha256 = export_files.sha256(file)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                attachments.create(
                    {
                        "name": name,
                        "res_model": self._name,
                        "res_id": self.id,
                        "res_field": "file",
                        "company_id": self.company_id.id,
                        "mimetype": MIMETYPES[self.file_format],
                        "raw": mapped[:] if attachments._storage() == "db" else mapped,
                    }
                )
                return {"sha256": sha256, "file_size": len(mapped)}

    def _file_name(self):
        day = fields.Date.to_string(fields.Date.context_today(self, self.asked_at))
        return f"{self.kind}_{day}_{self.id}.{self.file_format}"

    # === ROWS === #

    def _filter(self):
        """Return the stored filter as a Domain; the rights of who asks come on top."""
        return Domain(json.loads(self.domain or "[]"))

    @api.model
    def _pages(self, model, domain, newest_first=True):
        """Yield the records of a domain in pages, by their numbers, with flat memory.

        Not by offset, which reads again all that it skips.

        :param model: records of the model, in the environment to read in.
        :param Domain domain: which ones.
        """
        last = None
        order, operator = ("id desc", "<") if newest_first else ("id", ">")
        while True:
            beyond = Domain("id", operator, last) if last else Domain.TRUE
            page = model.search(domain & beyond, order=order, limit=BATCH)
            if not page:
                return
            last = page[-1].id
            yield page
            self.env.invalidate_all()
