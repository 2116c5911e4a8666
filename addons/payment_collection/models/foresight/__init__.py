from . import (
    payment_installment_forecast,
    payment_run_preview,
    payment_run_preview_line,
    payment_run_dry,
)
