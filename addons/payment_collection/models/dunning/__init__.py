from . import (
    payment_retry_policy,
    payment_retry_step,
    payment_dunning,
    payment_dunning_steps,
    payment_installment_dunning,
)
