"""The signed mandate as a PDF of one page."""

from sandbox.core.pdf import page_of

from .const import CREDITOR
from .state import Mandate


def mandate_pdf(row: Mandate) -> bytes:
    """A readable document: who signed what and when."""
    signatory = row.signatory
    names = (signatory.get("companyName"), signatory.get("givenName"), signatory.get("familyName"))
    lines = [
        "Mandat de prelevement SEPA",
        f"Reference : {row.reference or ''}",
        f"Creancier : {CREDITOR}",
        f"Debiteur : {' '.join(filter(None, names))}",
        f"IBAN : {row.account['iban']}",
        f"Signe le : {row.doc['dateSigned'][:10]}",
    ]
    return page_of(lines)
