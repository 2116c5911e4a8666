"""Operations of the API, a module per resource."""

from . import (
    bank_accounts,
    billing_requests,
    creditors,
    customers,
    events,
    mandate_pdfs,
    mandates,
    payments,
    payouts,
    refunds,
    simulators,
    webhooks,
)

OPERATIONS = [
    *creditors.OPERATIONS,
    *customers.OPERATIONS,
    *bank_accounts.OPERATIONS,
    *mandates.OPERATIONS,
    *mandate_pdfs.OPERATIONS,
    *payments.OPERATIONS,
    *refunds.OPERATIONS,
    *billing_requests.OPERATIONS,
    *events.OPERATIONS,
    *payouts.OPERATIONS,
    *webhooks.OPERATIONS,
    *simulators.OPERATIONS,
]
