from . import (
    res_company_archives,
    res_config_settings_archives,
    payment_transaction_archive,
    payment_transaction_archiving,
    payment_installment_archive,
    payment_refund_archive,
    payment_alert_archive,
    payment_status_report_archive,
    payment_retention_pass,
    payment_event_retention,
    payment_mandate_retention,
    payment_notice_retention,
)
