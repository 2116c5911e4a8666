from . import (
    payment_installment_calendar,
    payment_installment_calendar_search,
    payment_debit_calendar,
    payment_installment_move,
    payment_installment_move_effects,
)
