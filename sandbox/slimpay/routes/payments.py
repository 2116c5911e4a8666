"""Debits and refunds."""

from ..const import CURRENCY, DEBIT_SCHEMES, EXECUTION_STATUSES, TRANSFER
from ..errors import ApiError, incomplete, not_found, refused
from ..http import Call, Operation, check_creditor
from ..money import parse_amount
from ..paging import Listing
from ..schema import BY_REFERENCE, CREDITOR, Field, Schema, anything, moment, one_of, text
from ..state import Mandate, Payment
from .issues import issues_of
from .items import DEBIT
from .mandates import creditor_account

PAYIN = Schema(
    "creditor amount currency scheme",
    creditor=CREDITOR,
    mandate=BY_REFERENCE,
    subscriber=BY_REFERENCE,
    **DEBIT,
)
PAYOUT = Schema(
    "creditor amount currency scheme",
    creditor=CREDITOR,
    mandate=BY_REFERENCE,
    subscriber=BY_REFERENCE,
    **{
        **DEBIT,
        "scheme": Field(one_of(TRANSFER)),
        "direction": Field(one_of("OUT")),
        "category": Field(one_of("refund")),
    },
)
PATCH = Schema(
    amount=Field(anything),
    executionDate=Field(moment),
    reference=Field(text(35)),
    label=Field(text(140)),
)
CANCEL = Schema(returnReasonCode=Field(text(4)))


def doc_reader(name: str):
    """How a filter reads a field of the document."""
    return lambda row: row.doc.get(name)


FIELDS = ("scheme", "direction", "reference", "category", "currency", "state", "executionStatus")
LISTING = Listing(
    relation="search-payments",
    name="payments",
    view=lambda call, row: call.views.payment(row),
    equal={
        **{name: doc_reader(name) for name in FIELDS},
        "entityReference": lambda row: None,
        "cardAliasReference": lambda row: None,
        "processor": lambda row: None,
        "subscriberReference": lambda row: row.subscriber,
    },
    dates={"executionDate": doc_reader("executionDate")},
    allowed={
        "executionStatus": EXECUTION_STATUSES,
        "scheme": (*DEBIT_SCHEMES, TRANSFER),
        "direction": ("IN", "OUT"),
        "currency": (CURRENCY,),
    },
)


def find(call: Call) -> Payment:
    """The payment of the path."""
    row = call.engine.state.payments.get(call.path["id"])
    if row is None:
        raise not_found("Payment not found")
    return row


def mandate_of(call: Call, values: dict) -> Mandate:
    """The mandate that a body names, or the latest active one of the subscriber it names."""
    engine = call.engine
    subscriber = values.get("subscriber", {}).get("reference")
    if "mandate" in values:
        row = engine.mandates.find(values["mandate"]["reference"])
        if row is None or subscriber not in (None, row.subscriber):
            raise refused(f"Mandate {values['mandate']['reference']} is unknown")
        return row
    if subscriber is None:
        raise incomplete("mandate")
    row = engine.orders.reusable(subscriber)
    if row is None:
        raise refused("The subscriber has no active mandate")
    return row


def create_payin(call: Call) -> dict:
    """POST /payments/in: each call makes a payment, whatever its reference."""
    payments = call.engine.payments
    values = PAYIN.clean(call.data, call.strict)
    check_creditor(values["creditor"])
    payments.check(values)
    mandate = mandate_of(call, values)
    try:
        payments.check_mandate(mandate, values["scheme"])
    except ApiError:
        if not (state := call.engine.settings.refused_payment_state):
            raise
        return call.views.payment(payments.create(mandate, values, state))
    return call.views.payment(payments.create(mandate, values))


def create_payout(call: Call) -> dict:
    """POST /payments/out: a refund."""
    engine = call.engine
    values = PAYOUT.clean(call.data, call.strict)
    check_creditor(values["creditor"])
    engine.payments.check(values)
    mandate = mandate_of(call, values)
    engine.payouts.check(mandate, parse_amount(values["amount"]))
    return call.views.payment(engine.payouts.create(mandate, values))


def search(call: Call) -> dict:
    """GET /payments."""
    call.own_creditor()
    state, query = call.engine.state, call.query
    rows = state.payments.rows
    if reference := query.get("reference"):
        rows = state.payments.where("reference", reference)
    if reference := query.get("mandateReference"):
        mandate = call.engine.mandates.find(reference)
        rows = [row for row in rows if mandate and row.mandate == mandate.id]
    return LISTING.answer(call, rows)


def get_payment(call: Call) -> dict:
    """GET /payments/{id}."""
    return call.views.payment(find(call))


def patch_payment(call: Call) -> dict:
    """PATCH /payments/{id}, as long as it is not processed."""
    row = find(call)
    if row.doc["direction"] != "IN" or row.status not in ("toprocess", "toreplay"):
        raise refused(f"Payment is {row.status}")
    values = PATCH.clean(call.data, call.strict)
    if not values:
        raise incomplete("body")
    call.engine.payments.check(values, row)
    call.engine.payments.amend(row, values)
    return call.views.payment(row)


def cancel_payment(call: Call) -> dict:
    """POST /payments/{id}/cancellation, as long as the link is there."""
    row = find(call)
    CANCEL.clean(call.data, call.strict)
    if row.doc["direction"] != "IN" or not call.engine.payments.may_cancel(row):
        raise refused("The payment can no longer be cancelled")
    call.engine.payments.cancel(row)
    return call.views.payment(row)


def get_issues(call: Call) -> dict:
    """GET /payments/{id}/issues."""
    return issues_of(call, find(call))


def get_refunds(call: Call) -> dict:
    """GET /payments/{id}/refunds."""
    row = find(call)
    found = [call.views.payment(other) for other in call.engine.payouts.refunds_of(row)]
    doc = {"_embedded": {"payments": found}} if found else {}
    return call.views.show(doc, f"/payments/{row.id}/refunds")


def bank_account(call: Call) -> dict:
    """The payer's account, or the creditor's, depending on the direction."""
    row, side = find(call), call.path["side"]
    if side not in ("debtor", "origin", "destination"):
        raise not_found()
    payer = (side != "destination") == (row.doc["direction"] == "IN")
    mandate = call.engine.payments.mandate(row)
    if payer or side == "debtor":
        return call.views.bank_account(mandate.account, mandate.id)
    return creditor_account(call)


OPERATIONS = [
    Operation("POST", "/payments/in", create_payin, creates=True),
    Operation("POST", "/payments/out", create_payout, creates=True),
    Operation("GET", "/payments", search),
    Operation("GET", "/payments/{id}", get_payment),
    Operation("PATCH", "/payments/{id}", patch_payment),
    Operation("POST", "/payments/{id}/cancellation", cancel_payment, bodiless=True),
    Operation("GET", "/payments/{id}/issues", get_issues),
    Operation("GET", "/payments/{id}/refunds", get_refunds),
    Operation("GET", "/payments/{id}/{side}-bank-account", bank_account),
]
