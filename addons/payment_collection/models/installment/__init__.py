from . import (
    payment_mandate,
    payment_installment,
    payment_installment_actions,
    payment_installment_invoicing,
    payment_installment_guards,
    payment_transaction,
    account_move,
    account_partial_reconcile,
    res_partner,
)
