from . import payment_mandate_register, payment_mandate_change, payment_payout_match
from . import payment_alert_close, payment_alert_snooze
