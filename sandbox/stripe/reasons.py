"""Failure codes of SEPA debits as Stripe names them, and the banks' codes behind them."""

from typing import NamedTuple


class Failure(NamedTuple):
    """Text of a failure code, and whether the mandate dies of it."""

    message: str
    kills_mandate: bool = False


# https://docs.stripe.com/payments/sepa-debit, "Failed payments".
FAILURES = {
    "insufficient_funds": Failure("The customer's account has insufficient funds."),
    "refer_to_customer": Failure("The bank asks to contact the customer."),
    "generic_could_not_process": Failure("The payment could not be processed."),
    "debit_disputed": Failure("The customer disputed the debit."),
    "authorization_revoked": Failure("The customer revoked the authorization.", True),
    "debit_not_authorized": Failure("The customer did not authorize the debit.", True),
    "debit_authorization_not_match": Failure("The authorization does not match.", True),
    "account_closed": Failure("The bank account has been closed.", True),
    "invalid_account_number": Failure("The account number is not valid.", True),
    "branch_does_not_exist": Failure("The branch of the bank does not exist.", True),
    "bank_account_restricted": Failure("The bank account has restrictions."),
    "incorrect_account_holder_name": Failure("The account holder's name is wrong.", True),
    "recipient_deceased": Failure("The account holder is deceased."),
    "charge_exceeds_source_limit": Failure("The weekly volume limit is exceeded."),
    "charge_exceeds_weekly_limit": Failure("The weekly transaction limit is exceeded."),
    "charge_exceeds_transaction_limit": Failure("The transaction limit is exceeded."),
}
OTHER = Failure("The bank refused the payment.")
# ISO 20022 ExternalReturnReason1Code to Stripe's code.
BANK_CODES = {
    "AC01": "invalid_account_number",
    "AC04": "account_closed",
    "AC06": "bank_account_restricted",
    "AG01": "bank_account_restricted",
    "AM04": "insufficient_funds",
    "BE05": "debit_authorization_not_match",
    "BE06": "incorrect_account_holder_name",
    "MD01": "debit_not_authorized",
    "MD06": "debit_disputed",
    "MD07": "recipient_deceased",
    "MS02": "refer_to_customer",
    "MS03": "generic_could_not_process",
    "RC01": "branch_does_not_exist",
    "SL01": "bank_account_restricted",
}
DISPUTE_REASONS = {
    "account_closed": "incorrect_account_details",
    "authorization_revoked": "debit_not_authorized",
    "bank_account_restricted": "bank_cannot_process",
    "debit_disputed": "customer_initiated",
    "debit_not_authorized": "debit_not_authorized",
    "generic_could_not_process": "bank_cannot_process",
    "insufficient_funds": "insufficient_funds",
    "invalid_account_number": "incorrect_account_details",
}


def stripe_code(code: str) -> str:
    """Stripe's failure code for a bank's code; Stripe's own codes stay as they are."""
    return BANK_CODES.get(code) or (code if "_" in code else "generic_could_not_process")


def failure(code: str) -> Failure:
    """What is known of a failure code of Stripe."""
    return FAILURES.get(code, OTHER)


def dispute_reason(code: str) -> str:
    """The reason of a dispute with a bank's code; "general" when the bank gave none."""
    return DISPUTE_REASONS.get(stripe_code(code), "general")
