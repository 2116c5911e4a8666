"""pytest-odoo ignores Odoo's test tags: what is tagged `external` asks real providers."""

import pytest


def pytest_collection_modifyitems(items):
    """Skip external tests unless their keys are in the environment (they check that themselves)."""
    for item in items:
        if "external" in getattr(getattr(item, "cls", None), "test_tags", ()):
            item.add_marker(pytest.mark.skip(reason="external: odoo --test-tags external"))
