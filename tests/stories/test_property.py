"""Whatever happens, in whatever order: one attempt, paid once, books as the bank's, all explained.

`VISION_PROPERTY_EXAMPLES` asks for more examples than an ordinary test run has time for; they are
then drawn at random.
"""

import os
from collections import Counter
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo import Command
from odoo.tests import tagged, test_cursor
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.payment_collection.tests.common import CollectionCommon
from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.pure import money

from .common import CRONS, LATER, MORNING
from .life import Life
from .sound import Sound

START = date(2026, 2, 2)
ASKED = os.environ.get("VISION_PROPERTY_EXAMPLES")
EXAMPLES = int(ASKED or 8)
STEPS = 14
# What has nothing to do with money here, and takes its time.
LEFT_OUT = ("_cron_scores", "_cron_plan", "_cron_notices", "_cron_poll_mandates")
MONEY_THERE = (seam.COLLECTED, seam.PAID_OUT)
MAY_BRING_MONEY = (*MONEY_THERE, seam.ACCEPTED, seam.UNMAPPED)


class Killed(BaseException):
    """The process is gone: nothing may catch it."""


@tagged("post_install", "-at_install")
class TestProperty(Sound, CollectionCommon, MockEmail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        card = cls.env.ref("payment.payment_method_card")
        cls.card = cls.env["payment.provider"].create(
            {
                "name": "Card provider of the property",
                "code": "none",
                "company_id": cls.company.id,
                "state": "test",
                "payment_method_ids": [Command.set(card.ids)],
            }
        )
        journal = cls.company_data["default_journal_bank"]
        cls._create_dummy_payment_method_for_provider(provider=cls.card, journal=journal)
        lines = journal.inbound_payment_method_line_ids
        mine = lines.filtered(lambda line: line.payment_provider_id == cls.card)
        mine.payment_account_id = cls.provider._debit_outstanding_account()

    def test_random_lives(self):
        rules = type("BoundLife", (Life,), {"case": self})
        with self.enter_registry_test_mode(), mute_logger("odoo.sql_db"):
            run_state_machine_as_test(
                rules,
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    derandomize=not ASKED,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                    report_multiple_bugs=False,
                    # What fails is made smaller only by who has asked: that takes minutes.
                    phases=list(Phase) if ASKED else [Phase.explicit, Phase.generate],
                ),
            )

    # === WHAT THE RULES ASK FOR === #

    def begin(self):
        """A new life begins."""
        self.day = START
        self.number = 0
        self.frozen = freeze_time(datetime.combine(START, MORNING), tick=True)
        self.clock = self.frozen.start()

    def end(self):
        self.frozen.stop()

    def owed(self, script, day):
        """Return what another client owes, whose debits follow a script."""
        self.number += 1
        amount = 10.0 + self.number / 100
        return self.installment(script, amount=amount, due=day, label=f"Client {self.number}")

    def owed_too(self, other):
        """Return a second debt on the same mandate."""
        return other.copy({"due_date": other.due_date + timedelta(days=1), "amount": 7.77})

    def next_day(self, news, death=None):
        """Live one day; a process may die in it."""
        self.day += timedelta(days=1)
        moment = datetime.combine(self.day, MORNING)
        self.clock.move_to(moment)
        events = self.provider._demo_advance(self.day, notify=False)
        self.tell(events, news)
        with self.mock_mail_gateway(), self.dying(death):
            self.run_crons(CRONS, moment)
            self.clock.move_to(moment + timedelta(hours=1))
            self.run_crons(LATER, moment)

    def tell(self, events, news):
        if news in ("told", "twice"):
            events._notify()
        if news == "backwards":
            for event in events.sorted("id", reverse=True):
                event._notify()
        if news == "twice":
            events._notify()

    def run_crons(self, crons, moment):
        arguments = {None: (), "day": (self.day,), "moment": (moment,)}
        for model, method, kind in crons:
            if method in LEFT_OUT:
                continue
            self.env.flush_all()
            try:
                with self.registry.cursor() as cr:
                    getattr(self.env(cr=cr)[model], method)(*arguments[kind])
            except Killed:
                self.deaths += 1
            self.env.invalidate_all()

    deaths = 0

    @contextmanager
    def dying(self, death):
        """Have the process die once: at a commit or after an answer of the bank.

        The bank is no part of our process: what it has executed, it has executed.
        """
        left = death[0] if death else 0
        real_commit, debits = test_cursor.TestCursor.commit, type(self.env["payment.transaction"])
        real_call = debits._debit_call

        def is_over():
            nonlocal left
            left -= 1
            return left == 0

        def commit(cursor):
            over = is_over()
            if over and not death[1]:
                raise Killed
            real_commit(cursor)
            if over:
                raise Killed

        def call(records, provider, method):
            answers = real_call(records, provider, method)
            if left > 0:
                real_commit(records.env.cr)
                if is_over():
                    raise Killed
            return answers

        with (
            patch.object(test_cursor.TestCursor, "commit", commit),
            patch.object(debits, "_debit_call", call),
        ):
            yield

    def is_payable(self, installment):
        """Tell whether the client has an invoice to pay by the link."""
        return installment.invoice_id.payment_state in ("not_paid", "partial")

    def pay_online(self, installment):
        self.number += 1
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": self.card.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": f"LINK-{self.number}",
                "amount": installment.invoice_id.amount_residual,
                "currency_id": installment.currency_id.id,
                "partner_id": installment.partner_id.id,
                "operation": "online_redirect",
                "invoice_ids": [Command.set(installment.invoice_id.ids)],
            }
        )
        payment._set_done()
        payment._post_process()

    # === WHAT IS ASKED === #

    def bank_rows(self):
        return self.env["payment.demo.debit"].search(
            [("provider_id", "=", self.provider.id), ("status", "!=", "unheard")]
        )

    def ledgers(self):
        rows = self.bank_rows()
        ours = {debit.reference: debit for debit in self.attempts()}
        agreed = rows.filtered(
            lambda row: row.amount_cents == money.to_cents(ours[row.reference].amount)
        )
        # Another amount than ours is believed by nobody, and told.
        for row in rows - agreed:
            self.assertTrue(self._has_alert(ours[row.reference]), "a wrong amount goes untold")
        attempts = [
            (row.ref, row.status in MAY_BRING_MONEY or (row.plan or "").startswith("retry"))
            for row in rows
        ]
        taken = agreed.filtered(lambda row: row.status in MONEY_THERE)
        return {self.provider: (attempts, sum(taken.mapped("amount_cents")))}

    def assert_never_paid_twice(self):
        of = {debit.reference: debit.installment_id for debit in self.attempts()}
        rows = self.bank_rows().filtered(lambda row: row.status in MONEY_THERE)
        times = Counter(of[row.reference] for row in rows)
        self.assertLessEqual(max(times.values(), default=0), 1, "the bank has debited a debt twice")
