"""Bring the catalogues of our addons up to date. Runs inside Odoo (`env` is given)."""

import io
import sys
from pathlib import Path

import polib

from odoo.modules.module import Manifest
from odoo.tools.translate import trans_export

from vision_cli.catalogues import LANGUAGE, refresh
from vision_cli.paths import ADDONS


def exported(addon: str) -> polib.POFile:
    """The addon's terms, as Odoo's own exporter writes them."""
    buffer = io.BytesIO()
    trans_export(None, [addon], buffer, "po", env)
    return polib.pofile(buffer.getvalue().decode())


def glossaries(addon: str) -> list[Path]:
    """Core's French catalogues of what the addon depends on, the nearest first, then by name."""
    found: list[str] = []
    ring = [addon]
    while ring:
        depends = {depend for name in ring for depend in Manifest.for_addon(name)["depends"]}
        ring = sorted(depends.difference(found))
        found += ring
    paths = [Path(Manifest.for_addon(name).path, "i18n", f"{LANGUAGE}.po") for name in found]
    return [path for path in paths if path.exists() and ADDONS not in path.parents]


untranslated = 0
for addon in sys.argv[1:]:
    if Manifest.for_addon(addon) is None:
        sys.exit(f"vision: there is no addon {addon}")
    empty = refresh(ADDONS / addon, exported(addon), glossaries(addon))
    print(f"{addon}: {len(empty)} terms without their French")
    for term in empty:
        print(f"    {' '.join(term.split())}")
    untranslated += len(empty)
sys.exit(1 if untranslated else 0)
