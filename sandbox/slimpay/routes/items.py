"""The body of an order, with its items."""

import re

from ..const import CORE, CURRENCY, DEBIT_SCHEMES, LOCALES
from ..engine import Engine
from ..errors import ApiError, incomplete, invalid, refused
from ..http import check_creditor
from ..mandates import SEQUENCES
from ..schema import (
    BY_REFERENCE,
    CREDITOR,
    REFERENCE,
    SIGNATORY,
    SUBSCRIBER,
    Field,
    Schema,
    anything,
    boolean,
    check_french_postal_code,
    moment,
    one_of,
    text,
    url,
)

ORDER = Schema(
    "creditor subscriber items",
    reference=Field(text(40)),
    started=Field(boolean),
    locale=Field(one_of(*LOCALES)),
    paymentScheme=Field(one_of(*DEBIT_SCHEMES, "CARD")),
    checkoutActor=Field(one_of("end_user", "third_party")),
    sendUserApproval=Field(boolean),
    userApprovalMode=Field(text(35)),
    otpChannelType=Field(text(35)),
    returnUrl=Field(url(2000)),
    successUrl=Field(url(2000)),
    failureUrl=Field(url(2000)),
    cancelUrl=Field(url(2000)),
    creditor=CREDITOR,
    subscriber=SUBSCRIBER,
    items=Field(anything),
)
APPROVAL = Schema(
    paymentProcessor=Field(text(35)),
    method=Schema("type", type=Field(one_of("otp", "checkbox"))),
)
SIGN = Schema(
    "type mandate",
    type=Field(text(35)),
    action=Field(one_of("sign", "amendBankAccount")),
    autoGenReference=Field(boolean),
    signatureApproval=APPROVAL,
    mandate=Schema(
        "signatory",
        reference=REFERENCE,
        standard=Field(one_of("SEPA")),
        paymentScheme=Field(one_of(*DEBIT_SCHEMES)),
        createSequenceType=Field(one_of(*SEQUENCES)),
        signatory=SIGNATORY,
    ),
)
AMEND = Schema(
    "type action mandate",
    type=Field(text(35)),
    action=Field(one_of("amendBankAccount")),
    signatureApproval=APPROVAL,
    mandate=BY_REFERENCE,
)
# What a debit is made of, whether in an order or alone.
DEBIT = {
    "scheme": Field(one_of(*DEBIT_SCHEMES)),
    "direction": Field(one_of("IN")),
    "amount": Field(anything),
    "currency": Field(one_of(CURRENCY)),
    "reference": Field(text(35)),
    "label": Field(text(140)),
    "executionDate": Field(moment),
    "correlationId": Field(text(35)),
}
PAY = Schema(
    "type payin",
    type=Field(text(35)),
    action=Field(one_of("create")),
    payin=Schema("amount currency scheme", **DEBIT),
)


def check_order(engine: Engine, data: dict) -> dict:
    """The order of a body, items included; ApiError for what is wrong with it."""
    strict = engine.settings.strict
    values = ORDER.clean(data, strict)
    check_creditor(values["creditor"])
    if values.get("paymentScheme") == "CARD":
        raise refused("Cards are not enabled for this creditor")
    reference = values.get("reference")
    if reference and engine.state.orders.where("reference", reference):
        settings = engine.settings
        raise ApiError(
            settings.duplicate_order_status,
            settings.duplicate_order_code,
            f"Duplicate order : an order with the reference {reference} exists",
        )
    items = values["items"]
    if not isinstance(items, list) or not items:
        raise incomplete("items")
    values["items"] = [check_item(engine, values, item) for item in items]
    kinds = [item["type"] for item in values["items"]]
    if kinds.count("signMandate") > 1:
        raise invalid("items", "more than one mandate")
    if "signMandate" not in kinds and not engine.orders.reusable(values["subscriber"]["reference"]):
        raise refused("The subscriber has no active mandate")
    return values


def check_item(engine: Engine, order: dict, item: object) -> dict:
    """One item by its type."""
    kind = item.get("type") if isinstance(item, dict) else None
    if kind == "payment":
        values = PAY.clean(item, engine.settings.strict, "items")
        engine.payments.check(values["payin"])
        if values["payin"]["scheme"] != order.get("paymentScheme", CORE):
            raise invalid("scheme")
        return {"action": "create", **values}
    if kind != "signMandate":
        known = isinstance(kind, str) and re.fullmatch(r"[A-Za-z]+", kind)
        raise refused(f"Item type {kind} is not enabled") if known else invalid("type")
    if item.get("action") == "amendBankAccount":
        return check_amendment(engine, order, item)
    values = SIGN.clean(item, engine.settings.strict, "items")
    check_french_postal_code(values["mandate"]["signatory"])
    if reference := values["mandate"].get("reference"):
        engine.mandates.check_free(reference)
    return {"action": "sign", **values}


def check_amendment(engine: Engine, order: dict, item: dict) -> dict:
    """An item that changes the bank account of the subscriber's own active mandate."""
    values = AMEND.clean(item, engine.settings.strict, "items")
    mandate = engine.mandates.find(values["mandate"]["reference"])
    if mandate is None or mandate.subscriber != order["subscriber"]["reference"]:
        raise refused("The subscriber has no such mandate")
    if mandate.status != "active":
        raise refused(f"Mandate is {mandate.status}")
    return values
