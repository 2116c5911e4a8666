from . import (
    payment_route,
    payment_route_facts,
    payment_route_simulation,
    payment_route_simulation_line,
    payment_installment_routing,
    payment_transaction_routing,
    payment_provider_costs,
    payment_provider_health,
    payment_mandate_routing,
    payment_event_routing,
    payment_run_reroute,
)
