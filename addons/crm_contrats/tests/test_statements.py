"""What one more record costs in statements: this does not depend on the machine, time does."""

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import ContractCommon

MONDAY, TUESDAY = date(2026, 2, 2), date(2026, 2, 3)
DUE = date(2026, 2, 5)
SIGNED = date(2025, 12, 1)
FEW, MANY = 10, 100


@tagged("post_install", "-at_install")
class TestStatements(ContractCommon):
    def setUp(self):
        super().setUp()
        self.of_the_bank = 0

    def due_installments(self, count):
        """Make contracts of clients of their own, each with one installment due."""
        clients = self.env["res.partner"].create(
            [{"name": f"Client {count} {n}", "company_id": self.company.id} for n in range(count)]
        )
        mandates = self.provider._demo_open_mandates(
            [{"partner_id": client.id, "signed_on": SIGNED} for client in clients]
        )
        contracts = self.env["crm.contract"].create(
            [
                {
                    "partner_id": mandate.partner_id.id,
                    "company_id": self.company.id,
                    "mandate_id": mandate.id,
                    "collection_mode": "automatic",
                    "date_start": DUE,
                    "billing_day": DUE.day,
                    "date_end": date(2026, 3, 4),
                    "line_ids": [Command.create({"product_id": self.maintenance.id})],
                }
                for mandate in mandates
            ]
        )
        contracts._activate(MONDAY)
        self.env.flush_all()
        self.env.invalidate_all()

    def bank_aside(self):
        """Count what the demo bank, which lives in the same database, does for itself."""
        real = type(self.provider)._debit_run

        def counted(provider, calls):
            before = provider.env.cr.sql_log_count
            answers = real(provider, calls)
            self.of_the_bank += provider.env.cr.sql_log_count - before
            return answers

        return patch.object(type(self.provider), "_debit_run", counted)

    def statements(self, count, on):
        """Return how many statements it takes to collect, and to book what was collected."""
        self.due_installments(count)
        run = self.env["payment.run"].create(
            {"company_id": self.company.id, "date": on, "date_until": DUE}
        )
        with self.bank_aside(), self.committing() as env:
            self.of_the_bank = 0
            before = env.cr.sql_log_count
            run.with_env(env)._execute(on)
            collected = env.cr.sql_log_count - before - self.of_the_bank
        self.assertEqual(run.debit_count, count)
        self.provider._demo_advance(DUE)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.bank_aside():
            self.of_the_bank = 0
            before = self.env.cr.sql_log_count
            self.env["payment.event"]._apply_received(DUE)
            self.env.flush_all()
            booked = self.env.cr.sql_log_count - before - self.of_the_bank
        self.assertEqual(set(run.transaction_ids.mapped("debit_status")), {"collected"})
        return collected, booked

    def test_one_more_record_costs_a_statement_or_two(self):
        few = self.statements(FEW, MONDAY)
        many = self.statements(MANY, TUESDAY)
        for step, less, more in zip(("collected", "booked"), few, many, strict=True):
            with self.subTest(step=step):
                # One each is Odoo's: the analytic distribution of the client.
                self.assertLess((more - less) / (MANY - FEW), 1.5)
