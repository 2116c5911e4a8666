from . import (
    payment_cycle,
    payment_cycle_timeline,
    res_partner_cycle,
    payment_mandate_cycle,
    payment_return_cycle,
    payment_payout_cycle,
)
