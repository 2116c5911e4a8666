"""A whole story with one provider over its stand-in: what is done, and what goes wrong."""

from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time

from odoo import SUPERUSER_ID, Command
from odoo.tests import HttpCase

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from demo.providers import PROVIDERS
from sandbox.testing import running
from sandbox.tests.common import Receiver

MONDAY = date(2026, 3, 2)
CHARGE_DAY = date(2026, 3, 11)
COLLECTED_DAY = date(2026, 3, 20)
REFUND_DAY = date(2026, 5, 11)  # more than eight weeks after the charge
WEBHOOK_SECRET = "whsec_5d0c1e7a9b3f4826"
# Valid accounts of two clients: one signs on the provider's page, one mandate is taken over.
SIGNER_IBAN = "FR7630006000011234567890189"
FORMER_IBAN = "DE89370400440532013000"


class ProviderStory(AccountTestInvoicingCommon, HttpCase):
    """`code` is the provider's; the stand-in is emptied for each test."""

    code = ""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.demo = PROVIDERS[cls.code]
        cls.sandbox = stack.enter_context(running(cls.demo.sandbox, start_date=MONDAY))
        cls.listening = stack.enter_context(Receiver())
        cls.env = cls.env(user=SUPERUSER_ID)
        cls.company = cls.company_data["company"].with_env(cls.env)
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param(f"payment_{cls.code}.api_base_url", cls.sandbox.url)
        cls.credentials = cls.demo.credentials(cls.sandbox, WEBHOOK_SECRET)
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Provider of the story",
                "code": cls.code,
                "company_id": cls.company.id,
                "state": "test",
                "debit_fee_account_id": cls.company_data["default_account_expense"].id,
                **cls.credentials,
            }
        )
        # Only ours is polled.
        others = cls.env["payment.provider"].search([("id", "!=", cls.provider.id)])
        others.write({"state": "disabled"})

    def setUp(self):
        super().setUp()
        self.sandbox.reset(MONDAY)
        self.sandbox.control("webhooks/modes", auto=False)
        secret = WEBHOOK_SECRET if self.demo.signed_webhooks else ""
        self.sandbox.listen(self.listening.url, secret)
        self.listening.deliveries.clear()

    # === WHAT PEOPLE DO === #

    def signed_mandate(self):
        """Return the mandate that a client has signed on the provider's page."""
        partner = self.client("Camille Durand")
        mandate = self.env["payment.mandate"].create(
            {
                "partner_id": partner.id,
                "provider_id": self.provider.id,
                "company_id": self.company.id,
            }
        )
        mandate.action_request_signature()
        page = mandate._signature_start()
        self.sandbox.sign(page, **self.demo.form(partner, SIGNER_IBAN))
        self.notify()
        mandate._signature_refresh(MONDAY)
        self.assertEqual(mandate.state, "active")
        return mandate

    def former_mandate(self):
        """Return a mandate that was there before, taken over with its account."""
        partner = self.client("Zoé Lefèvre")
        seeded = {"name": partner.name, "iban": FORMER_IBAN, "reference": "FORMER0001"}
        (made,) = self.sandbox.seed([{**seeded, "email": partner.email}])
        values = {
            "name": made["reference"],
            "partner_id": partner.id,
            "iban": FORMER_IBAN,
            "scheme": "core",
            "signed_on": date(2026, 1, 5),
            "provider_id": self.provider.id,
            "provider_ref": made["mandate"],
            "company_id": self.company.id,
        }
        (mandate,) = self.env["payment.mandate"]._register_existing([values], MONDAY)
        return mandate

    def client(self, name):
        """Return a client with an address."""
        return self.env["res.partner"].create(
            {
                "name": name,
                "email": "client@example.com",
                "street": "3 rue de la Paix",
                "zip": "75002",
                "city": "Paris",
                "country_id": self.env.ref("base.fr").id,
            }
        )

    def debit(self, mandate, amount, reference):
        """Return a debit that waits to be sent."""
        return self.env["payment.transaction"]._debit_create(
            [
                {
                    "mandate_id": mandate.id,
                    "partner_id": mandate.partner_id.id,
                    "amount": amount,
                    "currency_id": self.env.ref("base.EUR").id,
                    "reference": reference,
                    "debit_requested_date": CHARGE_DAY,
                    "debit_description": "Abonnement",
                    "invoice_ids": [Command.set(self.bill(mandate.partner_id, amount).ids)],
                }
            ]
        )

    def bill(self, partner, amount):
        """Return a posted invoice."""
        line = {"name": "Service", "price_unit": amount, "tax_ids": [Command.clear()]}
        move = self.env["account.move"].with_company(self.company)
        move = move.create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": MONDAY,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        move.action_post()
        return move

    # === WHAT THE CRONS DO === #

    @contextmanager
    def committing(self, records):
        """Give the records on a cursor that may commit, to savepoints of the test."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield records.with_env(records.env(cr=cr))
        self.env.invalidate_all()

    def send(self, debits):
        """Send debits on Monday."""
        with self.committing(debits) as sending:
            sending._debit_send(MONDAY)

    def resolve(self, debits):
        """Find unknown outcomes out, long after they left."""
        morning = datetime.combine(MONDAY, time(9))
        debits._state_writer().write({"debit_sent_at": morning, "debit_last_sent_at": morning})
        with self.committing(debits) as asking:
            domain = [("id", "in", debits.ids)]
            asking._debit_resolve_unknown(MONDAY, everything=True, domain=domain)

    def reach(self, day):
        """Let the bank come to a day; hear of it by notifications, the poll, and a look."""
        self.sandbox.advance(day)
        self.notify()
        with self.committing(self.env["payment.event"]) as inbox:
            inbox._cron_poll(datetime.combine(day, time(6)))
        self.env["payment.event"]._apply_received(day)
        debits = self.env["payment.transaction"].search([("provider_id", "=", self.provider.id)])
        debits.filtered(lambda debit: debit.debit_status == "submitted")._debit_refresh(day)
        with self.committing(self.env["payment.payout"]) as payouts:
            payouts._cron_fetch(day)

    def give_back(self, debit, amount):
        """Return a refund that has left."""
        refund = self.env["payment.refund"].create({"transaction_id": debit.id, "amount": amount})
        refund._queue(REFUND_DAY)
        with self.committing(refund) as sending:
            sending._send_waiting(REFUND_DAY, everything=True, domain=[("id", "=", refund.id)])
        return refund

    # === NOTIFICATIONS === #

    def notify(self):
        """Deliver what the stand-in has to tell, over HTTP; return the status of each answer."""
        self.sandbox.control("webhooks/flush")
        deliveries, self.listening.deliveries = self.listening.deliveries, []
        return [self.deliver(headers, raw) for headers, raw in deliveries]

    def deliver(self, headers, raw):
        """Post a notification to our address; return the status of the answer."""
        own = ("host", "content-length", "connection", "accept-encoding")
        headers = {name: value for name, value in headers.items() if name not in own}
        path = f"/payment/{self.code}/webhook/{self.provider.id}"
        return self.url_open(path, data=raw, headers=headers, method="POST").status_code
