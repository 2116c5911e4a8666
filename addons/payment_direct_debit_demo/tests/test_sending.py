from contextlib import suppress
from datetime import date, timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tests.test_cursor import TestCursor

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.models import payment_transaction_sending as sending
from odoo.addons.payment_direct_debit_demo.client import DemoClient
from odoo.addons.payment_direct_debit_demo.tests.common import DAY, DebitCommon


@tagged("post_install", "-at_install")
class TestExactlyOnce(DebitCommon):
    """Money rules 1 and 2: one attempt, one row, one key; unknown is a state."""

    def test_row_and_key_are_committed_before_the_bank_is_called(self):
        debit = self._debit()
        key = debit.debit_key
        log = []
        commit, send = TestCursor.commit, DemoClient.send

        def logged_commit(cursor):
            commit(cursor)
            self.env.cr.execute(
                "SELECT debit_status, debit_key FROM payment_transaction WHERE id = %s",
                [debit.id],
            )
            log.append(("committed", *self.env.cr.fetchone()))

        def logged_send(client, order):
            log.append(("called", order.idempotency_key))
            return send(client, order)

        with (
            patch.object(TestCursor, "commit", logged_commit),
            patch.object(DemoClient, "send", logged_send),
        ):
            self._send(debit)
        called = log.index(("called", key))
        self.assertEqual(log[called - 1], ("committed", "submitting", key))
        self.assertEqual(log[called + 1], ("committed", "submitted", key))

    def test_a_debit_that_was_sent_is_not_sent_again(self):
        debit = self._debit()
        self._send(debit)
        self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(self._at_bank(debit).calls, 1)
        self.assertEqual(debit.provider_reference, self._at_bank(debit).ref)
        self.assertEqual(debit.state, "pending")

    def test_a_lost_answer_is_unknown_and_then_adopted(self):
        debit = self._debit("lost, collect")
        self._send(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self.assertNotEqual(debit.state, "error")
        self.assertEqual(self._resolve(debit), 1)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(len(self._at_bank(debit)), 1)
        self.assertEqual(self._at_bank(debit).calls, 1, "found by its key, not sent again")

    def test_what_never_arrived_is_sent_again_with_the_same_key(self):
        for script in ("lost_before, collect", "timeout, collect"):
            with self.subTest(script=script):
                debit = self._debit(script)
                key = debit.debit_key
                self._send(debit)
                self.assertEqual(debit.debit_status, "unknown")
                self.assertFalse(self._at_bank(debit))
                self._resolve(debit)
                self.assertEqual(debit.debit_status, "submitted")
                self.assertEqual(self._at_bank(debit).idempotency_key, key)
                self.assertEqual(debit.debit_tries, 2)

    def test_an_outcome_stays_unknown_while_the_bank_does_not_answer(self):
        debit = self._debit("lost, silent, collect")
        self._send(debit)
        self.assertEqual(self._resolve(debit), 0)
        self.assertEqual(debit.debit_status, "unknown")
        self.assertEqual(self._resolve(debit), 1)
        self.assertEqual(len(self._at_bank(debit)), 1)

    def test_the_next_look_up_waits_longer_each_time(self):
        debit = self._debit("lost, silent, silent, collect")
        with freeze_time("2026-03-04 08:00:00"):
            self._send(debit)
            self.assertEqual(debit.debit_next_check, fields.Datetime.now() + timedelta(minutes=2))
            with self._committing(debit) as model:
                self.assertEqual(model._debit_resolve_unknown(DAY), 0)
            self.assertEqual(self._at_bank(debit).plan, "silent,silent,collect", "not asked yet")

    def test_a_bank_that_may_execute_twice_is_not_sent_the_key_again_at_once(self):
        profile = seam.DebitProfile(resend_is_safe=False)
        debit = self._debit("lost_before, collect")
        self.patch(type(self.provider), "_debit_profile", lambda provider: profile)
        with freeze_time("2026-03-04 08:00:00"):
            self._send(debit)
            self._resolve(debit)
            self.assertEqual(debit.debit_status, "unknown")
            self.assertFalse(self._at_bank(debit))
        with freeze_time("2026-03-04 08:31:00"):
            self._resolve(debit)
            self.assertEqual(debit.debit_status, "submitted")

    def test_a_busy_bank_gets_the_same_attempt_later(self):
        debit = self._debit("retryable:120, collect")
        with freeze_time("2026-03-04 08:00:00"):
            self._send(debit)
            self.assertEqual(debit.debit_status, "draft")
            self._send(debit)
            self.assertEqual(debit.debit_tries, 1, "not before the two minutes are over")
        with freeze_time("2026-03-04 08:02:01"):
            self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(len(self._at_bank(debit)), 1)

    def test_busy_after_a_lost_answer_does_not_make_the_attempt_new(self):
        debit = self._debit("lost_before, retryable, collect")
        self._send(debit)
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "submitted")

    def test_a_refusal_is_final_and_recorded_as_reject(self):
        debit = self._debit("refuse:AC04")
        self._send(debit)
        self.assertEqual(debit.debit_status, "failed")
        self.assertEqual(debit.state, "error")
        self.assertEqual(debit.debit_reason_id.name, "AC04")
        self.assertEqual(debit.return_ids.kind, "reject")
        self.assertEqual(debit.mandate_id.state, "suspended", "AC04 ends the mandate")
        self.assertFalse(self._at_bank(debit))

    def test_a_refusal_found_by_the_resolver_is_final_too(self):
        debit = self._debit("lost_before, refuse:AM04")
        self._send(debit)
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "failed")
        self.assertEqual(debit.debit_reason_id.name, "AM04")
        self.assertEqual(debit.mandate_id.state, "active")

    def test_a_misconfigured_provider_is_paused_until_a_person_resumes(self):
        first, second = self._debit("misconfigured, collect"), self._debit()
        self._send(first)
        self.assertTrue(self.provider.debit_paused)
        self.assertEqual(self._alerts(self.provider, "provider_paused").state, "open")
        self.assertEqual(first.debit_status, "draft")
        self._send(first + second)
        self.assertFalse(self._at_bank(first + second))
        self.provider.action_debit_resume()
        self.assertEqual(self._alerts(self.provider, "provider_paused").state, "closed")
        self._send(first + second)
        self.assertEqual(len(self._at_bank(first + second)), 2)

    def test_nothing_is_sent_again_by_a_paused_provider(self):
        missing, executed = self._debit("lost_before, collect"), self._debit("lost, collect")
        self._send(missing + executed)
        self.provider._debit_pause("for a test.")
        self._resolve(missing + executed)
        self.assertEqual(missing.debit_status, "unknown")
        self.assertFalse(self._at_bank(missing))
        self.assertEqual(executed.debit_status, "submitted", "asking is allowed")

    def test_two_debits_of_one_mandate_get_two_keys_and_one_token(self):
        mandate = self._mandate()
        mandate.token_ids.active = False
        debits = self._debits(mandate.browse([mandate.id, mandate.id]))
        self.assertEqual(len(set(debits.mapped("debit_key"))), 2)
        self.assertEqual(len(mandate.token_ids), 1)
        self._send(debits)
        self.assertEqual(len(self._at_bank(debits)), 2)


@tagged("post_install", "-at_install")
class TestOwnChecks(DebitCommon):
    """Money rule 7: what may not leave fails before the bank hears of it."""

    def _assert_never_called(self, debit):
        self._send(debit)
        self.assertEqual(debit.debit_status, "failed")
        calls = self.env["payment.demo.debit"].search_count([("reference", "=", debit.reference)])
        self.assertFalse(calls)

    def test_an_amount_above_the_limit_never_leaves(self):
        profile = seam.DebitProfile(max_cents=9_999)
        debit = self._debit(amount=100.0)
        self.patch(type(self.provider), "_debit_profile", lambda provider: profile)
        self._assert_never_called(debit)

    def test_a_currency_that_is_not_taken_never_leaves(self):
        profile = seam.DebitProfile(currencies=frozenset({"SEK"}))
        debit = self._debit()
        self.patch(type(self.provider), "_debit_profile", lambda provider: profile)
        self._assert_never_called(debit)

    def test_a_debit_without_usable_mandate_never_leaves(self):
        debit = self._debit()
        debit.mandate_id._set_state("suspended")
        self._assert_never_called(debit)

    def test_a_debit_before_the_signature_never_leaves(self):
        self._assert_never_called(self._debit(on=date(2026, 1, 1)))

    def test_a_debit_after_36_months_of_sleep_never_leaves(self):
        self._assert_never_called(self._debit(on=date(2029, 1, 2)))

    def test_a_token_without_mandate_fails_alone(self):
        good = self._debit()
        bad = self._debit()
        bad._state_write({"mandate_id": False})
        self._send(bad + good)
        self.assertEqual(bad.debit_status, "failed")
        self.assertEqual(good.debit_status, "submitted")


@tagged("post_install", "-at_install")
class TestOrphans(DebitCommon):
    """A sender that dies leaves rows that the next resolver finds, and only then."""

    def _being_sent_by(self, worker):
        debit = self._debit()
        debit._set_state("submitting", on=DAY, values={"debit_worker": worker})
        debit._state_write({"debit_sent_at": fields.Datetime.now(), "debit_tries": 1})
        return debit

    def test_what_a_living_worker_sends_is_left_alone(self):
        debit = self._being_sent_by(4711)
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", [sending.LOCK_CLASS, 4711])
            self._resolve(debit)
            self.assertEqual(debit.debit_status, "submitting")
            other.execute("SELECT pg_advisory_unlock(%s, %s)", [sending.LOCK_CLASS, 4711])
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "submitted", "found, missing at the bank, sent")
        self.assertEqual(len(self._at_bank(debit)), 1)

    def test_two_resolvers_never_work_at_once(self):
        debit = self._being_sent_by(4712)
        with db_connect(self.env.cr.dbname).cursor() as other:
            lock = [sending.LOCK_CLASS, sending.RESOLVER_LOCK]
            other.execute("SELECT pg_advisory_lock(%s, %s)", lock)
            self._resolve(debit)
            self.assertEqual(debit.debit_status, "submitting")
            other.execute("SELECT pg_advisory_unlock(%s, %s)", lock)

    def test_a_broken_sending_gives_its_lock_back(self):
        debit = self._debit()
        numbers = []

        def broken(debits, provider, method):
            numbers.append(debits.debit_worker)
            debits.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(type(debit), "_debit_call", broken),
            self.assertLogs("odoo.sql_db", "ERROR"),
            suppress(psycopg2.errors.DivisionByZero),  # assertRaises would undo the commit
        ):
            self._send(debit)
        self.assertEqual(debit.debit_status, "submitting")
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT pg_try_advisory_lock(%s, %s)", [sending.LOCK_CLASS, numbers[0]])
            self.assertTrue(other.fetchone()[0])
            other.execute("SELECT pg_advisory_unlock_all()")
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "submitted")
