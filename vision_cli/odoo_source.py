"""Odoo 19.0 Community: found where the user has it, else fetched into `.odoo`."""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .environment import site_packages
from .paths import STATE
from .progress import Stop, run_or_stop, say, step

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
PACKAGES = [
    "odoo-19",
    # Its fonts and script libraries are links into these.
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
DEBIAN_ROOT = STATE / "root"
DEBIAN_TREE = Path("usr/lib/python3/dist-packages")
CLONE = STATE / "odoo"
# Cut from the Debian package for its licence; without it the backend bundle reports an error in
# the browser's console, which fails every tour.
CUT_SCRIPT = Path("odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js")


@dataclass(frozen=True)
class OdooSource:
    """A tree to put on Python's path."""

    path: Path
    fingerprint: str


def series_of(tree: Path) -> str | None:
    """The series ("19.0") of the Odoo in `tree`; None when there is no Odoo."""
    release = tree / "odoo" / "release.py"
    if not release.is_file():
        return None
    match = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.MULTILINE)
    return ".".join(match.groups()) if match else None


def ensure_odoo() -> OdooSource:
    """Find or fetch Odoo, and put it on the path of the environment.

    :raise Stop: when ODOO_HOME is not an Odoo 19.0, or nothing could be fetched.
    """
    tree = _find() or _fetch()
    (site_packages() / "vision_odoo.pth").write_text(f"{tree}\n")
    return OdooSource(tree, _fingerprint(tree))


def _find() -> Path | None:
    if home := os.environ.get("ODOO_HOME"):
        tree = Path(home).expanduser().resolve()
        if series_of(tree) != SERIES:
            raise Stop(f"ODOO_HOME={home} is not an Odoo {SERIES} checkout: correct it or unset it")
        return tree
    unpacked = DEBIAN_ROOT / DEBIAN_TREE
    if series_of(unpacked) == SERIES and (unpacked / CUT_SCRIPT).exists():
        return unpacked
    return CLONE if series_of(CLONE) == SERIES else None


def _fetch() -> Path:
    if debian.machine_mirrors():
        try:
            return _fetch_package()
        except Stop as reason:
            say(f"{reason}; trying the public repository")
    if not shutil.which("git"):
        raise Stop(f"Odoo {SERIES} is missing: install git, or set ODOO_HOME to a checkout of it")
    with step(f"Odoo {SERIES} (public repository)"):
        partial = CLONE.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        run_or_stop(
            ["git", "clone", "-q", "--depth", "1", "--branch", SERIES, REPOSITORY, partial],
            "git",
            f"Odoo could not be cloned: set ODOO_HOME to a checkout of Odoo {SERIES}",
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
        )
        partial.rename(CLONE)
    return CLONE


def _fetch_package() -> Path:
    with step(f"Odoo {SERIES} (Debian package)"):
        partial = DEBIAN_ROOT.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        debian.unpack(PACKAGES, partial, STATE / "apt")
        if (found := series_of(partial / DEBIAN_TREE)) != SERIES:
            raise Stop(f"Debian's odoo-19 is now Odoo {found}: set ODOO_HOME to a {SERIES} one")
        script = partial / DEBIAN_TREE / CUT_SCRIPT
        script.parent.mkdir(parents=True, exist_ok=True)
        script.touch()
        # Renamed last: an interrupted set-up leaves nothing that looks complete.
        shutil.rmtree(DEBIAN_ROOT, ignore_errors=True)
        partial.rename(DEBIAN_ROOT)
    return DEBIAN_ROOT / DEBIAN_TREE


def _fingerprint(tree: Path) -> str:
    """Changes with the source: the packaged version, or the commit of a checkout."""
    digest = hashlib.sha256((tree / "odoo" / "release.py").read_bytes())
    changelog = tree.parents[2] / "share" / "doc" / "odoo-19" / "changelog.Debian.gz"
    for marker in (changelog, tree / ".git" / "HEAD", tree / ".git" / "logs" / "HEAD"):
        if marker.is_file():
            digest.update(marker.read_bytes())
    return digest.hexdigest()
