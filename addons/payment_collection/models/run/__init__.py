from . import (
    payment_run,
    payment_run_execution,
    payment_run_daily,
    payment_run_line,
    payment_run_request,
    payment_run_control,
    payment_run_progress,
    payment_transaction_paused,
    ir_websocket,
)
