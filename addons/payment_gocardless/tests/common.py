import hashlib
import hmac
import json
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from odoo import SUPERUSER_ID, Command
from odoo.tests import BaseCase

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_gocardless.client import GoCardlessClient

from sandbox.testing import running

MONDAY = date(2026, 3, 2)
CHARGE_DAY = date(2026, 3, 11)  # a Wednesday, later than the three working days of notice
SECRET = "endpoint-secret-1"
IBAN = "FR7630006000011234567890189"
MANDATE = "MD0000ABC"


def sign(raw, secret=SECRET):
    """Return the signature of a notification's body."""
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def event(number, resource="payments", action="confirmed", **values):
    """Return an event as GoCardless sends it."""
    link = {"billing_requests": "billing_request"}.get(resource, resource[:-1])
    return {
        "id": f"EV{number:06d}",
        "created_at": "2026-03-12T09:00:00.000Z",
        "resource_type": resource,
        "action": action,
        "links": {link: f"PM{number:06d}"},
        "details": {"origin": "gocardless", "cause": "payment_confirmed"},
        "metadata": {},
        **values,
    }


def body(events):
    """Return a notification's body."""
    return json.dumps({"events": events, "meta": {"webhook_id": "WB1"}}).encode()


@contextmanager
def answering(status, content, content_type="application/json"):
    """Serve one canned answer to everything; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(content)))
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
        cls.sandbox = stack.enter_context(running("gocardless", start_date=MONDAY))

    def setUp(self):
        super().setUp()
        self.sandbox.reset(MONDAY)
        self._payer(MANDATE, "Zoé Lefèvre")

    def _payer(self, mandate, name, **values):
        (made,) = self.sandbox.seed(
            [
                {"name": name, "iban": IBAN, "mandate_id": mandate, "reference": f"RUM-{mandate}"}
                | values
            ]
        )
        return made

    def _posts(self):
        return self.sandbox.requests("POST", "/payments")


class ClientCase(SandboxMixin, BaseCase):
    """The client alone, against the stand-in, without a database."""

    def setUp(self):
        super().setUp()
        self.client = GoCardlessClient(self.sandbox.token, self.sandbox.url, timeouts=(2, 1))
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
    """A company with books and a GoCardless account at the stand-in."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=SUPERUSER_ID, context={"tracking_disable": True})
        cls.euro = cls.env.ref("base.EUR")
        cls.company = cls.company_data["company"].with_env(cls.env)
        cls.env["ir.config_parameter"].set_param("payment_gocardless.api_base_url", cls.sandbox.url)
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "GoCardless of the tests",
                "code": "gocardless",
                "company_id": cls.company.id,
                "state": "test",
                "gocardless_access_token": cls.sandbox.token,
                "gocardless_webhook_secret": SECRET,
            }
        )
        cls.client = cls.partner_a.with_env(cls.env)

    def _mandate(self, ref=MANDATE, partner=None):
        (mandate,) = self.env["payment.mandate"]._register_existing(
            [
                {
                    "name": f"RUM-{ref}",
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
        """The bank reaches the day; what GoCardless says about it is polled and applied."""
        self.sandbox.advance(day)
        self._hear(self.sandbox.events())
        self.env["payment.event"]._apply_received(day)

    def _hear(self, events):
        """Take in a notification, through the signature."""
        raw = body(events[-250:])
        checked = self.provider._event_verify(raw, {"Webhook-Signature": sign(raw)})
        self.env["payment.event"]._receive(self.provider, checked, "webhook")

    def _alerts(self, record):
        return self.env["payment.alert"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        )
