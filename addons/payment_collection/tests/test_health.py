from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.routing_common import (
    MONDAY,
    MORNING,
    WEDNESDAY,
    RoutingCommon,
)
from odoo.addons.payment_direct_debit.models import payment_transaction_sending

TUESDAY = date(2026, 2, 3)
THURSDAY = date(2026, 2, 5)


@tagged("post_install", "-at_install")
class TestHealth(RoutingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.psp_a.debit_breaker_threshold = 2
        # Small chunks: what is on its way when the provider falls silent is a chunk.
        cls.startClassPatcher(patch.object(payment_transaction_sending, "CHUNK", 2))

    def debits_of(self, installments):
        debits = self.env["payment.transaction"].union(*[i.transaction_ids for i in installments])
        return debits.sorted("id")

    def executed(self, installments):
        """Return how often each installment was executed at any bank."""
        return [len(self.bank_rows(installment)) for installment in installments]

    def alerts(self, state="open"):
        return self.env["payment.alert"].search(
            [("kind", "=", "provider_down"), ("state", "=", state)]
        )

    def open_breaker(self):
        """Return two installments that provider A left without an answer."""
        silent = [self.installment() for _number in range(2)]
        self.psp_a.demo_debit_outage = "deaf"
        with freeze_time(MORNING):
            self.execute()
        return silent

    def test_provider_down_for_a_day_with_reroute(self):
        """Two sent without an answer; two others leave by B, two are held; A is back: all once."""
        silent = [self.installment() for _number in range(2)]
        both = [self.known_to_b(self.installment()) for _number in range(2)]
        alone = [self.installment() for _number in range(2)]
        self.psp_a.demo_debit_outage = "mute"
        with freeze_time(MORNING):
            run = self.execute()
            self.assertEqual(self.psp_a.debit_health, "down")
        self.assertEqual(set(self.debits_of(silent).mapped("debit_status")), {"unknown"})
        for installment in both:
            former, debit = installment.transaction_ids.sorted("id")
            self.assertEqual((former.provider_id, former.debit_tries), (self.psp_a, 0))
            self.assertEqual(former.debit_status, "cancelled")
            self.assertEqual((debit.provider_id, debit.debit_status), (self.psp_b, "submitted"))
        for installment in alone:
            self.assertEqual(installment.hold_reason, "provider_unavailable")
            self.assertIn("does not answer", installment.hold_detail)
        self.assertEqual((run.debit_count, run.held_count), (4, 2))
        self.assertEqual(len(self.alerts()), 1)

        self.psp_a.demo_debit_outage = False
        with freeze_time(MORNING + timedelta(days=1)):
            self.resolve(TUESDAY)
            self.cron(TUESDAY)
            self.assertEqual(self.psp_a.debit_health, "up")
        self.assertFalse(self.alerts())
        everything = silent + both + alone
        self.assertEqual({i.state for i in everything}, {"in_collection"})
        self.assertEqual(self.executed(everything), [1] * 6, "each at one bank, once")
        for provider in (self.psp_a, self.psp_b):
            provider._demo_advance(THURSDAY)
        self.env["payment.event"]._apply_received(THURSDAY)
        self.assertEqual({i.state for i in everything}, {"paid"})

    def test_what_never_arrived_is_sent_again_with_its_key_and_never_by_another_provider(self):
        silent = [self.known_to_b(installment) for installment in self.open_breaker()]
        self.psp_a.demo_debit_outage = False
        with freeze_time(MORNING + timedelta(minutes=5)):
            self.resolve(MONDAY)
            self.assertEqual(self.executed(silent), [0, 0], "down: asked, but sent nothing")
        with freeze_time(MORNING + timedelta(minutes=20)):
            self.resolve(MONDAY)
            self.assertEqual(sum(self.executed(silent)), 1, "one debit tries first")
            self.assertEqual(self.psp_a.debit_health, "up")
            self.resolve(MONDAY)
        self.assertEqual(self.executed(silent), [1, 1])
        self.assertEqual(self.debits_of(silent).provider_id, self.psp_a)
        self.assertEqual(len(self.debits_of(silent)), 2)

    def test_a_probe_that_fails_doubles_the_pause(self):
        self.open_breaker()
        self.assertEqual(self.psp_a.debit_probe_at, datetime(2026, 2, 2, 8, 15))
        with freeze_time(datetime(2026, 2, 2, 8, 15)):
            self.assertEqual(self.psp_a.debit_health, "probing")
            self.psp_a.demo_debit_outage = False
            with patch.object(
                type(self.env["payment.demo.debit"]), "_submit", side_effect=TimeoutError("nothing")
            ):
                self.resolve(MONDAY)
        self.assertEqual(self.psp_a.debit_probe_at, datetime(2026, 2, 2, 8, 45))
        self.assertEqual(self.alerts().times, 2)

    def test_what_was_held_leaves_the_same_day_once_the_provider_is_back(self):
        self.open_breaker()
        late = self.installment()
        self.psp_a.demo_debit_outage = False
        with freeze_time(MORNING + timedelta(minutes=5)):
            self.env["payment.run"].search([]).action_start()
            self.cron(MONDAY)
            self.assertEqual(late.hold_reason, "provider_unavailable")
        with freeze_time(MORNING + timedelta(minutes=20)):
            self.cron(MONDAY)
        self.assertEqual(late.state, "in_collection")
        self.assertEqual(self.executed([late]), [1])
        run = late.transaction_ids.run_id
        line = run.line_ids.filtered(lambda line: line.installment_id == late)
        self.assertEqual(line.decision, "debit")

    def test_refusals_are_answers(self):
        for _number in range(4):
            self.installment("refuse:AC04")
        self.execute()
        self.assertEqual((self.psp_a.debit_health, self.psp_a.debit_failures), ("up", 0))

    def test_a_busy_provider_is_down_too_and_its_debits_wait_for_it(self):
        busy = [self.known_to_b(self.installment("retryable:60")) for _number in range(2)]
        with freeze_time(MORNING):
            self.execute()
            self.assertEqual(self.psp_a.debit_health, "down")
        debits = self.debits_of(busy)
        self.assertEqual(debits.mapped("debit_status"), ["draft", "draft"])
        self.assertEqual(debits.provider_id, self.psp_a, "tried once: not rerouted")
        with freeze_time(MORNING + timedelta(minutes=20)), self.committing() as env:
            env["payment.transaction"]._cron_send_debits()
        self.assertEqual(self.executed(busy), [1, 1])

    def test_a_person_s_pause_stays_until_a_person_resumes(self):
        self.open_breaker()
        self.psp_a.action_debit_pause()
        self.psp_a.demo_debit_outage = False
        with freeze_time(MORNING + timedelta(days=3)):
            self.assertFalse(self.psp_a._debit_ready())
            self.assertEqual(self.psp_a._routing_status()[0], "paused")
            self.psp_a.action_debit_resume()
            self.assertTrue(self.psp_a._debit_ready())
        self.assertEqual(self.psp_a.debit_health, "up")
        self.assertFalse(self.alerts())

    def test_an_installment_taken_back_twice_and_held_is_released_to_be_collected(self):
        """A cancelled draft is no attempt: released, it must not end as unpaid without a day."""
        self.open_breaker()
        held = self.installment()
        draft = held.with_env(self.env)
        run = self.env["payment.run"].search([("date", "=", MONDAY)])
        draft._invoice(MONDAY)
        debit = draft._create_debits(run, {held.id: WEDNESDAY}, MONDAY)
        with freeze_time(MORNING + timedelta(minutes=1)), self.committing() as env:
            run.with_env(env)._take_back_stranded(debit.with_env(env), MONDAY)
        self.assertEqual((held.state, debit.debit_status), ("invoiced", "cancelled"))
        held._hold("provider_unavailable", "", MONDAY)
        held._release(MONDAY)
        self.assertEqual(held.state, "invoiced")

    def test_a_second_attempt_taken_back_keeps_its_day(self):
        installment = self.installment("fail:AM04;collect")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        installment._retry(date(2026, 2, 9))
        self.psp_a.write({"demo_debit_outage": "deaf", "debit_breaker_threshold": 1})
        self.installment(due=date(2026, 2, 10))
        with (
            freeze_time(datetime(2026, 2, 9, 8)),
            patch.object(payment_transaction_sending, "CHUNK", 1),
        ):
            self.execute(date(2026, 2, 9), date(2026, 2, 11))
        statuses = self.env["payment.transaction"].search([("run_id.date", "=", date(2026, 2, 9))])
        self.assertIn("unknown", statuses.mapped("debit_status"))
        if installment.state == "held":
            installment._release(date(2026, 2, 10))
            self.assertEqual(
                (installment.state, installment.retry_on), ("unpaid", date(2026, 2, 9))
            )
