import hashlib
import hmac
import json
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from odoo import SUPERUSER_ID, Command
from odoo.tests import BaseCase

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_slimpay import const
from odoo.addons.payment_slimpay.client import SlimPayClient

from sandbox.testing import running

MONDAY = date(2026, 3, 2)
CHARGE_DAY = date(2026, 3, 11)  # a Wednesday, late enough to be cancelled before
LONG_AGO = datetime(2026, 1, 1)
SECRET = "endpoint-secret-1"
IBAN = "FR7630006000011234567890189"
MANDATE = "RUM-0001"
UUID = "7d5a0000-0000-4000-8000-000000000002"


def sign(raw, secret=SECRET, moment=None):
    """Return the signature of a webhook's body."""
    moment = int(time.time() * 1000) if moment is None else moment
    digest = hmac.new(secret.encode(), f"{moment}:".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def event(number=1, **values):
    """Return the body of a webhook as SlimPay sends it."""
    document = {
        "Id": f"0b9f7c1e-0000-4000-8000-{number:012}",
        "version": "1",
        "createdAt": 1773306000000,
        "eventType": "payment_slimcollectpay.update",
        "data": {"uuid": UUID, "status": "PROCESSING", "code": 10001, "statusMessage": "x"},
        **values,
    }
    return json.dumps(document).encode()


@contextmanager
def answering(status, content, content_type="application/json", seen=None):
    """Serve a good token and entry point, and one canned answer to all the rest.

    :param seen: list that gets the path of each request.
    :return: the address.
    """

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            if seen is not None:
                seen.append(self.path)
            if self.path == "/oauth/token":
                return self.send(200, b'{"access_token": "canned", "expires_in": 998}')
            if self.path == "/":
                return self.send(200, json.dumps({"_links": entry(self.headers["host"])}).encode())
            return self.send(status, content)

        def send(self, status, content):
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *_arguments):
            """The test's output is no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def entry(host):
    """Return the links of an entry point, with what the client asks for."""
    query = (
        "{?creditorReference,reference,id,state,executionStatus,scheme,dateCreatedAfter,page,size}"
    )
    paths = {
        "create-orders": "/orders",
        "create-payins": "/payments/in",
        "search-payment-by-id": "/payments/{id}",
        "get-orders": f"/orders{query}",
        "get-mandates": f"/mandates{query}",
        "get-creditors": "/creditors{?reference}",
        **{
            f"search-{name}": f"/{name}{query}"
            for name in ("payments", "payment-issues", "mandates")
        },
    }
    return {const.RELATION + name: {"href": f"http://{host}{path}"} for name, path in paths.items()}


class SandboxMixin:
    """One stand-in for the class, emptied for each test, with one payer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.sandbox = stack.enter_context(running("slimpay", start_date=MONDAY))
        cls.app = cls.sandbox.credentials

    def setUp(self):
        super().setUp()
        self.sandbox.reset(MONDAY)
        self._payer(MANDATE, "Zoé Lefèvre")

    def _payer(self, mandate, name, **values):
        (made,) = self.sandbox.seed([{"name": name, "iban": IBAN, "reference": mandate} | values])
        return made

    def _requests(self, method, *fragments):
        """Requests of a method whose path holds all fragments, those with a dead token aside."""
        return [
            request
            for request in self.sandbox.requests(method)
            if all(part in request["path"] for part in fragments) and request["status"] != 401
        ]

    def _posts(self):
        return self._requests("POST", "/payments/in")

    def _issues(self):
        return self.sandbox.read("tables/payment_issues")


class ClientCase(SandboxMixin, BaseCase):
    """The client alone, against the stand-in, without a database."""

    def setUp(self):
        super().setUp()
        self.client = self._client()
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

    def _client(self, **values):
        keys = {**self.app, "base_url": self.sandbox.url, "timeouts": (2, 1)} | values
        return SlimPayClient(**keys)

    def _order(self, **values):
        return replace(self.order, **values)

    def _sent(self, plan="paid", until=None):
        self.sandbox.plan("any", plan)
        ref = self.client.send(self.order).ref
        self.sandbox.advance(until or CHARGE_DAY)
        return ref


class FlowCase(SandboxMixin, AccountTestInvoicingCommon):
    """A company with books and a SlimPay account at the stand-in."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=SUPERUSER_ID, context={"tracking_disable": True})
        cls.euro = cls.env.ref("base.EUR")
        cls.company = cls.company_data["company"].with_env(cls.env)
        cls.env["ir.config_parameter"].set_param("payment_slimpay.api_base_url", cls.sandbox.url)
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "SlimPay of the tests",
                "code": "slimpay",
                "company_id": cls.company.id,
                "state": "test",
                "creditor_identifier": "FR72ZZZ123456",
                "slimpay_app_name": cls.app["app_name"],
                "slimpay_app_secret": cls.app["app_secret"],
                "slimpay_creditor_reference": cls.app["creditor"],
                "slimpay_webhook_secret": SECRET,
            }
        )
        cls.client = cls.partner_a.with_env(cls.env)

    def _mandate(self, ref=MANDATE, partner=None):
        (mandate,) = self.env["payment.mandate"]._register_existing(
            [
                {
                    "name": MANDATE,
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
                    "reference": f"DEBIT/{start + number}",
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
        """Find unknown outcomes out, long after they left."""
        morning = datetime(2026, 3, 2, 9)
        debits._state_writer().write({"debit_sent_at": morning, "debit_last_sent_at": morning})
        with self._committing(debits) as model:
            model._debit_resolve_unknown(MONDAY, everything=True, domain=[("id", "in", debits.ids)])

    def _poll(self, day):
        """What the crons do: read the issues, acknowledge them, apply them."""
        others = self.env["payment.provider"].search([("id", "!=", self.provider.id)])
        others.filtered(lambda provider: provider.state != "disabled").state = "disabled"
        with self._committing(self.env["payment.event"]) as inbox:
            inbox._cron_poll(datetime.combine(day, datetime.min.time()))
        self.env["payment.event"]._apply_received(day)

    def _days_until(self, day, *debits):
        """The bank reaches the day; what became of the debits is read, then the issues."""
        self.sandbox.advance(day)
        for debit in debits:
            debit._debit_refresh(day)
        self._poll(day)

    def _alerts(self, record):
        return self.env["payment.alert"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        )
