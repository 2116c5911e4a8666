from . import (
    payment_alert,
    payment_alert_failure_peak,
    payment_alert_digest,
    payment_mandate_expiry,
    res_company_alerts,
    res_config_settings_alerts,
    res_users_alerts,
)
