from . import (
    payment_installment,
    payment_installment_invoicing,
    payment_installment_guards,
    payment_run,
    payment_run_line,
    payment_transaction,
    account_move,
    account_partial_reconcile,
    res_partner,
)
