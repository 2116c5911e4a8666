from . import (
    payment_alert,
)
