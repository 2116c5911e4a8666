from . import payment_mandate_register, payment_mandate_change, payment_payout_match
