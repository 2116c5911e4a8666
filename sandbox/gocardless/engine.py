"""The merchant account: its tables, its settings and the lives of its resources."""

import unicodedata

from stdnum import iban as stdnum_iban

from sandbox.core.calendar import shift
from sandbox.core.world import World

from .billing import Billing
from .const import CURRENCY, LIVE_MANDATES, SCHEME
from .events import Events
from .mandates import Mandates
from .payments import Payments
from .refunds import Refunds
from .settings import Settings
from .state import BankAccount, Mandate, Row, State
from .treasury import Totals, Treasury

BANKS = {
    "30003": "SOCIETE GENERALE",
    "30004": "BNP PARIBAS",
    "20041": "LA BANQUE POSTALE",
    "30002": "CREDIT LYONNAIS",
}
CUSTOMER_FIELDS = (
    "given_name",
    "family_name",
    "company_name",
    "email",
    "phone_number",
    "language",
    "address_line1",
    "address_line2",
    "address_line3",
    "city",
    "region",
    "postal_code",
    "country_code",
    "danish_identity_number",
    "swedish_identity_number",
)


class Engine:
    """One sandbox merchant, created empty."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.settings = settings
        self.state = State()
        self.totals = Totals()
        self.events = Events(world, self.state)
        self.mandates = Mandates(self)
        self.payments = Payments(self)
        self.refunds = Refunds(self)
        self.billing = Billing(self)
        self.treasury = Treasury(self)
        self.creditor = self.state.creditors.add(Row(self._creditor()))

    def _creditor(self) -> dict:
        ids, now = self.world.ids, self.world.clock.now()
        return {
            "id": ids.new("CR"),
            "created_at": now,
            "name": "Vision Bac à sable",
            "address_line1": "1 rue de la Paix",
            "address_line2": None,
            "address_line3": None,
            "city": "Paris",
            "region": None,
            "postal_code": "75002",
            "country_code": "FR",
            "creditor_type": "company",
            "logo_url": None,
            "verification_status": "successful",
            "fx_payout_currency": CURRENCY,
            "bank_reference_prefix": None,
            "mandate_imports_enabled": False,
            "merchant_responsible_for_notifications": False,
            "scheme_identifiers": [self._scheme_identifier(ids.new("SU"), now)],
            "links": {"default_eur_payout_account": ids.new("BA")},
        }

    @staticmethod
    def _scheme_identifier(identity: str, now: str) -> dict:
        return {
            "id": identity,
            "name": "Vision Bac à sable",
            "scheme": SCHEME,
            "reference": "FR72ZZZ123456",
            "currency": CURRENCY,
            "status": "active",
            "address_line1": "1 rue de la Paix",
            "city": "Paris",
            "postal_code": "75002",
            "country_code": "FR",
            "email": "contact@example.com",
            "phone_number": "+33 1 00 00 00 00",
            "created_at": now,
        }

    def present_creditor(self, row: Row) -> dict:
        """The creditor, with the switches as they are set now."""
        settings = self.settings
        row.doc["can_create_refunds"] = settings.can_create_refunds
        row.doc["custom_payment_pages_enabled"] = settings.custom_pages
        for identifier in row.doc["scheme_identifiers"]:
            identifier["minimum_advance_notice"] = settings.minimum_advance_notice
            identifier["can_specify_mandate_reference"] = settings.can_specify_mandate_reference
        return row.doc

    def first_charge_date(self) -> str:
        """The earliest date on which a payment created now can be charged."""
        return shift(self.world.clock.today, self.settings.minimum_advance_notice).isoformat()

    @staticmethod
    def no_fx(currency: str) -> dict:
        """The exchange block of resources that are not exchanged."""
        return {
            "fx_currency": currency,
            "fx_amount": None,
            "exchange_rate": None,
            "estimated_exchange_rate": None,
        }

    def add_customer(self, values: dict) -> Row:
        """Create a customer from checked parameters."""
        doc = {"id": self.world.ids.new("CU"), "created_at": self.world.clock.now()}
        doc |= {name: values.get(name) for name in CUSTOMER_FIELDS}
        doc["language"] = doc["language"] or ("fr" if doc["country_code"] == "FR" else "en")
        doc["metadata"] = values.get("metadata", {})
        return self.state.customers.add(Row(doc))

    def find_bank_account(self, customer: Row, iban: str) -> BankAccount | None:
        """The customer's account with this IBAN."""
        iban = stdnum_iban.compact(iban)
        for account in self.state.customer_bank_accounts.linked("customer", customer.id):
            if account.iban == iban:
                return account
        return None

    def add_bank_account(self, customer: Row, iban: str, holder: str, metadata: dict):
        """Create a bank account; the holder's name is shown as banks see it."""
        iban = stdnum_iban.compact(iban)
        bank = iban[4:9]
        doc = {
            "id": self.world.ids.new("BA"),
            "created_at": self.world.clock.now(),
            "account_holder_name": bank_text(holder)[:18],
            "account_number_ending": iban[-2:],
            "account_type": None,
            "bank_account_token": None,
            "bank_name": BANKS.get(bank, f"BANK {bank}"),
            "country_code": iban[:2],
            "currency": CURRENCY,
            "enabled": True,
            "metadata": metadata,
            "links": {"customer": customer.id},
        }
        return self.state.customer_bank_accounts.add(BankAccount(doc, iban))

    def disable_bank_account(self, account: BankAccount) -> None:
        """Disable an account, which cancels its mandates."""
        account.doc["enabled"] = False
        for mandate in self.state.mandates.linked("customer_bank_account", account.id):
            if mandate.status in LIVE_MANDATES:
                self.mandates.cancel(mandate, "api", "bank_account_closed")

    @staticmethod
    def payer_keys(mandate: Mandate, customer: Row, account: BankAccount) -> list[tuple[str, str]]:
        """Under which keys outcome rules may name this payer, most specific first."""
        doc = customer.doc
        full = " ".join(filter(None, (doc["given_name"], doc["family_name"])))
        names = [doc["company_name"], full, doc["given_name"], doc["family_name"]]
        return [
            ("mandate", mandate.id),
            ("mandate", mandate.doc["reference"]),
            ("iban", account.iban),
            ("customer", customer.id),
            *(("customer_name", name) for name in names if name),
        ]


def bank_text(value: str) -> str:
    """``value`` without accents, in capitals."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    return plain.upper().strip()
