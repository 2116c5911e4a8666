from . import (
    settings,  # first: mandates take their defaults from it
    installment,
    run,
    online,
    dunning,
    score,
    notices,
    routing,
    foresight,
    alerts,
    page,
    cycle,
    statistics,
    calendar,
    exports,
    archives,
    forecast,
)
