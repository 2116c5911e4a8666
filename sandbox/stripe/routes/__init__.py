"""Operations of the API, a module per resource."""

from . import (
    accounts,
    balances,
    charges,
    customers,
    disputes,
    events,
    mandates,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    sessions,
    setup_intents,
    webhook_endpoints,
)

OPERATIONS = [
    *accounts.OPERATIONS,
    *balances.OPERATIONS,
    *customers.OPERATIONS,
    *payment_methods.OPERATIONS,
    *mandates.OPERATIONS,
    *setup_intents.OPERATIONS,
    *sessions.OPERATIONS,
    *payment_intents.OPERATIONS,
    *charges.OPERATIONS,
    *refunds.OPERATIONS,
    *disputes.OPERATIONS,
    *payouts.OPERATIONS,
    *events.OPERATIONS,
    *webhook_endpoints.OPERATIONS,
]
