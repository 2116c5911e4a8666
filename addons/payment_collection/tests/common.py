"""What the tests of the collection share: a company, the scriptable provider, installments.

They run on `payment_direct_debit_demo`, which the suite installs beside; the addon itself does
not depend on it.
"""

from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

# Monday; the demo provider wants two working days: Wednesday the 4th is the first day possible.
MONDAY = date(2026, 2, 2)
WEDNESDAY = date(2026, 2, 4)


class CollectionCommon(AccountTestInvoicingCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.env.ref("base.user_root"))
        cls.company = cls.company_data["company"]
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.provider = cls.env["payment.provider"].search(
            [("code", "=", "demo_debit"), ("company_id", "=", cls.company.id)], limit=1
        )
        # Announcing has tests of its own; the others debit within days.
        cls.company.prenotification_required = False
        cls.provider.state = "test"
        cls.provider.journal_id = cls.company_data["default_journal_bank"]

    @classmethod
    def person(cls, login, groups, company=None, **values):
        """Return a user with these groups (a text, as for `new_test_user`) and one company."""
        company = company or cls.company
        user = new_test_user(
            cls.env,
            login,
            groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **values,
        )
        return user.with_env(cls.env)

    @classmethod
    def client_with_mandate(cls, script="collect", **values):
        """Return a client with an active mandate whose debits follow `script`."""
        partner = cls.env["res.partner"].create(
            {"name": values.pop("name", "Ateliers Rousseau"), "company_id": cls.company.id}
        )
        mandate = cls.provider._demo_open_mandates(
            [{"partner_id": partner.id, "script": script, "signed_on": date(2025, 12, 1)}]
        )
        return partner, mandate

    @classmethod
    def installment(cls, script="collect", amount=120.0, due=WEDNESDAY, **values):
        """Return an installment of a new client with a mandate."""
        partner, mandate = cls.client_with_mandate(script)
        return cls.env["payment.installment"].create(
            {
                "partner_id": partner.id,
                "mandate_id": mandate.id,
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "amount": amount,
                "due_date": due,
                "label": "Février",
                **values,
            }
        )

    def execute(self, on=MONDAY, until=WEDNESDAY):
        """Make a run of the day and execute it, as the cron does."""
        run = self.env["payment.run"].create(
            {"company_id": self.company.id, "date": on, "date_until": until}
        )
        with self.committing() as env:
            self.assertTrue(run.with_env(env)._execute(on))
        return run

    @contextmanager
    def committing(self):
        """Give an environment whose cursor may commit, inside of the test's transaction."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)

    def bank_reaches(self, day):
        """Let the bank come to a day, and apply what it notifies."""
        self.provider._demo_advance(day)
        self.env["payment.event"]._apply_received(day)

    def bank_line(self, amount, text, day):
        """Return a line that came in on the statement of the bank's journal."""
        lines = self.env["account.bank.statement.line"].with_company(self.company)
        return lines.create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day,
                "amount": amount,
                "payment_ref": text,
            }
        )

    def channels(self, user, *channels):
        """Return what a websocket of the user listens to when it asks for these channels."""

        class Request:
            session = type("Session", (), {"uid": user.id})

        socket = self.env["ir.websocket"].with_user(user).with_context(allowed_company_ids=[])
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", new=Request):
            return socket._build_bus_channel_list(list(channels))

    def bank_rows(self, installment):
        """Return what the bank has executed for an installment."""
        return self.env["payment.demo.debit"].search(
            [
                ("reference", "in", installment.transaction_ids.mapped("reference")),
                ("status", "!=", "unheard"),
            ]
        )
