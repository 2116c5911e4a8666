from . import (
    test_client_answers,
    test_client_debits,
    test_client_faults,
    test_client_mandates,
    test_client_settlement,
    test_flow,
    test_flow_returns,
    test_flow_settlement,
    test_payloads,
    test_provider,
    test_webhook,
    test_webhook_http,
)
