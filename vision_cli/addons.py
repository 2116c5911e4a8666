"""Our own addons as files: what they depend on, and whether they changed."""

import ast
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .paths import ADDONS
from .progress import Stop

# No `-u` is needed for these: pytest reads tests as they are, and nothing installs a page of text.
WITHOUT_EFFECT = {"tests", "__pycache__", "README.md"}


@dataclass(frozen=True)
class Addon:
    """One addon of the repository."""

    name: str
    depends: tuple[str, ...]
    checksum: str


def own_addons(directory: Path = ADDONS) -> list[Addon]:
    """The installable addons of a directory, by name; empty when there are none.

    :raise Stop: when a manifest can't be read.
    """
    found = []
    for manifest in sorted(directory.glob("*/__manifest__.py")):
        try:
            values = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            raise Stop(f"{manifest} can't be read: {error}") from error
        if values.get("installable", True):
            depends = tuple(values.get("depends", ["base"]))
            found.append(Addon(manifest.parent.name, depends, checksum(manifest.parent)))
    return found


def external_dependencies(addons: Iterable[Addon]) -> set[str]:
    """What the addons depend on outside themselves."""
    addons = list(addons)
    own = {addon.name for addon in addons}
    return {name for addon in addons for name in addon.depends} - own


def checksum(directory: Path) -> str:
    """Hexadecimal digest of an addon's files: names and contents, without what has no effect."""
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        relative = path.relative_to(directory)
        if path.is_file() and not WITHOUT_EFFECT & set(relative.parts) and path.suffix != ".pyc":
            digest.update(f"{relative.as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def changes(
    addons: Iterable[Addon], installed: Mapping[str, str]
) -> tuple[list[str], list[str], list[str]]:
    """Compare the files with what a database holds.

    :param installed: checksum by name, as of the last installation or update.
    :return: names to install, names to update, and names that are installed but have no files.
    """
    current = {addon.name: addon.checksum for addon in addons}
    new = [name for name in current if name not in installed]
    changed = [name for name, value in current.items() if installed.get(name, value) != value]
    gone = [name for name in installed if name not in current]
    return new, changed, gone
