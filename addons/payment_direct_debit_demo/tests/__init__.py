from . import (
    test_accounting,
    test_events,
    test_mandates,
    test_plan,
    test_provider,
    test_sending,
)
