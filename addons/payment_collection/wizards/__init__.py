from . import payment_mandate_second_provider
