from . import (
    test_guards,
    test_installment,
    test_invoicing,
    test_rights,
    test_run,
)
