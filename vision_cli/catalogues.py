"""Translation catalogues of our addons: `i18n/<addon>.pot` and `i18n/fr.po`.

Runs inside the environment (polib), not in the command itself.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import polib

LANGUAGE = "fr"
# Without dates: an unchanged addon must give unchanged files.
METADATA = {
    "Project-Id-Version": "Vision CRM 19.0",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
# The rule of French: 0 and 1 are singular.
FRENCH = {"Language": LANGUAGE, "Plural-Forms": "nplurals=2; plural=(n > 1);"}


def refresh(addon: Path, exported: polib.POFile, glossaries: Iterable[Path] = ()) -> list[str]:
    """Write both catalogues of an addon from the terms that it has now.

    A translation that is there is kept; a new term takes that of the first glossary that knows it,
    or stays empty; a term that is gone takes its translation with it.

    :param addon: directory of the addon.
    :param exported: its terms, without translations.
    :param glossaries: catalogues of the modules that it depends on, the nearest first.
    :return: the terms without a translation, in the order of the file.
    """
    folder = addon / "i18n"
    folder.mkdir(exist_ok=True)
    write(folder / f"{addon.name}.pot", exported, METADATA, {})
    target = folder / f"{LANGUAGE}.po"
    french = translations(target) if target.exists() else {}
    missing = [entry.msgid for entry in exported if entry.msgid not in french]
    french |= dict(look_up(missing, glossaries))
    write(target, exported, METADATA | FRENCH, french)
    return [msgid for msgid in missing if msgid not in french]


def write(
    path: Path, exported: polib.POFile, metadata: dict[str, str], french: dict[str, str]
) -> None:
    """Write a catalogue of the exported terms, sorted, with the translations that are given."""
    catalogue = polib.POFile()
    catalogue.metadata = metadata
    for entry in sorted(exported, key=lambda entry: entry.msgid):
        catalogue.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=french.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
            )
        )
    path.write_text(f"{catalogue}\n", encoding="utf-8")


def look_up(terms: Iterable[str], glossaries: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Pairs of a term and its translation in the first glossary that has one."""
    wanted = set(terms)
    for path in glossaries:
        if not wanted:
            # Core's catalogues are long to read: none is, once nothing is missing.
            return
        known = glossary(path)
        for term in sorted(wanted & known.keys()):
            yield term, known[term]
        wanted -= known.keys()


def translations(path: Path) -> dict[str, str]:
    """What a catalogue translates; drafts (fuzzy) and obsolete entries are left out."""
    entries = polib.pofile(str(path)).translated_entries()
    return {entry.msgid: entry.msgstr for entry in entries}


# Read once for all addons; nothing writes to core's.
glossary = cache(translations)
