from . import (
    payment_cycle,
    payment_cycle_records,
    payment_cycle_timeline,
    payment_cycle_mails,
    res_partner_cycle,
    payment_mandate_cycle,
    payment_return_cycle,
    payment_refund_cycle,
    payment_payout_cycle,
    account_move_cycle,
    account_bank_statement_line_cycle,
)
