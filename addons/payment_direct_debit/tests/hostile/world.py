"""What a provider's addon tells the table about itself, and its stand-in."""

import re
from contextlib import ExitStack
from datetime import date

from sandbox.testing import running

MONDAY = date(2026, 3, 2)
CHARGE_DAY = date(2026, 3, 11)  # a Wednesday, later than every provider's notice
IBAN = "FR7630006000011234567890189"


class StandIn:
    """One stand-in for the class, emptied for each test, with one payer."""

    stand_in = None  # its name in `sandbox.testing`
    MANDATE = None  # the payer's mandate, as the engine names it at the provider

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.sandbox = stack.enter_context(running(cls.stand_in, start_date=MONDAY))

    def setUp(self):
        super().setUp()
        self.sandbox.reset(MONDAY)
        self._payer(self.MANDATE, "Zoé Lefèvre")

    def _payer(self, mandate, name, iban=IBAN, **values):
        """Make a payer with an active mandate at the stand-in."""
        (made,) = self.sandbox.seed([self.payer_values(mandate, name, iban) | values])
        return made

    def _posts(self):
        """The requests for a debit that the stand-in received."""
        return self._requests(self.SEND["method"], self.SEND["path"])

    def _requests(self, method, pattern):
        """The requests of a method that the stand-in received, by a pattern of their paths."""
        return [
            request
            for request in self.sandbox.requests(method)
            if re.search(pattern, request["path"])
        ]

    def payer_values(self, mandate, name, iban):
        """Return what the stand-in wants to know of a payer."""
        return {
            "name": name,
            "iban": iban,
            "mandate_id": mandate,
            "reference": self.mandate_name(mandate),
        }

    def mandate_name(self, mandate):
        """Return the reference (RUM) that the debtor's bank knows a mandate by."""
        return f"RUM-{mandate}"


class World(StandIn):
    """The seam of the table: everything that differs from one provider to the next.

    Where a row can not exist for a provider, an attribute here says so with the reason, and the
    row asserts the nearest rule that is true. Beside what stands here, a provider gives:

    - `provider_values()` (of the class): the credentials of the account at the stand-in, as values
      of the payment.provider; `WRONG_CREDENTIALS`: such values that the stand-in refuses;
    - `new_client(**values)`: its client at the stand-in, without Odoo's settings; `timeouts`,
      `base_url` and the credentials can be others;
    - `signed(raw, secret=SECRET, age=0)`: the headers of a notification signed so many seconds ago;
    - `event(number, ref, unknown=False)`: an event that says that the debit `ref` was collected,
      or one of a type that nobody has documented;
    - `bodies(events)`: the bodies of the notifications that carry these events;
    - `money_is_there(row)`: whether the stand-in holds the money of a payment, or has paid it out;
    - `sign_page(url, iban)`: fill in the page of a signature as the debtor does;
    - `names_asked()`: the debtor's name in the last signature that the stand-in was asked for;
    - `unsigned()`: bodies that nobody signed, each with the answer that it gets.
    """

    code = None  # of the payment.provider
    address_parameter = None  # the ir.config_parameter that leads to the stand-in
    SECRET = None  # of the webhooks
    SECRET_FIELD = None  # where the payment.provider has it
    PAID_OUT_DAY = None  # when that money is in our bank
    MANDATE, OTHER_MANDATE, UNKNOWN_REF = None, None, None  # of mandates, and of no debit at all
    SEND = {}  # method and path (a regular expression) of the request that makes a debit
    FAILED_DAY = None  # when the stand-in tells that a debit asked for CHARGE_DAY has failed
    COLLECTED_DAY = None  # when the stand-in has collected what was asked for CHARGE_DAY
    RETURNED_DAY = None  # long enough after that for a late return
    LEAST_CENTS = 1  # smaller debits are not taken
    BAD_SIGNATURE = 403  # what a forged notification is answered
    PAYS_OUT = True  # tells what its payouts are made of
    EVENTS_IN_ONE = 1  # how many events one notification carries
    SIGNATURES_AGE = True  # the moment of the signature is signed too
    FOREIGN = "FOREIGN-1"  # reference of a payment that somebody else makes in the account
    MANDATE_AFTER_CLOSED_ACCOUNT = "cancelled"  # what becomes of it

    @classmethod
    def all_secrets(cls):
        """Return every text that may stand in no log."""
        return [cls.SECRET, *cls.sandbox.credentials.values()]

    def prepare(self):
        """Settings of the stand-in that the table needs; none by default."""

    def allow_large_debits(self):
        """Have debits of up to 20 000 euros taken."""
        self.provider.debit_max_amount = 20_000

    # === NOTIFICATIONS === #

    def notified(self):
        """Return the events that the stand-in has raised so far, as it sends them."""
        return self.sandbox.events()

    def listen(self, url):
        """Have the stand-in notify `url`, signed with the secret that the provider has."""
        self.sandbox.listen(url, self.SECRET)

    # === WHAT STANDS AT THE PROVIDER === #

    def reference_there(self, row):
        """Return by which reference a payment of the stand-in can be told."""
        return row["metadata"].get("odoo_ref")

    def reference_of(self, debit):
        """Return the same for a debit of ours."""
        return debit.reference

    def cents_there(self, row):
        """Return the amount of a payment of the stand-in, in cents."""
        return row["amount"]

    def label_there(self, row):
        """Return what the debtor is told about a payment of the stand-in."""
        return row["description"]

    def label_of(self, text):
        """Return what the debtor is to be told, by the provider's rules."""
        return text

    def name_of(self, text):
        """Return the name that is to be asked for, by the provider's rules."""
        return text
