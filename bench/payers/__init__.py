"""Generated payers with a known truth, and what judges a score on them.

`bench.payers.pure` is the addon's own `pure` package, found without the addon and without Odoo:
what is measured here is what runs there.
"""

from pathlib import Path

ADDON = Path(__file__).parents[2] / "addons" / "payment_collection"
__path__.append(str(ADDON))
