import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.tests.common import EngineCommon


@tagged("post_install", "-at_install")
class TestInSavepoints(EngineCommon):
    """Money rule 9: one bad record stops nobody."""

    def _partners(self, count):
        return self.env["res.partner"].create([{"name": f"P{n}"} for n in range(count)])

    def test_only_the_bad_records_are_left_out(self):
        partners = self._partners(10)
        bad = partners[3] + partners[7]
        errors = {}

        def work(records):
            records.ref = "done"
            if records & bad:
                raise ValueError(str(records & bad))

        in_savepoints(partners, work, lambda record, error: errors.update({record: error}))
        self.assertEqual(partners.filtered(lambda p: p.ref == "done"), partners - bad)
        self.assertEqual(set(errors), set(bad))

    @mute_logger("odoo.sql_db")
    def test_an_error_of_the_database_is_confined_too(self):
        partners = self._partners(4)
        failed = []

        def work(records):
            records.ref = "done"
            records.env.flush_all()
            if partners[1] in records:
                records.env.cr.execute("SELECT 1 / 0")

        in_savepoints(partners, work, lambda record, error: failed.append(record))
        self.assertEqual(failed, [partners[1]])
        self.assertEqual(partners.mapped("ref"), ["done", False, "done", "done"])

    def test_a_good_batch_is_worked_on_once(self):
        seen = []
        in_savepoints(self._partners(8), seen.append, lambda *_: self.fail("no error expected"))
        self.assertEqual([len(records) for records in seen], [8])

    def test_a_lost_race_is_the_callers_to_retry(self):
        def work(records):
            raise psycopg2.errors.SerializationFailure("another one was quicker")

        with self.assertRaises(psycopg2.OperationalError):
            in_savepoints(self._partners(2), work, lambda *_: self.fail("not an error of a record"))

    def test_an_error_while_noting_an_error_is_not_swallowed(self):
        def fail(*_args):
            raise KeyError("noting failed")

        with self.assertRaises(KeyError):
            in_savepoints(self._partners(2), fail, fail)
