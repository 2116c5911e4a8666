from . import (
    payment_payer_score,
    payment_payer_score_facts,
    payment_payer_score_nightly,
    payment_transaction_past,
    res_partner_score,
)
