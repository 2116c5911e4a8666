from . import (
    payment_transaction_statistics,
    payment_collection_report,
    payment_collection_report_rates,
    payment_cohort_report,
)
