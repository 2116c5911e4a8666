"""Constants of SlimPay's HAPI (https://dev.slimpay.com/hapi/) and of the sandbox account."""

APP_NAME = "visionapp01"
APP_SECRET = "visionsecret01"
CREDITOR = "visioncreditor"

RELATION = "https://api.slimpay.net/alps#"
PROFILE = "https://api.slimpay.net/alps/v1"
HAL = f'application/hal+json; profile="{PROFILE}";charset=UTF-8'

CORE, B2B = "SEPA.DIRECT_DEBIT.CORE", "SEPA.DIRECT_DEBIT.B2B"
DEBIT_SCHEMES = (CORE, B2B)
TRANSFER = "SEPA.CREDIT_TRANSFER"
CURRENCY = "EUR"
LOCALES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")

NOT_STARTED = "open.not_running.not_started"
RUNNING = "open.running"
COMPLETED = "closed.completed"
ABORTED_BY_CLIENT = "closed.aborted.aborted_byclient"
ABORTED_BY_SERVER = "closed.aborted.aborted_byserver"
ORDER_STATES = (NOT_STARTED, RUNNING, COMPLETED, ABORTED_BY_CLIENT, ABORTED_BY_SERVER)
MANDATE_STATES = (
    "created",
    "waitingForReference",
    "waitingForValidation",
    "active",
    "rejected",
    "revoked",
    "expired",
)
# Shared by payments and issues.
EXECUTION_STATUSES = (
    "toprocess",
    "processing",
    "processed",
    "rejected",
    "notprocessed",
    "toreplay",
    "togenerate",
    "transformed",
    "contested",
)
PAYMENT_TRANSITIONS = {
    ("toprocess", "processing"),
    ("toprocess", "notprocessed"),
    ("processing", "processed"),
    ("processing", "rejected"),
    ("processing", "toreplay"),
    ("toreplay", "toprocess"),
    ("toreplay", "notprocessed"),
    ("toreplay", "rejected"),
    ("processed", "rejected"),
    ("processed", "contested"),
    ("processed", "processed"),
}
WEBHOOK_EVENTS = (
    "order_slimcollectpay.update",
    "order_slimcollectverify.update",
    "mandate_slimcollectpay.update",
    "mandate_slimcollectverify.update",
    "payment_slimcollectpay.update",
)

# Refused by the real server in 2022, although it is the BIC of a bank.
REFUSED_BICS = frozenset({"CMCIFR2AXXX"})
# Bank code of a French IBAN: BIC and name.
BANKS = {
    "16348": ("SLMPFRP1XXX", "SLIMPAY"),
    "20041": ("PSSTFRPPXXX", "LA BANQUE POSTALE"),
    "30002": ("CRLYFRPPXXX", "CREDIT LYONNAIS"),
    "30003": ("SOGEFRPPXXX", "SOCIETE GENERALE"),
    "30004": ("BNPAFRPPXXX", "BNP PARIBAS"),
}
# SEPA countries outside the EEA: name and address of the payer are mandatory since 2018.
OUTSIDE_EEA = frozenset({"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})
