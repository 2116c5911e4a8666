from . import (
    test_accounting,
    test_cancelling,
    test_events,
    test_mandates,
    test_plan,
    test_provider,
    test_register_payment,
    test_sending,
)
