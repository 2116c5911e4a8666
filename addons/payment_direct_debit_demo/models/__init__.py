from . import payment_demo_debit, payment_demo_event, payment_demo_mandate, payment_provider
