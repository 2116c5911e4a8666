"""Fills a database with the generated payers, as known on a day. Runs inside Odoo (`env` given).

Arguments: how many clients, how many payments in all, the seed. Each client is one of
`bench.payers.generator`: 36 months of installments with their debits, failures, retries, disputes
and late transfers. One in eight leaves in between, which is told by the cancelled rest of the
schedule. Payments beyond those of the clients are debits of long ago, for the size alone.
"""

import random
import sys
from datetime import date, timedelta

from odoo.addons.payment_direct_debit.pure.target_calendar import add_target_days, roll_forward

from bench.payers import generator
from bench.payers.pure.history import summarise
from bench.payers.pure.score import score

TODAY = date(2025, 9, 28)
FIRST = 10_000_000
LEAVERS = 0.125
SETTLE, PAY_OUT = 1, 2  # working days
SCORED_DAYS = 30
PAGE = 5000
# What refers to another table comes after it.
ORDER = ("res_partner", "payment_installment", "payment_payout", "payment_transaction")


class Filler:
    """Rows of the tables, written by the thousand."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.provider = env["payment.provider"].search(
            [("code", "=", "demo_debit"), ("company_id", "=", env.company.id)], limit=1
        )
        self.method = env["payment.provider"]._debit_payment_method()
        self.rows = {}
        self.payouts = {}
        self.number = FIRST

    def add(self, table, **values):
        """Note a row; its id is returned."""
        self.number += 1
        self.rows.setdefault((table, tuple(values)), []).append((self.number, *values.values()))
        return self.number

    def write(self):
        """Insert all rows that were noted."""
        order = {table: place for place, table in enumerate(ORDER)}
        tables = sorted(self.rows, key=lambda key: order.get(key[0], len(order)))
        for table, columns in tables:
            rows = self.rows[table, columns]
            self.env.cr.execute_values(
                f"INSERT INTO {table} (id, {', '.join(columns)}) VALUES %s", rows, page_size=PAGE
            )
        self.rows.clear()

    def payout(self, day):
        """Return the payout that arrives on a day."""
        if day not in self.payouts:
            self.payouts[day] = self.add(
                "payment_payout",
                provider_id=self.provider.id,
                company_id=self.company.id,
                currency_id=self.company.currency_id.id,
                ref=f"PO{day}",
                state="matched",
                arrival_date=day,
            )
        return self.payouts[day]

    def client(self, payer, rng):
        """Write a client: the schedule, what became of it, and the grades of the score."""
        partner = self.add("res_partner", name="Client", active=True, autopost_bills="ask")
        left = TODAY + timedelta(days=1)
        if rng.random() < LEAVERS:
            left = payer.since + timedelta(days=rng.randrange(90, 900))
        attempts = []
        for debit in payer.debits:
            if debit.first:
                attempts.append([])
            attempts[-1].append(debit)
        for due, tried in zip(payer.dues, attempts, strict=True):
            self.installment(payer, partner, due, tried, left)
        self.grades(payer, partner)

    def installment(self, payer, partner, due, tried, left):
        """Write an amount owed and its attempts, as known today."""
        known = max(payer.since, due.due - timedelta(days=365))
        if known > TODAY:
            return
        cancelled = left <= TODAY and due.due > left
        done = [] if cancelled else [one for one in tried if one.attempt.day <= TODAY]
        paid = not cancelled and due.paid_on and due.paid_on <= TODAY
        state = "cancelled" if cancelled else "paid" if paid else "unpaid" if done else "planned"
        installment = self.add(
            "payment_installment",
            name="EC",
            partner_id=partner,
            company_id=self.company.id,
            currency_id=self.company.currency_id.id,
            amount=due.amount / 100,
            due_date=due.due,
            collection_mode="automatic",
            state=state,
            paid_on=due.paid_on if paid else None,
            create_date=known,
        )
        if cancelled:
            self.history("payment.installment", installment, left, "planned", "cancelled")
        for debit in done:
            self.debit(partner, installment, debit)

    def debit(self, partner, installment, debit):
        """Write an attempt: settled, refused, or settled and disputed later."""
        day = roll_forward(debit.attempt.day)
        settled = add_target_days(day, SETTLE)
        refused = debit.attempt.category not in ("", "dispute")
        came_back = refused or debit.attempt.category == "dispute"
        news = max(debit.known_on, settled + timedelta(days=1))
        known_back = came_back and news <= TODAY
        is_settled = not refused and settled <= TODAY
        arrival = add_target_days(settled, PAY_OUT)
        status = "submitted"
        if is_settled:
            status = "paid_out" if arrival <= TODAY else "collected"
        if known_back:
            status = "failed" if refused else "returned"
        transaction = self.transaction(
            partner,
            installment,
            debit.attempt.amount,
            day,
            debit_status=status,
            debit_settled_date=settled if is_settled else None,
            payout_id=self.payout(arrival) if is_settled and arrival <= TODAY else None,
        )
        if known_back:
            self.add(
                "payment_return",
                transaction_id=transaction,
                company_id=self.company.id,
                amount=debit.attempt.amount / 100,
                kind="reject" if refused else "refund",
                date=news,
            )

    def transaction(self, partner, installment, amount, day, **values):
        return self.add(
            "payment_transaction",
            provider_id=self.provider.id,
            payment_method_id=self.method.id,
            currency_id=self.company.currency_id.id,
            company_id=self.company.id,
            partner_id=partner,
            installment_id=installment,
            reference=f"BENCH-{self.number}",
            state="pending",
            operation="offline",
            amount=amount / 100,
            debit_requested_date=day,
            debit_expected_date=day,
            payment_day=day,
            payment_status=values["debit_status"],
            **values,
        )

    def grades(self, payer, partner):
        """Write the grades that a nightly score would have noted, looked at once a month."""
        known, record, grade = payer.since, None, None
        while known <= TODAY:
            past = list(generator.known_attempts(payer, known))
            dues = list(generator.known_dues(payer, known))
            signed = max(day for day in payer.mandates if day <= known)
            new = score(summarise(past, dues, known, payer.since, signed)).grade
            if record is None:
                record = self.add(
                    "payment_payer_score",
                    partner_id=partner,
                    company_id=self.company.id,
                    grade=self.last_grade(payer),
                    create_date=known,
                )
            elif new != grade:
                self.history("payment.payer.score", record, known, grade, new)
            grade = new
            known += timedelta(days=SCORED_DAYS)

    def last_grade(self, payer):
        """Return the grade of the last look, which is the one that the score has now."""
        looks = (TODAY - payer.since).days // SCORED_DAYS
        on = payer.since + timedelta(days=looks * SCORED_DAYS)
        past = list(generator.known_attempts(payer, on))
        signed = max(day for day in payer.mandates if day <= on)
        dues = list(generator.known_dues(payer, on))
        return score(summarise(past, dues, on, payer.since, signed)).grade

    def history(self, model, record, day, source, target):
        self.add(
            "payment_history",
            res_model=model,
            res_id=record,
            date=day,
            from_state=source,
            to_state=target,
        )

    def fill_up(self, partner, payments):
        """Write debits of long ago until there are so many."""
        self.env.cr.execute("SELECT count(*) FROM payment_transaction")
        for number in range(payments - self.env.cr.fetchone()[0]):
            day = roll_forward(TODAY - timedelta(days=1000 + number % 1000))
            self.transaction(partner, None, 3000, day, debit_status="paid_out")
            if not number % PAGE:
                self.write()


def fill(env, clients, payments, seed):
    """Fill the tables.

    :param int clients: each has some 20 installments.
    :param int payments: rows of payment.transaction, at least.
    """
    filler, rng = Filler(env), random.Random(seed)
    for number, payer in enumerate(generator.payers(clients, seed)):
        if payer.dues:
            filler.client(payer, rng)
        if not number % 500:
            filler.write()
    filler.write()
    env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id > %s", [FIRST])
    filler.fill_up(FIRST + 1, payments)
    filler.write()
    # Each debit has a history of four lines; the forecast has to find its own among them.
    env.cr.execute(
        """INSERT INTO payment_history (res_model, res_id, date, from_state, to_state)
           SELECT 'payment.transaction', t.id, t.debit_requested_date, step[1], step[2]
             FROM payment_transaction t,
                  (VALUES (ARRAY['draft', 'submitting']), (ARRAY['submitting', 'submitted']),
                          (ARRAY['submitted', 'collected']), (ARRAY['collected', 'paid_out'])
                  ) AS steps (step)"""
    )


fill(env, *map(int, sys.argv[1:4]))  # noqa: F821 - `env` is given
