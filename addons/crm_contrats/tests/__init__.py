from . import (
    test_amounts,
    test_import_contracts,
    test_import_files,
    test_import_mandates,
    test_import_values,
    test_import_wizard,
    test_invoicing,
    test_lifecycle,
    test_links,
    test_planning,
    test_rights,
    test_schedule,
)
