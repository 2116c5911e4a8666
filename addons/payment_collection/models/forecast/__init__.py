from . import (
    payment_cash_forecast,
    payment_cash_forecast_facts,
    payment_cash_forecast_past,
    payment_cash_forecast_actual,
    payment_cash_forecast_making,
    payment_cash_forecast_page,
)
