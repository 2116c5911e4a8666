from . import (
    payment_export,
    payment_export_making,
    payment_export_background,
    payment_transaction_export,
    payment_export_payments,
    payment_export_run,
    payment_export_fec,
    payment_export_actions,
    payment_run_export,
    res_company_exports,
    res_config_settings_exports,
)
