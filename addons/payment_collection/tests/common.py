"""What the tests of the collection share: a company, the scriptable provider, installments.

They run on `payment_direct_debit_demo`, which the suite installs beside; the addon itself does
not depend on it.
"""

from contextlib import contextmanager
from datetime import date

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

    def bank_rows(self, installment):
        """Return what the bank has executed for an installment."""
        return self.env["payment.demo.debit"].search(
            [
                ("reference", "in", installment.transaction_ids.mapped("reference")),
                ("status", "!=", "unheard"),
            ]
        )
