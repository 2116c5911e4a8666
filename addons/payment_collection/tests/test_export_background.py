from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment_collection.models.exports import (
    payment_export_background as background,
)
from odoo.addons.payment_collection.models.exports import payment_export_making as making
from odoo.addons.payment_collection.tests.common_export import ExportCommon


@tagged("post_install", "-at_install")
class TestExportBackground(ExportCommon):
    """A long export: queued, made from one state of the database, watched, cancelled."""

    def setUp(self):
        super().setUp()
        self.debited("collect", "collect", "fail:AM04")
        self.patch(making, "AT_ONCE", 0)
        self.patch(making, "BATCH", 1)

    def make(self):
        with self.committing() as env:
            env["payment.export"]._cron_make()
        self.env.invalidate_all()

    def test_a_long_export_waits_and_is_made_by_the_cron(self):
        export = self.export()
        self.assertEqual((export.state, export.to_do_count, export.sha256), ("queued", 3, False))
        self.make()
        self.assertEqual((export.state, export.record_count), ("done", 3))
        self.assertEqual(len(self.rows(export)), 3)
        self.assertEqual(export.done_count, 3)

    def test_progress_is_told_after_each_batch(self):
        export = self.export()
        told = []
        original = background.PaymentExport._tell

        def tell(this, done, total):
            told.append((done, total))
            return original(this, done, total)

        self.patch(background.PaymentExport, "_tell", tell)
        self.make()
        self.assertEqual(told, [(1, 3), (2, 3), (3, 3)])
        self.assertEqual(export.with_user(self.clerk).get_progress()[0]["done"], 3)

    def test_nothing_is_committed_while_rows_are_read(self):
        """A commit would end the snapshot: the rest would be of another state of the database."""
        self.export()
        steps = []
        for name in ("_commit", "_tell"):
            original = getattr(background.PaymentExport, name)

            def step(this, *args, name=name, original=original):
                steps.append(name)
                return original(this, *args)

            self.patch(background.PaymentExport, name, step)
        self.make()
        first, last = steps.index("_tell"), len(steps) - steps[::-1].index("_tell")
        self.assertEqual(steps[first:last], ["_tell"] * 3)
        self.assertIn("_commit", steps[:first])
        self.assertIn("_commit", steps[last:])

    def test_a_cancelled_export_stops_after_its_batch_and_leaves_no_file(self):
        export = self.export()
        original = background.PaymentExport._tell
        batches = []

        def tell(this, done, total):
            batches.append(done)
            if done == 1:
                with this.env.registry.cursor() as cr:
                    this.with_env(this.env(cr=cr, user=self.clerk.id, su=False)).action_cancel()
            return original(this, done, total)

        self.patch(background.PaymentExport, "_tell", tell)
        self.make()
        self.assertEqual((export.state, batches), ("cancelled", [1]))
        self.assertFalse(export.sha256 or export.file)

    def test_a_waiting_export_is_cancelled_by_who_asked_or_a_manager_only(self):
        export = self.export()
        with self.assertRaises(AccessError):
            export.with_user(self.finance).action_cancel()
        export.with_user(self.clerk).action_cancel()
        self.make()
        self.assertEqual((export.state, export.sha256), ("cancelled", False))

    def test_an_export_that_was_cut_off_begins_anew_but_not_for_ever(self):
        export = self.export()
        export._state_write({"tries": 1})
        export._set_state("running")
        self.make()
        self.assertEqual((export.state, export.tries), ("done", 2))
        hopeless = self.export()
        hopeless._state_write({"tries": background.MAX_TRIES})
        hopeless._set_state("running")
        self.make()
        self.assertEqual(hopeless.state, "failed")
        self.assertIn("3", hopeless.error)
        hopeless.with_user(self.clerk).action_retry()
        self.make()
        self.assertEqual((hopeless.state, hopeless.error), ("done", False))

    def test_two_workers_never_make_the_same_one(self):
        export = self.export()
        # Another connection holds the lock that a second worker would hold.
        with self.registry._db.cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(%s, %s)", (background.LOCK_CLASS, export.id))
            self.make()
            self.assertEqual(export.state, "queued")
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", (background.LOCK_CLASS, export.id))
        self.make()
        self.assertEqual(export.state, "done")

    def test_a_right_lost_meanwhile_fails_it_in_plain_words(self):
        export = self.export()
        self.clerk.group_ids -= self.env.ref("payment_direct_debit.group_payment_user")
        self.make()
        self.assertEqual(export.state, "failed")
        self.assertIn("droits", export.error, "in the language of who asked")

    def test_an_unexpected_error_stops_no_other_export(self):
        first, second = self.export(), self.export()
        original = making.PaymentExport._open_file

        def broken(this, path, columns):
            if this.id == first.id:
                raise ZeroDivisionError
            return original(this, path, columns)

        self.patch(making.PaymentExport, "_open_file", broken)
        with mute_logger(background.__name__):
            self.make()
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertNotIn("ZeroDivision", first.error)

    def test_progress_that_can_not_be_written_stops_nothing(self):
        export = self.export()

        def conflict(this):
            raise SerializationFailure

        self.patch(background.PaymentExport, "_tell_progress", lambda this: None)
        original = self.env.registry["payment.export"]._state_write
        calls = []

        def write(this, vals):
            if set(vals) == {"done_count", "to_do_count"}:
                calls.append(vals)
                raise SerializationFailure
            return original(this, vals)

        self.patch(self.env.registry["payment.export"], "_state_write", write)
        self.make()
        self.assertEqual((export.state, len(calls)), ("done", 3))

    def test_nothing_is_made_twice(self):
        export = self.export()
        self.make()
        made_at, sha256 = export.finished_at, export.sha256
        self.make()
        self.assertEqual((export.finished_at, export.sha256), (made_at, sha256))
        with self.assertRaises(UserError):
            export.with_user(self.clerk).action_retry()
