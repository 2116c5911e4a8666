from . import (
    test_client_answers,
    test_client_debits,
    test_client_faults,
    test_client_links,
    test_client_mandates,
    test_client_refunds,
    test_flow,
    test_flow_returns,
    test_provider,
    test_webhook,
    test_webhook_http,
)
