"""Helpers of the tests: a plain HAL client, payers, orders."""

import re

import requests

from sandbox.tests.common import iban

ACCEPT = 'application/hal+json; profile="https://api.slimpay.net/alps/v1"'
RELATION = "https://api.slimpay.net/alps#"
CORE = "SEPA.DIRECT_DEBIT.CORE"
IBAN = "FR1420041010050500013M02606"
BACK = {
    "successUrl": "http://merchant.example/ok",
    "failureUrl": "http://merchant.example/ko",
    "cancelUrl": "http://merchant.example/cancel",
}


class Client:
    """What a merchant's client does: one token, discovered links, no cookies kept."""

    def __init__(self, sandbox):
        self.url = sandbox.url
        self.credentials = sandbox.credentials
        self.creditor = {"reference": sandbox.credentials["creditor"]}
        self._session = requests.Session()
        self._session.trust_env = False
        self.token = self.authorise().json()["access_token"]

    def authorise(self, secret=None, data=None, headers=None):
        """The answer of the authorisation server."""
        return self._session.post(
            f"{self.url}/oauth/token",
            data={"grant_type": "client_credentials", "scope": "api"} if data is None else data,
            auth=(self.credentials["app_name"], secret or self.credentials["app_secret"]),
            headers={"Accept": "application/json", **(headers or {})},
            timeout=30,
        )

    def send(self, method, path, headers=None, **options):
        """The raw answer to a request with token and profile; ``path`` may be a link."""
        url = path if path.startswith("http") else self.url + path
        standard = {"Authorization": f"Bearer {self.token}", "Accept": ACCEPT}
        return self._session.request(
            method, url, headers=standard | (headers or {}), timeout=30, **options
        )

    def get(self, path, **query):
        """A document that must be there."""
        answer = self.send("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path, body=None):
        """The document that a POST answers."""
        answer = self.send("POST", path, json={} if body is None else body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def search(self, path, key, **query):
        """The embedded documents of one page."""
        query = {"creditorReference": self.creditor["reference"], **query}
        return self.get(path, **query).get("_embedded", {}).get(key, [])

    def refusal(self, method, path, **options):
        """(HTTP status, code, message) of a refusal."""
        answer = self.send(method, path, **options)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["code"], answer.json()["message"]


def href(document, relation):
    """The address of a relation, or None when it is not offered."""
    link = document["_links"].get(RELATION + relation)
    return link and link["href"]


def payer(sandbox, name="Successful Martin", number=1, **values):
    """The RUM of an active mandate of a new payer."""
    entry = {"name": name, "iban": iban(number), **values}
    return sandbox.seed([entry])[0]["reference"]


def debit(client, mandate, **values):
    """The body of a debit of 39.90 euros."""
    body = {
        "creditor": client.creditor,
        "mandate": {"reference": mandate},
        "reference": "C0004202601",
        "scheme": CORE,
        "amount": "39.90",
        "currency": "EUR",
        "label": "Contrat C00042 echeance 01/2026",
    }
    return {name: value for name, value in (body | values).items() if value is not ...}


def collect(client, mandate, **values):
    """A new debit."""
    return client.post("/payments/in", debit(client, mandate, **values))


def signatory(**values):
    """A person of Paris."""
    return {
        "honorificPrefix": "Mrs",
        "givenName": "Alice",
        "familyName": "Martin",
        "companyName": None,
        "email": "alice@example.org",
        "telephone": "+33600000000",
        "billingAddress": {
            "street1": "3 rue Fictive",
            "street2": None,
            "postalCode": "75008",
            "city": "Paris",
            "country": "FR",
        },
        **values,
    }


def sign_item(person=None, **mandate):
    """The item that signs a mandate."""
    return {
        "type": "signMandate",
        "action": "sign",
        "autoGenReference": True,
        "mandate": {
            "reference": None,
            "standard": "SEPA",
            "signatory": person or signatory(),
            **mandate,
        },
    }


def order(client, *items, **values):
    """The body of an order."""
    return {
        "started": True,
        "reference": "S00042-1",
        "locale": "fr",
        "paymentScheme": CORE,
        "creditor": client.creditor,
        "subscriber": {"reference": "RP000123"},
        "items": list(items) or [sign_item()],
        **BACK,
        **values,
    }


def signed(sandbox, client, *items, **values):
    """An order that the payer completed."""
    created = client.post("/orders", order(client, *items, **values))
    sandbox.sign(href(created, "user-approval"), iban=IBAN)
    return client.get(created["_links"]["self"]["href"])


def expand(template, **values):
    """An RFC 6570 template with its query filled by name."""
    names = re.search(r"\{\?([^}]*)\}", template)[1].split(",")
    assert set(values) <= set(names)
    query = "&".join(f"{name}={value}" for name, value in values.items())
    return re.sub(r"\{\?[^}]*\}", f"?{query}", template)
