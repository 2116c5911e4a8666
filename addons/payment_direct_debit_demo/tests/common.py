from contextlib import contextmanager
from datetime import date

from odoo import SUPERUSER_ID, Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

DAY = date(2026, 3, 4)  # a Wednesday
NEXT_WEEK = date(2026, 3, 11)
LATER = date(2026, 6, 1)


class DebitCommon(AccountTestInvoicingCommon):
    """A company with books, a demo bank, and short names for what the tests do again and again.

    Everything runs as a cron does: as the superuser, whose own company is another one.
    """

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=SUPERUSER_ID, context={"tracking_disable": True})
        cls.company = cls.company_data["company"].with_env(cls.env)
        cls.euro = cls.env.ref("base.EUR")
        cls.provider = cls._provider(cls.company)
        cls.client = cls.partner_a.with_env(cls.env)

    # === RECORDS === #

    @classmethod
    def _provider(cls, company, **values):
        return cls.env["payment.provider"].create(
            {
                "name": "Demo bank of the tests",
                "code": "demo_debit",
                "company_id": company.id,
                "state": "test",
                "payment_method_ids": [
                    Command.set(cls.env.ref("payment.payment_method_sepa_direct_debit").ids)
                ],
                **values,
            }
        )

    @classmethod
    def _mandate(cls, script="collect", partner=None, provider=None, **values):
        return (provider or cls.provider)._demo_open_mandates(
            [
                {
                    "partner_id": (partner or cls.client).id,
                    "script": script,
                    "signed_on": date(2026, 1, 2),
                    **values,
                }
            ]
        )

    @classmethod
    def _bill(cls, amount=100.0, partner=None, on=DAY, company=None):
        company = company or cls.company
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or cls.client).id,
                    "invoice_date": on,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": amount, "tax_ids": [Command.clear()]}
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move.with_company(cls.env.company)

    @classmethod
    def _debits(cls, mandates, amount=100.0, on=DAY, invoices=None):
        """Make one debit for each mandate, each with an invoice of its own unless given."""
        invoices = invoices or [cls._bill(amount, mandate.partner_id) for mandate in mandates]
        start = cls.env["payment.transaction"].search_count([])
        return cls.env["payment.transaction"]._debit_create(
            [
                {
                    "mandate_id": mandate.id,
                    "partner_id": mandate.partner_id.id,
                    "amount": amount,
                    "currency_id": cls.euro.id,
                    "reference": f"DEBIT-{start + number}",
                    "debit_requested_date": on,
                    "debit_description": "Service",
                    "invoice_ids": [Command.set(invoice.ids)],
                }
                for number, (mandate, invoice) in enumerate(zip(mandates, invoices, strict=True))
            ]
        )

    @classmethod
    def _debit(cls, script="collect", amount=100.0, **values):
        return cls._debits(cls._mandate(script), amount, **values)

    # === WHAT THE ENGINE DOES, WITH ITS COMMITS === #

    @contextmanager
    def _committing(self, records):
        """Give the records on a cursor that may commit (to savepoints of the test)."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield records.with_env(records.env(cr=cr))

    def _send(self, debits, on=DAY):
        with self._committing(debits) as sending:
            sending._debit_send(on)

    def _resolve(self, debits, on=DAY):
        with self._committing(debits) as model:
            return model._debit_resolve_unknown(
                on, everything=True, domain=[("id", "in", debits.ids)]
            )

    def _bank_day(self, day=DAY, notify=True):
        """The bank reaches the day, notifies, and the inbox is emptied."""
        events = self.provider._demo_advance(day, notify)
        self._apply(day)
        return events

    def _apply(self, day=DAY):
        return self.env["payment.event"]._apply_received(day)

    def _settled(self, script="collect", day=DAY, **values):
        """Return a debit that has gone through its whole script up to `day`."""
        debit = self._debit(script, **values)
        self._send(debit)
        self._bank_day(day)
        return debit

    def _at_bank(self, debits):
        """Return what the bank has executed for these debits."""
        return self.env["payment.demo.debit"].search(
            [("reference", "in", debits.mapped("reference")), ("status", "!=", "unheard")]
        )

    def _alerts(self, record, kind=None):
        domain = [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        return self.env["payment.alert"].search(domain + ([("kind", "=", kind)] if kind else []))
