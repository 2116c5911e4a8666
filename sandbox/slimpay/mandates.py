"""Mandates: signed in a checkout or imported, amended, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .const import CORE
from .errors import invalid, refused
from .state import Mandate, Row

if TYPE_CHECKING:
    from .engine import Engine

SEQUENCES = ("FRST", "RCUR", "OOFF")


class Mandates:
    """Creates mandates and moves them through their states."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def find(self, reference: str) -> Mandate | None:
        """The mandate of this RUM."""
        return next(iter(self.engine.state.mandates.where("reference", reference)), None)

    def check_free(self, reference: str) -> None:
        """ApiError 400 when the RUM is taken."""
        if self.find(reference):
            raise invalid("reference", "a mandate with this reference exists")

    def new_reference(self) -> str:
        """The next RUM of SlimPay's."""
        while True:
            reference = f"SLMP{self.engine.world.ids.number('rum'):09d}"
            if not self.find(reference):
                return reference

    def create(self, subscriber: Row, values: dict, account: dict, **options) -> Mandate:
        """A mandate, active unless it has to wait for its reference or ``state`` says otherwise.

        ``values``: reference?, paymentScheme?, createSequenceType?, signatory.
        ``options``: id, state, signed (a date of the API), auto_reference, channel.
        """
        engine, now = self.engine, self.engine.now()
        reference = values.get("reference")
        if reference is None and options.get("auto_reference", True):
            reference = self.new_reference()
        sequence = values.get("createSequenceType", "RCUR")
        doc = {
            "id": options.get("id") or engine.new_id(),
            "reference": reference,
            "rum": reference,
            "state": options.get("state") or ("active" if reference else "waitingForReference"),
            "standard": "SEPA",
            "paymentScheme": values.get("paymentScheme", CORE),
            "createSequenceType": sequence,
            "sequenceType": "OOFF" if sequence == "OOFF" else "RCUR",
            "initialScore": 2,
            "dateCreated": now,
            "dateSigned": options.get("signed") or now,
            "creationChannel": "SEPA",
        }
        row = Mandate(doc, subscriber.id, values["signatory"], [account])
        row.payer = self.payer_keys(row)
        engine.state.mandates.add(row)
        engine.note("mandates", row, "created")
        return row

    @staticmethod
    def payer_keys(row: Mandate) -> list[tuple[str, str]]:
        """Under which keys outcome rules may name this payer, most specific first."""
        signatory = row.signatory
        given, family = signatory.get("givenName"), signatory.get("familyName")
        full = " ".join(filter(None, (given, family)))
        names = [signatory.get("companyName"), full, given, family]
        return [
            ("mandate", row.id),
            *([("mandate", row.reference)] if row.reference else []),
            ("iban", row.account["iban"]),
            ("customer", row.subscriber),
            *(("customer_name", name) for name in names if name),
        ]

    def give_reference(self, row: Mandate, reference: str) -> None:
        """Name a mandate that waited for its reference; it is active now."""
        self.check_free(reference)
        self.engine.state.mandates.rename(row, reference)
        row.doc.update(rum=reference, state="active")
        row.payer = self.payer_keys(row)

    def amend(self, row: Mandate, account: dict) -> dict:
        """Debit another bank account under the same reference."""
        if row.doc["state"] != "active":
            raise refused(f"Mandate is {row.doc['state']}")
        row.accounts.append(account)
        row.payer = self.payer_keys(row)
        self.engine.note("mandates", row, "amended")
        return account

    def end(self, row: Mandate, state: str) -> None:
        """Revoked, expired or rejected; ValueError when the mandate is not active."""
        if row.doc["state"] != "active":
            raise ValueError(f"mandate {row.id} is {row.doc['state']}")
        row.doc["state"] = state
        if state == "revoked":
            row.doc["dateRevoked"] = self.engine.now()
        self.engine.note("mandates", row, state)
