"""What must be true after every row of the table."""

import logging
from collections import Counter

from odoo.addons.payment_direct_debit import debit_states
from odoo.addons.payment_direct_debit.pure import money

from .books import Books
from .world import IBAN

PAID, UNPAID = ("in_payment", "paid"), "not_paid"
# Everything, but for what the framework says at that level: its statements are the data itself.
LEVELS = {"": logging.DEBUG, "odoo": logging.INFO, "odoo.addons": logging.DEBUG}


class Listener(logging.Handler):
    """Keeps all that anybody logs, whatever the level."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        """Keep one line, with its traceback."""
        self.lines.append(self.format(record))


class Sound(Books):
    """Rows of the table: each ends with `_assert_sound`."""

    def setUp(self):
        super().setUp()
        self.numbers = [IBAN]  # account numbers that the test uses
        self.stuck = self.env["payment.transaction"]  # debits that a person has to look at
        self.prepare()
        self._listen_to_the_log()
        self.addCleanup(self._assert_sound)

    def _listen_to_the_log(self):
        self.log, root = Listener(), logging.getLogger()
        for name, level in LEVELS.items():
            logger = logging.getLogger(name)
            self.addCleanup(logger.setLevel, logger.level)
            logger.setLevel(level)
        root.addHandler(self.log)
        self.addCleanup(root.removeHandler, self.log)

    def _assert_sound(self):
        """Hear all that the provider has to say, then compare both sides.

        At most one debit for each reference at the stand-in; collected here iff collected there;
        books and invoices say the same; no second attempt while one lives; an unknown outcome is
        no error; nothing secret was logged.
        """
        debits = self._all_debits()
        self._assert_consistent(debits)
        self.sandbox.clear("faults")
        self._lead_to(self.sandbox.url)
        if self.provider._debit_ready():
            self._resolve(debits.filtered(lambda debit: debit.debit_status == "unknown"))
            debits.filtered(lambda debit: debit.debit_status == "submitted")._debit_refresh()
            limbo = debits.filtered(lambda debit: debit.debit_status in ("submitting", "unknown"))
            self.assertEqual(limbo, self.stuck, "every outcome can be found out")
        self._assert_consistent(debits)
        self._assert_same_there(debits - self.stuck)
        self._assert_nothing_told()

    def _assert_consistent(self, debits):
        for debit in debits:
            with self.subTest(debit=debit.reference, status=debit.debit_status):
                money_in = debit.debit_status in debit_states.MONEY_IN
                cents = money.to_cents(debit.amount, debit.currency_id.decimal_places)
                booked = -sum(debit.debit_line_ids.mapped("amount_currency"))
                booked = money.to_cents(booked, debit.currency_id.decimal_places)
                self.assertEqual(booked, cents if money_in else 0)
                states = set(debit.invoice_ids.mapped("payment_state"))
                self.assertLessEqual(states, set(PAID) if money_in else {UNPAID})
                self.assertEqual(debit.state == "error", debit.debit_status == "failed")
                self.assertTrue(not money_in or debit.state == "done")
        for invoice in debits.invoice_ids:
            attempts = debits.filtered(lambda debit, invoice=invoice: invoice in debit.invoice_ids)
            live = attempts.filtered(lambda debit: debit.debit_status in debit_states.LIVE)
            self.assertLessEqual(len(live), 1)

    def _assert_same_there(self, debits):
        rows = {}
        counts = Counter(map(self.reference_there, self.sandbox.payments()))
        for row in self.sandbox.payments():
            rows[self.reference_there(row)] = row
        for debit in debits:
            name = self.reference_of(debit)
            self.assertLessEqual(counts[name], 1, "one debit for one reference")
            there = bool(counts[name]) and self.money_is_there(rows[name])
            self.assertEqual(debit.debit_status in debit_states.MONEY_IN, there, name)

    def _assert_nothing_told(self):
        text = "\n".join(self.log.lines)
        for secret in (*self.all_secrets(), *self.numbers, *(n[4:] for n in self.numbers)):
            self.assertNotIn(secret, text)
