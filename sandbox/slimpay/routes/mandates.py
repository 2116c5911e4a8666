"""Mandates."""

import base64

from stdnum import iban as stdnum_iban

from ..const import CREDITOR, DEBIT_SCHEMES, MANDATE_STATES, OUTSIDE_EEA
from ..dates import day_of
from ..documents import mandate_pdf
from ..errors import bad_query, incomplete, invalid, not_found, refused
from ..http import Call, Operation, check_creditor
from ..mandates import SEQUENCES
from ..paging import Listing, collection, with_links
from ..schema import (
    BANK_ACCOUNT,
    REFERENCE,
    SIGNATORY,
    SUBSCRIBER,
    Field,
    Schema,
    check_french_postal_code,
    moment,
    one_of,
)
from ..schema import (
    CREDITOR as CREDITOR_SCHEMA,
)
from ..state import Mandate

EMPTY = Schema()
IMPORT = Schema(
    "creditor subscriber reference paymentScheme dateSigned signatory",
    creditor=CREDITOR_SCHEMA,
    subscriber=SUBSCRIBER,
    reference=REFERENCE,
    standard=Field(one_of("SEPA")),
    paymentScheme=Field(one_of(*DEBIT_SCHEMES)),
    dateSigned=Field(moment),
    createSequenceType=Field(one_of(*SEQUENCES)),
    signatory=SIGNATORY,
)
PATCH = Schema("reference", reference=REFERENCE)
GET_ONE = {"creditorReference", "reference", "rum", "id", "paymentScheme"}


def signatory_reader(name: str):
    """How a filter reads the signatory."""
    return lambda row: row.signatory.get(name)


LISTING = Listing(
    relation="search-mandates",
    name="mandates",
    view=lambda call, row: call.views.mandate(row),
    equal={
        "entityReference": lambda row: None,
        "mandateReference": lambda row: row.reference,
        "paymentScheme": lambda row: row.doc["paymentScheme"],
        "creationChannel": lambda row: row.doc["creationChannel"],
        "state": lambda row: row.doc["state"],
        "iban": lambda row: row.account["iban"],
        "signatoryLastName": signatory_reader("familyName"),
        "signatoryEmail": signatory_reader("email"),
        "companyName": signatory_reader("companyName"),
    },
    dates={"dateSigned": lambda row: row.doc["dateSigned"]},
    allowed={"state": MANDATE_STATES, "paymentScheme": DEBIT_SCHEMES},
)


def find(call: Call) -> Mandate:
    """The mandate of the path."""
    row = call.engine.state.mandates.get(call.path["id"])
    if row is None:
        raise not_found("Mandate not found")
    return row


def import_mandate(call: Call) -> dict:
    """POST /mandates: a mandate signed elsewhere, for accounts that may."""
    engine = call.engine
    if not engine.settings.mandate_import:
        raise refused("Mandate import is not enabled for this creditor", 403)
    values = IMPORT.clean(call.data, call.strict)
    check_creditor(values["creditor"])
    engine.mandates.check_free(values["reference"])
    signatory = dict(values["signatory"])
    check_french_postal_code(signatory)
    account = signatory.pop("bankAccount", None)
    if account is None:
        raise incomplete("bankAccount")
    country = stdnum_iban.compact(account["iban"])[:2]
    if country in OUTSIDE_EEA and "billingAddress" not in signatory:
        raise incomplete("billingAddress")
    if day_of(values["dateSigned"]) > engine.world.clock.today:
        raise invalid("dateSigned", "in the future")
    subscriber = engine.subscriber(values["subscriber"])
    values["signatory"] = signatory
    row = engine.mandates.create(
        subscriber,
        values,
        engine.bank_account(account["iban"], account.get("bic")),
        signed=values["dateSigned"],
    )
    return call.views.mandate(row)


def read_mandates(call: Call) -> dict:
    """One mandate (get-mandates), else a collection (search-mandates)."""
    query, state = call.query, call.engine.state
    reference = query.get("reference") or query.get("rum")
    if set(query) <= GET_ONE and ("id" in query or reference):
        if "creditorReference" in query or "id" not in query:
            call.own_creditor()
        row = state.mandates.get(query["id"]) if "id" in query else None
        row = row or call.engine.mandates.find(reference)
        if (
            row is None
            or query.get("paymentScheme", row.doc["paymentScheme"]) != (row.doc["paymentScheme"])
        ):
            raise not_found("Mandate not found")
        return call.views.mandate(row)
    if not query:
        raise bad_query("missing query parameters creditorReference and/or rum")
    call.own_creditor()
    if "subscriberReference" in query:
        rows = state.mandates.where("subscriber", query["subscriberReference"])
    else:
        rows = state.mandates.rows
    return LISTING.answer(call, rows)


def get_mandate(call: Call) -> dict:
    """GET /mandates/{id}."""
    return call.views.mandate(find(call))


def patch_mandate(call: Call) -> dict:
    """PATCH /mandates/{id}: the reference that was left open."""
    row = find(call)
    if row.status != "waitingForReference":
        raise refused(f"Mandate is {row.status}")
    call.engine.mandates.give_reference(row, PATCH.clean(call.data, call.strict)["reference"])
    return call.views.mandate(row)


def revoke(call: Call) -> dict:
    """POST /mandates/{id}/revocation."""
    row = find(call)
    EMPTY.clean(call.data, call.strict)
    if row.status != "active":
        raise refused(f"Mandate is {row.status}")
    call.engine.mandates.end(row, "revoked")
    return call.views.mandate(row)


def get_signatory(call: Call) -> dict:
    """GET /mandates/{id}/signatory."""
    row = find(call)
    return call.views.show(row.signatory, f"/mandates/{row.id}/signatory")


def get_document(call: Call) -> dict:
    """The PDF in base64 inside JSON."""
    row = find(call)
    content = base64.b64encode(mandate_pdf(row)).decode()
    doc = {"contentType": "application/pdf", "contentEncoding": "base64", "content": content}
    return call.views.show(doc, f"/mandates/{row.id}/document")


def get_bank_account(call: Call) -> dict:
    """GET /mandates/{id}/bank-account: the current one."""
    row = find(call)
    return call.views.bank_account(row.account, row.id)


def amend(call: Call) -> dict:
    """POST /mandates/{id}/bank-accounts: another account under the same reference."""
    row = find(call)
    values = BANK_ACCOUNT.clean(call.data, call.strict)
    account = call.engine.bank_account(values["iban"], values.get("bic"))
    return call.views.bank_account(call.engine.mandates.amend(row, account), row.id)


def history(call: Call) -> dict:
    """GET /mandates/{id}/bank-accounts: all accounts, the oldest first."""
    row = find(call)
    page = collection(
        call, row.accounts, "bankAccounts", lambda doc: call.views.bank_account(doc, row.id)
    )
    path = f"/mandates/{row.id}/bank-accounts"
    return with_links(call, page, path, path + "{?page,size}", len(row.accounts))


def search_bank_account(call: Call) -> dict:
    """GET /bank-accounts?id=."""
    wanted = call.query.get("id")
    if wanted is None:
        raise bad_query("missing query parameters id")
    for row in call.engine.state.mandates.rows:
        for account in row.accounts:
            if account["id"] == wanted:
                return call.views.bank_account(account, row.id)
    raise not_found("Bank account not found")


def creditor_account(call: Call) -> dict:
    """The account of the creditor, as payments show it."""
    doc = {"id": f"account-of-{CREDITOR}", "institutionName": "SLIMPAY", "bic": "SLMPFRP1XXX"}
    return call.views.bank_account(doc, None)


OPERATIONS = [
    Operation("POST", "/mandates", import_mandate, creates=True),
    Operation("GET", "/mandates", read_mandates),
    Operation("GET", "/mandates/{id}", get_mandate),
    Operation("PATCH", "/mandates/{id}", patch_mandate),
    Operation("POST", "/mandates/{id}/revocation", revoke, bodiless=True),
    Operation("GET", "/mandates/{id}/signatory", get_signatory),
    Operation("GET", "/mandates/{id}/document", get_document),
    Operation("GET", "/mandates/{id}/bank-account", get_bank_account),
    Operation("POST", "/mandates/{id}/bank-accounts", amend, creates=True),
    Operation("GET", "/mandates/{id}/bank-accounts", history, query=("page", "size")),
    Operation("GET", "/bank-accounts", search_bank_account),
]
