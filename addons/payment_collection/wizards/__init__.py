from . import (
    payment_export_wizard,
    payment_installment_move,
    payment_mandate_second_provider,
    payment_page_action,
    payment_page_action_line,
)
