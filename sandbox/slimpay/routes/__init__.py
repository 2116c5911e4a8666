"""Operations of the API, a module per resource."""

from . import account, issues, mandates, orders, payments, webhooks

OPERATIONS = [
    *account.OPERATIONS,
    *orders.OPERATIONS,
    *mandates.OPERATIONS,
    *payments.OPERATIONS,
    *issues.OPERATIONS,
    *webhooks.OPERATIONS,
]
