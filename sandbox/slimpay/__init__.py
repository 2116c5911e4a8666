"""SlimPay's HAPI."""
