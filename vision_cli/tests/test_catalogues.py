"""Catalogues of translations: what is kept, what is filled in, what goes."""

import polib
import pytest

from vision_cli.catalogues import refresh, translations


@pytest.fixture
def addon(tmp_path):
    """Directory of an addon without catalogues."""
    path = tmp_path / "an_addon"
    path.mkdir()
    return path


def catalogue(terms, flags=()):
    """A catalogue of terms; from a mapping with translations, else without."""
    made = polib.POFile()
    made.metadata = {"POT-Creation-Date": "2026-01-31 12:00+0000"}
    for msgid in terms:
        entry = polib.POEntry(msgid=msgid, comment="module: an_addon", flags=list(flags))
        entry.msgstr = terms[msgid] if isinstance(terms, dict) else ""
        entry.occurrences = [("model:ir.model,name:an_addon.model_thing", "")]
        made.append(entry)
    return made


def glossary(path, terms, flags=()):
    """A catalogue of core's, as a file."""
    path.write_text(str(catalogue(terms, flags)), encoding="utf-8")
    return path


def french(addon):
    return translations(addon / "i18n" / "fr.po")


def test_new_terms_are_there_without_translation_and_are_told(addon):
    assert refresh(addon, catalogue(["Run", "Held"])) == ["Run", "Held"]
    entries = polib.pofile(str(addon / "i18n" / "fr.po"))
    assert [(entry.msgid, entry.msgstr) for entry in entries] == [("Held", ""), ("Run", "")]
    assert entries[0].occurrences == [("model:ir.model,name:an_addon.model_thing", "")]
    assert entries[0].comment == "module: an_addon"


def test_a_translation_is_kept_whatever_core_says(addon, tmp_path):
    refresh(addon, catalogue(["Run"]), [glossary(tmp_path / "ours.po", {"Run": "Campagne"})])
    core = glossary(tmp_path / "core.po", {"Run": "Exécuter"})
    assert refresh(addon, catalogue(["Run"]), [core]) == []
    assert french(addon) == {"Run": "Campagne"}


def test_the_nearest_glossary_that_translates_a_term_fills_it_in(addon, tmp_path):
    near = glossary(tmp_path / "near.po", {"Provider": "Prestataire", "Held": ""})
    far = glossary(tmp_path / "far.po", {"Provider": "Fournisseur", "Created by": "Créé par"})
    empty = refresh(addon, catalogue(["Created by", "Held", "Provider"]), [near, far])
    assert french(addon) == {"Created by": "Créé par", "Provider": "Prestataire"}
    assert empty == ["Held"]


def test_a_draft_of_a_translation_fills_nothing_in(addon, tmp_path):
    draft = glossary(tmp_path / "draft.po", {"Held": "Tenu"}, flags=["fuzzy"])
    assert refresh(addon, catalogue(["Held"]), [draft]) == ["Held"]


def test_a_term_that_is_gone_takes_its_translation_with_it(addon, tmp_path):
    words = glossary(tmp_path / "words.po", {"Held": "Retenue", "Run": "Campagne"})
    refresh(addon, catalogue(["Held", "Run"]), [words])
    assert refresh(addon, catalogue(["Run"])) == []
    assert french(addon) == {"Run": "Campagne"}
    assert "Held" not in (addon / "i18n" / "fr.po").read_text(encoding="utf-8")


def test_a_second_run_changes_nothing(addon, tmp_path):
    words = glossary(tmp_path / "words.po", {"%(count)s debits": "%(count)s prélèvements"})
    exported = ["%(count)s debits", "Held", "A text\nof two lines: “quoted”, \\ and \t"]
    refresh(addon, catalogue(exported), [words])
    files = sorted((addon / "i18n").iterdir())
    first = [path.read_bytes() for path in files]
    # Odoo does not promise an order.
    refresh(addon, catalogue(exported[::-1]), [words])
    assert [path.name for path in files] == ["an_addon.pot", "fr.po"]
    assert [path.read_bytes() for path in files] == first


def test_the_template_has_no_translation_and_neither_file_has_a_date(addon, tmp_path):
    words = glossary(tmp_path / "words.po", {"Held": "Retenue"})
    refresh(addon, catalogue(["Held"]), [words])
    template = polib.pofile(str(addon / "i18n" / "an_addon.pot"))
    assert [entry.msgstr for entry in template] == [""]
    for path in (addon / "i18n").iterdir():
        assert "2026" not in path.read_text(encoding="utf-8")
