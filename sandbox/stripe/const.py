"""Constants of the Stripe API, version of the library that the suite pins (stripe 16)."""

API_VERSION = "2026-10-28.endive"
TOKEN = "sk_test_sandbox"
READ_ONLY_TOKEN = "rk_test_sandbox_readonly"
TOKENS = {TOKEN: True, READ_ONLY_TOKEN: False}

ACCOUNT = "acct_sandbox0000001"
ACCOUNT_NAME = "Vision Bac à sable"
CURRENCY = "eur"
METHOD = "sepa_debit"
CREDITOR_ID = "FR72ZZZ123456"
# What an account has besides SEPA debits; the stand-in lists it, but collects nothing with it.
OTHER_METHODS = ("card",)
# fmt: off
# Payers there must give their address, which the mandate shows.
NON_EEA = frozenset({
    "AD", "PF", "TF", "GI", "GB", "GG", "VA", "IM", "JE", "MC", "NC", "BL", "PM", "SM", "CH", "WF",
})
# fmt: on
# Position of the bank code and of the branch code in the IBAN, where they are not 4:8 and none.
BANK_CODES = {"BE": (4, 7), "DE": (4, 12), "FR": (4, 9), "IT": (5, 10), "MC": (4, 9)}
BRANCH_CODES = {"ES": (8, 12), "FR": (9, 14), "IT": (10, 15), "MC": (9, 14)}

MAX_AMOUNT = 99_999_999
CANCELABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
)
CONFIRMABLE = ("requires_payment_method", "requires_confirmation")
SETUP_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
MAX_ENDPOINTS = 16
SESSION_HOURS = 24
REFUND_DAYS = 180
TARGET_DAYS = (3, 15)

TEST_IBAN = "FR1420041010050500013M02606"
REFUSED_IBANS = {
    "FR2620041010050000000055555": "sepa_debit_bank_not_supported",
    "FR5020041010050000000066666": "sepa_debit_debits_not_supported",
}
# https://docs.stripe.com/payments/sepa-debit/accept-a-payment, "Test your integration".
TEST_IBANS = {
    TEST_IBAN: "paid",
    "FR3020041010050500013M02609": "paid",
    "FR8420041010050500013M02607": "failed:generic_could_not_process",
    "FR7920041010050500013M02600": "failed:generic_could_not_process",
    "FR5720041010050500013M02608": "chargeback:MD06",
    "FR9720041010050000000343434": "failed:charge_exceeds_source_limit",
    "FR5920041010050000000121212": "failed:charge_exceeds_weekly_limit",
    "FR9720041010050000002222227": "failed:insufficient_funds",
    "DE89370400440532013000": "paid",
    "DE08370400440532013003": "paid",
    "DE62370400440532013001": "failed:generic_could_not_process",
    "DE78370400440532013004": "failed:generic_could_not_process",
    "DE35370400440532013002": "chargeback:MD06",
}
# Those whose answer takes three minutes in Stripe's sandbox.
DELAYED_IBANS = frozenset(
    {
        "FR3020041010050500013M02609",
        "FR7920041010050500013M02600",
        "DE08370400440532013003",
        "DE78370400440532013004",
    }
)
TEST_TOKENS = {
    "pm_sepaDebit_success_fr": TEST_IBAN,
    "pm_sepaDebit_successDelayed_fr": "FR3020041010050500013M02609",
    "pm_sepaDebit_failed_fr": "FR8420041010050500013M02607",
    "pm_sepaDebit_failedDelayed_fr": "FR7920041010050500013M02600",
    "pm_sepaDebit_disputed_fr": "FR5720041010050500013M02608",
    "pm_sepaDebit_insufficientFunds_fr": "FR9720041010050000002222227",
    "pm_sepaDebit_exceedsWeeklyVolumeLimit_fr": "FR9720041010050000000343434",
    "pm_sepaDebit_exceedsWeeklyTransactionLimit_fr": "FR5920041010050000000121212",
}
