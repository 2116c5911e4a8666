"""One size of the collection bench, on OCA's contract and SEPA direct debit. Runs inside Odoo.

Arguments: how many contracts, the file for the result. The same debts as `collection_suite`, by the
steps of those addons' own buttons and cron: invoices drafted by the cron, posted, put on a debit
order, confirmed, its file written, and “uploaded”, which books and reconciles them.
"""

import json
import sys
from datetime import date
from pathlib import Path

from odoo import Command
from odoo.tools import split_every

from bench.meter import Meter

START = date(2026, 1, 5)
IBAN = "FR7630006000011234567890189"  # the specimen account of the French banks


def payment_mode(env):
    """Return a payment mode for SEPA direct debits, and a journal with a bank account behind it."""
    company = env.company
    company.write({"sepa_creditor_identifier": "FR78ZZZ424242"})
    method = env.ref("account_banking_sepa_direct_debit.sepa_direct_debit")
    bank = env["res.bank"].create({"name": "Banque", "bic": "PSSTFRPPXXX"})
    account = env["res.partner.bank"].create(
        {"acc_number": IBAN, "partner_id": company.partner_id.id, "bank_id": bank.id}
    )
    outstanding = env["account.account"].create(
        {
            "code": "511999",
            "name": "Debits under way",
            "account_type": "asset_current",
            "reconcile": True,
        }
    )
    journal = env["account.journal"].create(
        {
            "name": "Debits",
            "type": "bank",
            "code": "SDD",
            "bank_account_id": account.id,
            "inbound_payment_method_line_ids": [
                Command.create(
                    {"payment_method_id": method.id, "payment_account_id": outstanding.id}
                )
            ],
        }
    )
    return env["account.payment.mode"].create(
        {
            "name": "SEPA",
            "payment_method_id": method.id,
            "bank_account_link": "fixed",
            "fixed_journal_id": journal.id,
        }
    )


def seed(env, mode, count):
    """Make contracts of one line, each with a client, a bank account and a mandate."""
    product = env["product.product"].create(
        {"name": "Maintenance", "type": "service", "list_price": 19.99}
    )
    product.taxes_id = env.company.account_sale_tax_id
    for numbers in split_every(500, range(count), list):
        partners = env["res.partner"].create(
            [{"name": f"Client {n}", "customer_payment_mode_id": mode.id} for n in numbers]
        )
        accounts = env["res.partner.bank"].create(
            [{"acc_number": IBAN, "partner_id": partner.id} for partner in partners]
        )
        env["account.banking.mandate"].create(
            [
                {
                    "format": "sepa",
                    "type": "recurrent",
                    "recurrent_sequence_type": "recurring",
                    "signature_date": date(2025, 12, 1),
                    "partner_bank_id": account.id,
                    "company_id": env.company.id,
                    "state": "valid",
                    "unique_mandate_reference": f"RUM-{n}",
                }
                for n, account in zip(numbers, accounts, strict=True)
            ]
        )
        env["contract.contract"].create(
            [
                {
                    "name": f"Contract {n}",
                    "partner_id": partner.id,
                    "line_recurrence": False,
                    "recurring_rule_type": "monthly",
                    "recurring_interval": 1,
                    "date_start": START,
                    "recurring_next_date": START,
                    "contract_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "name": "Maintenance",
                                "quantity": 1,
                                "price_unit": 10 + n % 90 + n % 97 / 100,
                                "date_start": START,
                                "recurring_next_date": START,
                            }
                        )
                    ],
                }
                for n, partner in zip(numbers, partners, strict=True)
            ]
        )
        env.cr.commit()  # set-up only: keeps its memory out of what is measured
        env.invalidate_all()


def collect(env, meter):
    """Walk all steps, each committed, as a request or a cron does: its cost is measured too."""
    with meter.phase("invoices drafted"):
        env["contract.contract"].cron_recurring_create_invoice(START)
        env.cr.commit()  # the cron ends
    invoices = env["account.move"].search([("move_type", "=", "out_invoice")])
    with meter.phase("posted"):
        invoices.action_post()
        env.cr.commit()  # the request ends
    with meter.phase("debit order"):
        invoices.create_account_payment_line()
        env.cr.commit()  # the request ends
    order = env["account.payment.order"].search([])
    with meter.phase("confirmed"):
        order.draft2open()
        env.cr.commit()  # the request ends
    with meter.phase("file"):
        order.open2generated()
        env.cr.commit()  # the request ends
    with meter.phase("uploaded"):
        order.generated2uploaded()
        env.cr.commit()  # the request ends
    return invoices


count = int(sys.argv[1])
seed(env, payment_mode(env), count)
meter = Meter(env.cr)
invoices = collect(env, meter)
report = meter.report(count)
env.invalidate_all()
states = set(invoices.mapped("payment_state"))
complete = len(invoices) == count and states <= {"paid", "in_payment"}
report["wrong"] = {} if complete else {"invoices": f"{len(invoices)} {states}"}
Path(sys.argv[2]).write_text(json.dumps(report))
