import json
import time
from datetime import date
from urllib.parse import parse_qs

import stripe

from odoo.addons.payment_direct_debit.tests.hostile.world import World
from odoo.addons.payment_stripe_sepa import const
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient


def sign(raw, secret, moment=None):
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


class Stripe(World):
    """What the hostile table has to know of Stripe."""

    stand_in, code = "stripe", "stripe_sepa"
    address_parameter = "payment_stripe_sepa.api_base_url"
    MANDATE = "mandate_abc"
    OTHER_MANDATE = "mandate_def"
    UNKNOWN_REF = "pi_999999"
    SECRET = "whsec_of_the_tests"
    SECRET_FIELD = "debit_webhook_secret"
    WRONG_CREDENTIALS = {"stripe_sepa_secret_key": "rk_test_sandbox_readonly"}
    SEND = {"method": "POST", "path": "^/v1/payment_intents$"}
    FAILED_DAY, COLLECTED_DAY = date(2026, 3, 16), date(2026, 3, 18)
    RETURNED_DAY = date(2026, 4, 13)
    PAID_OUT_DAY = date(2026, 3, 23)
    LEAST_CENTS = 50  # Stripe's own limit
    BAD_SIGNATURE = 400

    @classmethod
    def provider_values(cls):
        return {
            "stripe_sepa_secret_key": cls.sandbox.token,
            "debit_webhook_secret": cls.SECRET,
        }

    def mandate_name(self, mandate):
        return mandate.upper().replace("_", "-")

    def new_client(self, **values):
        keys = {"token": self.sandbox.token, "base_url": self.sandbox.url, "timeouts": (2, 1)}
        return StripeSepaClient(**keys | values)

    def signed(self, raw, secret=None, age=0):
        secret = self.SECRET if secret is None else secret
        return {"Stripe-Signature": sign(raw, secret, int(time.time()) - age)}

    def event(self, number, ref, unknown=False):
        kind = "spaceship.landed" if unknown else "payment_intent.succeeded"
        return event(number, kind, {"id": ref})

    def bodies(self, events):
        return [body(item) for item in events]

    def unsigned(self):
        return [(body(event(1)), self.BAD_SIGNATURE), (b"", self.BAD_SIGNATURE)]

    def money_is_there(self, row):
        disputes = self.sandbox.read("tables/disputes", payment_intent=row["id"])
        return row["status"] == "succeeded" and all(item["status"] == "won" for item in disputes)

    def sign_page(self, url, iban):
        self.sandbox.sign(url, name="Zoé Lefèvre", email="zoe@example.com", iban=iban)

    def names_asked(self):
        (request,) = self._requests("POST", "^/v1/customers$")
        return parse_qs(request["body"])["name"][0]
