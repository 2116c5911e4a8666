from . import test_iban, test_money, test_sepa_text, test_target_calendar
