from . import (
    payment_transaction_online,
    account_move_one_off,
)
