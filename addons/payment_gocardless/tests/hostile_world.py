import hashlib
import hmac
import json
from datetime import date

from odoo.addons.payment_direct_debit.tests.hostile.world import World
from odoo.addons.payment_gocardless.client import GoCardlessClient


def sign(raw, secret):
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


class GoCardless(World):
    """What the hostile table has to know of GoCardless."""

    stand_in = code = "gocardless"
    address_parameter = "payment_gocardless.api_base_url"
    MANDATE = "MD0000ABC"
    OTHER_MANDATE = "MD0000DEF"
    UNKNOWN_REF = "PM999999"
    SECRET = "endpoint-secret-1"
    SECRET_FIELD = "debit_webhook_secret"
    WRONG_CREDENTIALS = {"gocardless_access_token": "sandbox_readonly"}
    SEND = {"method": "POST", "path": "^/payments$"}
    COLLECTED_DAY = FAILED_DAY = date(2026, 3, 12)
    RETURNED_DAY = date(2026, 5, 4)
    PAID_OUT_DAY = date(2026, 3, 18)
    LEAST_CENTS = 100  # GoCardless' own limit
    BAD_SIGNATURE = 498  # GoCardless' own status
    EVENTS_IN_ONE = 250
    SIGNATURES_AGE = False  # only the body is signed

    @classmethod
    def provider_values(cls):
        return {
            "gocardless_access_token": cls.sandbox.token,
            "debit_webhook_secret": cls.SECRET,
        }

    def allow_large_debits(self):
        result = super().allow_large_debits()
        self.sandbox.control("settings", max_amount=2_000_000)
        return result

    def new_client(self, **values):
        keys = {"token": self.sandbox.token, "base_url": self.sandbox.url, "timeouts": (2, 1)}
        return GoCardlessClient(**keys | values)

    def signed(self, raw, secret=None, age=0):
        return {"Webhook-Signature": sign(raw, self.SECRET if secret is None else secret)}

    def event(self, number, ref, unknown=False):
        if unknown:
            return event(number, "spaceships", "landed", links={"payment": ref})
        return event(number, links={"payment": ref})

    def bodies(self, events):
        return [body(events[start : start + 250]) for start in range(0, len(events), 250)]

    def unsigned(self):
        return [(body([event(1)]), self.BAD_SIGNATURE), (b"", self.BAD_SIGNATURE)]

    def money_is_there(self, row):
        return row["status"] in ("confirmed", "paid_out")

    def sign_page(self, url, iban):
        self.sandbox.sign(url, given_name="Zoé", family_name="Lefèvre", iban=iban)

    def names_asked(self):
        (request,) = self._requests("POST", "/billing_request_flows$")
        customer = request["body"]["billing_request_flows"]["prefilled_customer"]
        return f"{customer['given_name']} {customer['family_name']}"
