import hashlib
import hmac
import json
import time
from contextlib import contextmanager
from datetime import date

import requests

from odoo.addons.payment_direct_debit.pure import sepa_text
from odoo.addons.payment_direct_debit.tests.hostile.servers import serving
from odoo.addons.payment_direct_debit.tests.hostile.world import World
from odoo.addons.payment_slimpay import const, payloads
from odoo.addons.payment_slimpay.client import SlimPayClient

UUID = "7d5a0000-0000-4000-8000-000000000002"
ACCEPT = {"Accept": 'application/hal+json; profile="https://api.slimpay.net/alps/v1"'}


def sign(raw, secret, moment=None):
    """Return the signature of a webhook's body; `moment` in milliseconds, now unless told."""
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


class SlimPay(World):
    """What the hostile table has to know of SlimPay."""

    stand_in = code = "slimpay"
    address_parameter = "payment_slimpay.api_base_url"
    MANDATE = "RUM-0001"
    OTHER_MANDATE = "RUM-0002"
    UNKNOWN_REF = UUID
    SECRET = "endpoint-secret-1"
    SECRET_FIELD = "debit_webhook_secret"
    WRONG_CREDENTIALS = {"slimpay_app_secret": "wrong"}
    SEND = {"method": "POST", "path": "^/payments/in$"}
    COLLECTED_DAY = FAILED_DAY = date(2026, 3, 11)
    RETURNED_DAY = date(2026, 5, 4)
    # SlimPay does not end a mandate by itself: the engine keeps it from being used.
    MANDATE_AFTER_CLOSED_ACCOUNT = "suspended"
    PAID_OUT_DAY = date(2026, 3, 20)
    PAYS_OUT = False  # its interface has transfers, but nothing that says what is in one

    @classmethod
    def provider_values(cls):
        app = cls.sandbox.credentials
        return {
            "creditor_identifier": "FR72ZZZ123456",
            "slimpay_app_name": app["app_name"],
            "slimpay_app_secret": app["app_secret"],
            "slimpay_creditor_reference": app["creditor"],
            "debit_webhook_secret": cls.SECRET,
        }

    @classmethod
    def all_secrets(cls):
        """The names of the app and of the creditor are none; a token begins with `eyJ`."""
        return [cls.SECRET, cls.sandbox.credentials["app_secret"], "eyJ"]

    def prepare(self):
        """Signed webhooks tell of debits on some accounts only."""
        self.sandbox.control("settings", classic_webhooks=True)

    def payer_values(self, mandate, name, iban):
        return {"name": name, "iban": iban, "reference": mandate}

    def mandate_name(self, mandate):
        """Mandates are known by their references; an id of SlimPay's is that of the first one."""
        return mandate if mandate.startswith("RUM") else self.MANDATE

    def new_client(self, **values):
        keys = {**self.sandbox.credentials, "base_url": self.sandbox.url, "timeouts": (2, 1)}
        return SlimPayClient(**keys | values)

    def signed(self, raw, secret=None, age=0):
        secret = self.SECRET if secret is None else secret
        return {"Slimpay-Signature": sign(raw, secret, int((time.time() - age) * 1000))}

    def event(self, number, ref, unknown=False):
        kind = "spaceship_landed" if unknown else "payment_slimcollectpay.update"
        return event(number, eventType=kind, data={"uuid": ref, "status": "PROCESSED"})

    def bodies(self, events):
        return list(events)

    def unsigned(self):
        """Notifications of orders are unsigned by nature: they are taken, and never believed."""
        order = {"reference": "ORDER-1", "state": "closed.completed"}
        return [(event(), 400), (b"", 400), (json.dumps(order).encode(), 204)]

    def notified(self):
        """The signed webhooks: those of orders are not signed."""
        return [
            event(number, data=item["data"], eventType=item["topic"])
            for number, item in enumerate(self.sandbox.events())
            if "topic" in item
        ]

    def listen(self, url):
        """By a webhook configuration, whose secret SlimPay draws."""
        app, base = self.sandbox.credentials, self.sandbox.url
        token = requests.post(
            f"{base}/oauth/token",
            auth=(app["app_name"], app["app_secret"]),
            data={"grant_type": "client_credentials", "scope": "api"},
            timeout=5,
        ).json()["access_token"]
        made = requests.post(
            f"{base}/v1/webhook-configurations",
            headers={**ACCEPT, "Authorization": f"Bearer {token}"},
            json={
                "creditor": {"reference": app["creditor"]},
                "title": "Odoo",
                "url": url,
                "eventTypes": ["payment_slimcollectpay.update"],
            },
            timeout=5,
        ).json()
        self.provider.write({self.SECRET_FIELD: made["secret"]})

    def reference_there(self, row):
        return row["reference"]

    def reference_of(self, debit):
        return payloads.reference(debit._debit_order())

    def cents_there(self, row):
        """SlimPay takes decimal text."""
        units, cents = row["amount"].split(".")
        return int(units) * 100 + int(cents)

    def label_there(self, row):
        return row["label"]

    def label_of(self, text):
        """SlimPay takes the characters of SEPA only."""
        return sepa_text.sepa_text(text, const.LABEL_SIZE)

    def name_of(self, text):
        """SlimPay refuses digits and a few signs in names."""
        return text.replace("2", "").replace("@", "")

    def money_is_there(self, row):
        return row["executionStatus"] == "processed"

    def sign_page(self, url, iban):
        self.sandbox.sign(url, iban=iban)

    def names_asked(self):
        (request,) = self._requests("POST", "^/orders$")
        signatory = request["body"]["items"][0]["mandate"]["signatory"]
        return f"{signatory['givenName']} {signatory['familyName']}"


@contextmanager
def answering(status, content, content_type="application/json", seen=None):
    """Serve a good token and entry point, and one canned answer to all the rest.

    :param seen: list that gets the path of each request.
    :return: the address.
    """
    json_type = {"content-type": "application/json"}

    def answer(_method, path, headers, _body):
        if seen is not None:
            seen.append(path)
        if path == "/oauth/token":
            return 200, json_type, b'{"access_token": "canned", "expires_in": 998}'
        if path == "/":
            return 200, json_type, json.dumps({"_links": entry(headers["host"])}).encode()
        return status, {"content-type": content_type}, content

    with serving(answer) as url:
        yield url


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
