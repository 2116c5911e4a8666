"""What the alerts of the collection ask of a person, as data."""

from odoo.tools import LazyTranslate

from odoo.addons.payment_direct_debit.models.payment_alert_kinds import EVENTS, Kind

_lt = LazyTranslate(__name__)

FAILED_PAYMENTS = {
    "payment.provider": "failed_payments",
    "res.company": "failed_payments",
}

KINDS = {
    "notice_failed": Kind(
        "client",
        _lt(
            "The client was not told about his next debit, so it is held. Ask him for an address"
            " that works and send the notice again, or send a letter and note that you did."
        ),
        _lt("The notice has been sent."),
    ),
    "notice_server": Kind(
        "provider",
        _lt(
            "Notices wait for the mail server and their debits wait for the notices. Have an"
            " administrator check the outgoing mail server."
        ),
        _lt("The mail server is back."),
    ),
    "held_past_last_moment": Kind(
        "client",
        _lt(
            "The debit can not be made on its day any more. Mend what holds it (the message says"
            " why): it then leaves with the next run, announced anew where that is needed. Or"
            " send the client a payment link."
        ),
        _lt("It is not held any more."),
    ),
    "payer_worse": Kind(
        "client",
        _lt(
            "The client fails more often than before. Read the reasons of the score; consider"
            " another day of the month, smaller amounts, or a call before the next debit."
        ),
        _lt("The score has recovered."),
    ),
    "dunning_stuck": Kind(
        "dunning",
        _lt(
            "A step could not be taken and is tried again every day. Mend what the message names,"
            " then take the step from the dunning."
        ),
    ),
    "no_policy": Kind(
        "dunning",
        _lt(
            "Nobody chases this debt: no retry policy covers its reason. Decide yourself what"
            " comes next, or have an administrator add a policy."
        ),
    ),
    "provider_down": Kind(
        "provider",
        _lt(
            "The provider does not answer. One debit tries again by itself after a pause; what may"
            " have left is looked up and never sent twice. If it lasts, look at the provider's"
            " status page, and pause the provider to let others take over."
        ),
        _lt("The provider answers again."),
        EVENTS,
    ),
    "failure_peak": Kind(
        "debit",
        _lt(
            "More debits fail than usual. Look at the failed payments grouped by reason and by"
            " bank: one reason everywhere points to a wrong set-up or a file of bad accounts,"
            " lack of funds to the day of the month. Pause the next run until you know."
        ),
        _lt("Failures are back to what is usual."),
        FAILED_PAYMENTS,
    ),
    "mandate_expiring": Kind(
        "client",
        _lt(
            "After 36 months without a debit the mandate can not be used any more, and the"
            " installments planned on it will be held. Collect one of them in time, or send the"
            " client a signature link for a new mandate."
        ),
        _lt("The mandate was debited again, or nothing is planned on it any more."),
    ),
}
