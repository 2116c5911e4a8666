import logging
import tempfile
from pathlib import Path

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Advisory locks of PostgreSQL carry two numbers; the second one is the export.
LOCK_CLASS = 33250
# Cut off so often, by a time limit or for want of memory, it would be again.
MAX_TRIES = 3
PROGRESS = "payment_export.progress"


class Stopped(Exception):
    """Somebody has cancelled the export that is being made."""


class PaymentExport(models.Model):
    """Long exports: made by a cron, one at a time, watched and cancelled while they are made.

    All rows are read in one transaction, which PostgreSQL shows one state of the database
    (REPEATABLE READ): in a file read in several transactions a payment could be missing, or stand
    there with two of its states. So nothing is committed while rows are read, and how far it has
    come is written by another cursor. An export that was cut off begins anew.
    """

    _inherit = "payment.export"

    @api.model
    def _cron_make(self):
        """Make what waits, and what a process that died has left; commits after each export."""
        waiting = self.search([("state", "in", ("queued", "running"))], order="id")
        for done, export in enumerate(waiting, start=1):
            export._make_in_background()
            self.env["ir.cron"]._commit_progress(1, remaining=len(waiting) - done)

    def _make_in_background(self):
        """Make the file unless another process is at it.

        Commits; leaves the export done, failed or cancelled.
        """
        self.ensure_one()
        if not self._lock():
            return
        try:
            # The other process may have finished between our snapshot and its unlocking.
            self._commit()
            self.invalidate_recordset()
            if self.state not in ("queued", "running"):
                return
            if self.tries >= MAX_TRIES:
                self._fail(self.env._("It was cut off %(tries)s times.", tries=self.tries))
            else:
                self._state_write({"tries": self.tries + 1, "done_count": 0})
                self._set_state("running")
                self._tell_progress()
                self._commit()
                self._make_and_say()
            self._commit()
        finally:
            self._unlock()

    def _make_and_say(self):
        """Make the file; what prevents it stands on the export, in plain words."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "export"
                tally = self._as_asker()._write_file(path, self._tell)
                self._commit()  # ends the snapshot: what changed meanwhile is seen again
                self._claim_end()
                self._keep(path, tally)
        except Stopped:
            self._commit()  # nothing was written: ends the snapshot
        except UserError as error:  # also a right that is missing
            self.env.cr.rollback()
            self._fail(str(error))
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Export %s could not be made", self.id)
            self._fail(self.env._("An unexpected error; the administrator finds it in the log."))
        self.invalidate_recordset()
        self._tell_progress()

    def _fail(self, message):
        self.invalidate_recordset()
        if self.state != "cancelled":
            self._set_state("failed", message, values={"error": message})

    def _tell(self, done, total):
        """Write how far it is by a cursor of its own; the one that reads keeps its snapshot.

        :raise Stopped: the export was cancelled.
        """
        try:
            with self.env.registry.cursor() as cr:
                export = self.with_env(self.env(cr=cr))
                if export.state != "running":
                    raise Stopped
                export._state_write({"done_count": done, "to_do_count": total})
                export._tell_progress()
        except SerializationFailure:
            # Somebody writes the same row: he cancels. The next batch sees it.
            _logger.info("Progress of export %s was not written", self.id)

    def _claim_end(self):
        """Lock the row, so that nobody cancels what is being finished.

        :raise Stopped: somebody has.
        """
        query = SQL("SELECT state FROM payment_export WHERE id = %s FOR UPDATE", self.id)
        try:
            self.env.cr.execute(query)
        except SerializationFailure:
            self.env.cr.rollback()
            self.env.cr.execute(query)
        if self.env.cr.fetchone()[0] != "running":
            raise Stopped
        self.invalidate_recordset()

    # === PROGRESS === #

    def get_progress(self):
        """Return how far the exports are, as it is stored; for their form.

        :return: a list of dicts, in order.
        """
        self.check_access("read")
        return [export._progress() for export in self]

    def _progress(self):
        self.ensure_one()
        return {
            "id": self.id,
            "state": self.state,
            "done": self.done_count,
            "total": self.to_do_count,
        }

    def _tell_progress(self):
        self._bus_send(PROGRESS, self._progress())

    # === RETENTION === #

    @api.model
    def _cron_forget_files(self, on=None):
        """Remove the files that are older than their company keeps them; the records stay.

        :param date on: the day; today by default.
        """
        on = on or fields.Date.context_today(self)
        for company in self.env["res.company"].search([("export_keep_days", ">", 0)]):
            before = fields.Date.subtract(on, days=company.export_keep_days)
            old = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "done"),
                    ("file_removed_on", "=", False),
                    ("finished_at", "<", fields.Datetime.to_datetime(before)),
                ]
            )
            if old:
                old._state_write({"file": False, "file_removed_on": on})
                old._state_note(self.env._("File removed: kept long enough"), on)

    # === ONE AT A TIME === #

    def _lock(self):
        self.env.cr.execute(SQL("SELECT pg_try_advisory_lock(%s, %s)", LOCK_CLASS, self.id))
        return self.env.cr.fetchone()[0]

    def _unlock(self):
        self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_CLASS, self.id))

    def _commit(self):
        """Commit: others see how far it is, and what is made is made."""
        self.env.cr.commit()  # pylint: disable=invalid-commit
