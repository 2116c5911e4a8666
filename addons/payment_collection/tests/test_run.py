from contextlib import suppress
from datetime import date
from unittest.mock import patch

import psycopg2

from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment_collection.models.run import payment_run
from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY, CollectionCommon


class Interrupted(Exception):
    """The process is gone, as far as the run is concerned."""


@tagged("post_install", "-at_install")
class TestRun(CollectionCommon):
    def test_what_is_due_is_invoiced_and_debited_once(self):
        installment = self.installment()
        run = self.execute()
        debit = installment.transaction_ids
        self.assertEqual(installment.state, "in_collection")
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(debit.debit_requested_date, WEDNESDAY)
        self.assertEqual(installment.invoice_id.state, "posted")
        self.assertEqual(installment.invoice_id.amount_total, 120)
        self.assertEqual(len(self.bank_rows(installment)), 1)
        self.assertEqual((run.state, run.debit_count, run.debit_amount), ("done", 1, 120))

    def test_what_is_due_later_stays(self):
        later = self.installment(due=date(2026, 2, 5))
        self.execute()
        self.assertEqual(later.state, "planned")
        self.assertFalse(later.transaction_ids)

    def test_collected_money_pays_the_invoice_and_the_installment(self):
        installment = self.installment()
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(installment.state, "paid")
        self.assertEqual(installment.paid_on, WEDNESDAY)
        self.assertIn(installment.invoice_id.payment_state, ("paid", "in_payment"))

    def test_a_refused_debit_leaves_the_installment_unpaid_with_its_reason(self):
        installment = self.installment("fail:AM04")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(installment.state, "unpaid")
        self.assertEqual(installment.last_reason_id.name, "AM04")
        self.assertEqual(installment.invoice_id.payment_state, "not_paid")

    def test_a_late_return_reopens_invoice_and_installment(self):
        installment = self.installment("collect,return:AM04+3")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(installment.state, "paid")
        self.bank_reaches(date(2026, 2, 9))
        self.assertEqual(installment.state, "unpaid")
        self.assertFalse(installment.paid_on)
        self.assertEqual(installment.invoice_id.payment_state, "not_paid")
        self.assertEqual(installment.invoice_id.amount_residual, 120)

    def test_a_refund_asked_by_the_client_is_a_dispute(self):
        installment = self.installment("collect,return:MD06+30")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.bank_reaches(date(2026, 3, 10))
        self.assertEqual(installment.state, "disputed")
        self.assertEqual(installment.transaction_ids.return_ids.kind, "refund")

    def test_a_second_execution_does_nothing(self):
        installment = self.installment()
        run = self.execute()
        with self.committing() as env:
            run.with_env(env)._execute(MONDAY)
        self.assertEqual(len(installment.transaction_ids), 1)
        self.assertEqual(len(run.line_ids), 1)

    def test_a_lost_answer_is_found_before_anything_else_leaves(self):
        installment = self.installment("lost,collect")
        run = self.execute()
        self.assertEqual(installment.transaction_ids.debit_status, "unknown")
        self.assertEqual(run.state, "done_with_errors")
        with self.committing() as env:
            run.with_env(env)._execute(MONDAY)
        self.assertEqual(installment.transaction_ids.debit_status, "submitted")
        self.assertEqual(len(self.bank_rows(installment)), 1)
        self.assertEqual(run.state, "done")

    def test_a_run_that_was_interrupted_goes_on(self):
        """Everything prepared in a chunk is there; nothing was sent: it leaves now, once."""
        installment = self.installment()
        run = self.env["payment.run"].create(
            {"company_id": self.company.id, "date": MONDAY, "date_until": WEDNESDAY}
        )
        sending = type(self.env["payment.transaction"])

        def interrupted(debits, on=None):
            if debits:
                raise Interrupted

        with (
            self.committing() as env,
            patch.object(sending, "_debit_send", interrupted),
            suppress(Interrupted),
        ):
            run.with_env(env)._execute(MONDAY)
        self.assertEqual(run.state, "running")
        self.assertEqual(installment.transaction_ids.debit_status, "draft")
        with self.committing() as env:
            run.with_env(env)._execute(MONDAY)
        self.assertEqual(installment.transaction_ids.debit_status, "submitted")
        self.assertEqual(len(self.bank_rows(installment)), 1)

    def test_a_run_under_way_elsewhere_is_left_alone(self):
        run = self.env["payment.run"].create(
            {"company_id": self.company.id, "date": MONDAY, "date_until": WEDNESDAY}
        )
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", (payment_run.LOCK_CLASS, run.id))
            with self.committing() as env:
                self.assertFalse(run.with_env(env)._execute(MONDAY))
            other.execute("SELECT pg_advisory_unlock(%s, %s)", (payment_run.LOCK_CLASS, run.id))
        self.assertEqual(run.state, "planned")

    def test_one_bad_record_stops_nobody(self):
        good = [self.installment() for _number in range(4)]
        bad = self.installment()
        # An archived currency rate table, a broken product, …: the invoice can not be made.
        real = type(bad)._prepare_invoice_values

        def prepare(installment, on):
            if installment == bad:
                raise ValueError("Le produit n'existe plus.")
            return real(installment, on)

        with patch.object(type(bad), "_prepare_invoice_values", prepare):
            run = self.execute()
        self.assertEqual({i.state for i in good}, {"in_collection"})
        self.assertEqual((bad.state, bad.hold_reason), ("held", "invoice_error"))
        self.assertIn("produit", bad.hold_detail)
        self.assertEqual((run.debit_count, run.held_count), (4, 1))
        self.assertEqual(run.state, "done_with_errors")

    def test_the_database_refuses_a_second_live_attempt(self):
        installment = self.installment()
        self.execute()
        values = {
            "installment_id": installment.id,
            "mandate_id": installment.mandate_id.id,
            "partner_id": installment.partner_id.id,
            "amount": 120,
            "currency_id": installment.currency_id.id,
            "reference": "second attempt",
            "debit_requested_date": WEDNESDAY,
        }
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation):
            self.env["payment.transaction"]._debit_create([values])
            self.env.flush_all()

    def test_an_unpaid_installment_is_collected_again_by_a_new_attempt(self):
        installment = self.installment("fail:AM04;collect")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        installment._retry(date(2026, 2, 9))
        self.execute(date(2026, 2, 9), date(2026, 2, 11))
        first, second = installment.transaction_ids.sorted("id")
        self.assertEqual((first.debit_status, second.debit_status), ("failed", "submitted"))
        self.assertNotEqual(first.debit_key, second.debit_key)
        self.bank_reaches(date(2026, 2, 11))
        self.assertEqual(installment.state, "paid")
        self.assertEqual(len(installment.invoice_id), 1)

    def test_what_the_provider_retries_by_itself_gets_no_attempt_of_ours(self):
        installment = self.installment("fail:AM04,retry+9,collect+1")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(installment.state, "unpaid")
        self.assertTrue(installment.transaction_ids.debit_will_retry)
        installment._retry(date(2026, 2, 9))
        self.execute(date(2026, 2, 9), date(2026, 2, 11))
        self.assertEqual((installment.state, installment.hold_reason), ("held", "live_attempt"))
        self.assertEqual(len(installment.transaction_ids), 1)

    def test_one_off_installments_are_invoiced_only(self):
        installment = self.installment(collection_mode="one_off", mandate_id=False)
        run = self.execute()
        self.assertEqual(installment.state, "invoiced")
        self.assertFalse(installment.transaction_ids)
        self.assertEqual(run.line_ids.decision, "invoice")
        following = self.execute(date(2026, 2, 3))
        self.assertFalse(following.line_ids, "invoiced once, it is the client's turn")

    def test_the_cron_makes_one_run_a_day_and_none_on_a_day_without_banks(self):
        self.installment()
        runs = self.env["payment.run"].search([("company_id", "=", self.company.id)])
        self.assertFalse(runs)
        for day, expected in ((date(2026, 2, 1), 0), (MONDAY, 1), (MONDAY, 1)):  # Sunday, Monday
            with self.committing() as env:
                env["payment.run"]._cron_run(day)
            runs = self.env["payment.run"].search([("company_id", "=", self.company.id)])
            self.assertEqual(len(runs), expected)

    def test_what_is_due_on_a_weekend_leaves_in_time_for_monday(self):
        installment = self.installment(due=date(2026, 2, 7))
        until = self.env["payment.run"]._default_until(self.company, date(2026, 2, 4))
        self.assertEqual(until, date(2026, 2, 8))
        self.execute(date(2026, 2, 4), until)
        self.assertEqual(installment.transaction_ids.debit_requested_date, date(2026, 2, 9))

    def test_queries_do_not_grow_with_each_installment(self):
        """Applying 40 collected debits may not cost 4 times what 10 cost."""
        counts = []
        for size, day in ((10, MONDAY), (40, date(2026, 2, 3))):
            for _number in range(size):
                self.installment()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.execute(day, WEDNESDAY)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], 2.5 * counts[0])
