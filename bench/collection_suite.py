"""One size of the collection bench, on this suite. Runs inside Odoo (`env` is given).

Arguments: how many contracts, the file for the result. The bank is an object of this process that
answers at once: what is left is the cost of the engine and of the books.
"""

import json
import sys
from datetime import date, datetime
from pathlib import Path

from odoo import Command
from odoo.tools import split_every

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.pure import money

from bench.meter import Meter

START = date(2026, 1, 5)  # a Monday
DAY = date(2026, 1, 7)
NOTICE = 250  # events a notification


class Bank:
    """`seam.DebitClient` without a network: takes debits, then confirms them all."""

    def __init__(self):
        self.by_key = {}
        self.by_ref = {}
        self.status = seam.ACCEPTED

    def send(self, order):
        """Receive a debit once."""
        ref = self.by_key.setdefault(order.idempotency_key, f"BK{len(self.by_key):08d}")
        self.by_ref[ref] = order
        return self.fetch(ref)

    def fetch(self, ref):
        """Say what has become of a debit."""
        order = self.by_ref[ref]
        return seam.DebitSnapshot(
            ref=ref,
            status=self.status,
            raw_status=self.status,
            amount_cents=order.amount_cents,
            currency=order.currency,
            charge_date=order.requested_date,
            reference=order.reference,
        )

    def events(self):
        """Return one event for each debit."""
        moment = datetime(2026, 1, 7, 8)
        for ref in self.by_ref:
            yield seam.IncomingEvent(
                f"EV-{ref}", seam.TOPIC_DEBIT, ref, "paid", moment, {"id": ref}
            )


def provider_of(env, bank):
    """Return the company's demo provider, with the bank of this process behind it."""
    company = env.company
    company.prenotification_required = False  # mails are not what is measured
    provider = env["payment.provider"].search(
        [("code", "=", "demo_debit"), ("company_id", "=", company.id)], limit=1
    )
    provider.state = "test"
    provider.journal_id = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    type(provider)._debit_client = lambda self: bank
    return provider


def seed(env, provider, count):
    """Make active contracts, each with a client, a mandate and one installment due."""
    product = env["product.product"].create(
        {"name": "Maintenance", "type": "service", "list_price": 19.99}
    )
    product.taxes_id = env.company.account_sale_tax_id
    for numbers in split_every(500, range(count), list):
        partners = env["res.partner"].create([{"name": f"Client {n}"} for n in numbers])
        mandates = (
            env["payment.mandate"]
            ._state_writer()
            .create(
                [
                    {
                        "name": f"RUM-{n}",
                        "partner_id": partner.id,
                        "provider_id": provider.id,
                        "provider_mandate_ref": f"MD{n:08d}",
                        "signed_on": date(2025, 12, 1),
                        "state": "active",
                    }
                    for n, partner in zip(numbers, partners, strict=True)
                ]
            )
        )
        mandates._ensure_tokens()
        contracts = env["crm.contract"].create(
            [
                {
                    "partner_id": partner.id,
                    "mandate_id": mandate.id,
                    "date_start": START,
                    "billing_day": START.day,
                    "date_end": date(2026, 2, 4),
                    "collection_mode": "automatic",
                    "line_ids": [
                        Command.create(
                            {"product_id": product.id, "price_unit": 10 + n % 90 + n % 97 / 100}
                        )
                    ],
                }
                for n, partner, mandate in zip(numbers, partners, mandates, strict=True)
            ]
        )
        contracts._activate(START)
        env.cr.commit()  # set-up only: keeps its memory out of what is measured
        env.invalidate_all()


def watch(env, meter):
    """Name what the seconds are spent on."""
    meter.watch(env.registry["payment.installment"], "_invoice", "invoices")
    meter.watch(env.registry["payment.run"], "_make_debits", "debits made")
    meter.watch(env.registry["payment.transaction"], "_debit_send", "sent")
    meter.watch(env.registry["payment.transaction"], "_debit_book_collection", "booked")


def collect(env, meter, bank):
    """Do what the crons do, from the due installment to the paid invoice."""
    with meter.phase("run"):
        run = env["payment.run"].create({"date": START, "date_until": date(2026, 12, 31)})
        run._execute(START)
    bank.status = seam.COLLECTED
    with meter.phase("events stored"):
        for events in split_every(NOTICE, bank.events(), list):
            env["payment.event"]._receive(provider, events, "webhook")
            env.cr.commit()  # each notification is a request of its own
    with meter.phase("applied"):
        while env["payment.event"]._apply_received(DAY, commit=env.cr.commit):
            env.cr.commit()  # as the cron does after each share


def checked(env, count):
    """Return what is wrong with the books; nothing when all are paid and all is equal."""
    env.invalidate_all()
    debits = env["payment.transaction"].search([("debit_status", "!=", False)])
    invoices = debits.invoice_ids
    lines = debits.debit_line_ids
    cents = [money.to_cents(amount, 2) for amount in debits.mapped("amount")]
    booked = [money.to_cents(amount, 2) for amount in lines.mapped("credit")]
    facts = {
        "debits": (len(debits), count),
        "invoices": (len(invoices), count),
        "collected": (set(debits.mapped("debit_status")), {"collected"}),
        "paid": (set(invoices.mapped("payment_state")), {"paid"}),
        "residual": (set(invoices.mapped("amount_residual")), {0.0}),
        "installments": (set(debits.installment_id.mapped("state")), {"paid"}),
        "books": (sum(booked), sum(cents)),
        "alerts": (env["payment.alert"].search_count([]), 0),
    }
    return {name: str(pair) for name, pair in facts.items() if pair[0] != pair[1]}


count = int(sys.argv[1])
bank = Bank()
provider = provider_of(env, bank)
seed(env, provider, count)
meter = Meter(env.cr)
watch(env, meter)
collect(env, meter, bank)
report = meter.report(count)
report["wrong"] = checked(env, count)
Path(sys.argv[2]).write_text(json.dumps(report))
