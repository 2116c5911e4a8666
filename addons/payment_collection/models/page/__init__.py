from . import (
    payment_transaction_page,
    payment_transaction_next,
    payment_transaction_figures,
    payment_installment_page,
    payment_status_report,
    payment_page_effects,
    payment_page_doing,
)
