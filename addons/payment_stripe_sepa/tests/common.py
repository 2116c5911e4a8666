import json
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import stripe

from odoo import SUPERUSER_ID, Command
from odoo.tests import BaseCase

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_stripe_sepa import const
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient

from sandbox.testing import running

MONDAY = date(2026, 3, 2)
CHARGE_DAY = date(2026, 3, 11)  # a Wednesday, seven working days later
SECRET = "whsec_of_the_tests"
IBAN = "FR7630006000011234567890189"
MANDATE = "mandate_abc"


def rum(mandate):
    """Return the reference of a mandate that was imported."""
    return mandate.upper().replace("_", "-")


def sign(raw, secret=SECRET, moment=None):
    """Return the signature of a notification's body, of now unless told."""
    text = raw.decode("utf-8", "replace")
    return stripe.WebhookSignature.generate_signature_header(text, secret, moment)


def event(number, kind="payment_intent.succeeded", thing=None, **values):
    """Return an event as Stripe sends it."""
    return {
        "id": f"evt_{number:06d}",
        "object": "event",
        "api_version": const.API_VERSION,
        "created": 1773306000,  # 2026-03-12 09:00 UTC
        "data": {"object": {"id": f"pi_{number:06d}", **(thing or {})}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
        **values,
    }


def body(value):
    """Return a notification's body."""
    return json.dumps(value).encode()


@contextmanager
def answering(status, content, content_type="application/json", location=""):
    """Serve one canned answer to everything; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(content)))
            if location:
                self.send_header("location", location)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *_arguments):
            """The test's output is no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class SandboxMixin:
    """One stand-in for the class, emptied for each test, with one payer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.sandbox = stack.enter_context(running("stripe", start_date=MONDAY))

    def setUp(self):
        super().setUp()
        self.sandbox.reset(MONDAY)
        self._payer(MANDATE, "Zoé Lefèvre")

    def _payer(self, mandate, name, **values):
        (made,) = self.sandbox.seed(
            [
                {"name": name, "iban": IBAN, "mandate_id": mandate, "reference": rum(mandate)}
                | values
            ]
        )
        return made

    def _posts(self):
        return self.sandbox.requests("POST", "/v1/payment_intents")


class ClientCase(SandboxMixin, BaseCase):
    """The client alone, against the stand-in, without a database."""

    def setUp(self):
        super().setUp()
        self.client = StripeSepaClient(self.sandbox.token, self.sandbox.url, timeouts=(2, 1))
        self.order = seam.DebitOrder(
            reference="DEBIT-1",
            idempotency_key="key-1",
            amount_cents=4990,
            currency="EUR",
            mandate_ref=MANDATE,
            requested_date=CHARGE_DAY,
            description="Abonnement « été » n° 1",
            metadata={"odoo_ref": "DEBIT-1"},
        )

    def _order(self, **values):
        return replace(self.order, **values)


class FlowCase(SandboxMixin, AccountTestInvoicingCommon):
    """A company with books and a Stripe account at the stand-in."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=SUPERUSER_ID, context={"tracking_disable": True})
        cls.euro = cls.env.ref("base.EUR")
        cls.company = cls.company_data["company"].with_env(cls.env)
        cls.env["ir.config_parameter"].set_param(
            "payment_stripe_sepa.api_base_url", cls.sandbox.url
        )
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Stripe of the tests",
                "code": "stripe_sepa",
                "company_id": cls.company.id,
                "state": "test",
                "stripe_sepa_secret_key": cls.sandbox.token,
                "stripe_sepa_webhook_secret": SECRET,
            }
        )
        cls.client = cls.partner_a.with_env(cls.env)

    def _mandate(self, ref=MANDATE, partner=None):
        (mandate,) = self.env["payment.mandate"]._register_existing(
            [
                {
                    "name": rum(ref),
                    "partner_id": (partner or self.client).id,
                    "iban": IBAN,
                    "scheme": "core",
                    "signed_on": date(2026, 1, 5),
                    "provider_id": self.provider.id,
                    "provider_ref": ref,
                    "company_id": self.company.id,
                }
            ],
            MONDAY,
        )
        return mandate

    def _bill(self, amount):
        move = (
            self.env["account.move"]
            .with_company(self.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.client.id,
                    "invoice_date": MONDAY,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": amount, "tax_ids": [Command.clear()]}
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    def _debits(self, mandate, *amounts):
        start = self.env["payment.transaction"].search_count([])
        return self.env["payment.transaction"]._debit_create(
            [
                {
                    "mandate_id": mandate.id,
                    "partner_id": mandate.partner_id.id,
                    "amount": amount,
                    "currency_id": self.euro.id,
                    "reference": f"DEBIT-{start + number}",
                    "debit_requested_date": CHARGE_DAY,
                    "debit_description": "Abonnement « été »",
                    "invoice_ids": [Command.set(self._bill(amount).ids)],
                }
                for number, amount in enumerate(amounts)
            ]
        )

    @contextmanager
    def _committing(self, records):
        """Give the records on a cursor that may commit (to savepoints of the test)."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield records.with_env(records.env(cr=cr))

    def _send(self, debits):
        with self._committing(debits) as sending:
            sending._debit_send(MONDAY)

    def _sent(self, *amounts):
        debits = self._debits(self._mandate(), *amounts)
        self._send(debits)
        return debits

    def _resolve(self, debits):
        with self._committing(debits) as model:
            model._debit_resolve_unknown(MONDAY, everything=True, domain=[("id", "in", debits.ids)])

    def _days_until(self, day):
        """The bank reaches the day; what Stripe says about it is polled and applied."""
        self.sandbox.advance(day)
        self._hear(self.sandbox.events())
        self.env["payment.event"]._apply_received(day)

    def _hear(self, events):
        """Take in notifications, each through the signature."""
        for item in events:
            raw = body(item)
            checked = self.provider._event_verify(raw, {"Stripe-Signature": sign(raw)})
            self.env["payment.event"]._receive(self.provider, checked, "webhook")

    def _alerts(self, record):
        return self.env["payment.alert"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        )
