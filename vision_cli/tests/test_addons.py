"""Which addons are installed and which are updated."""

from pathlib import Path

import pytest

from vision_cli.addons import Addon, changes, checksum, external_dependencies, own_addons
from vision_cli.progress import Stop


def make_addon(directory: Path, name: str, manifest: str = "{'depends': ['base']}") -> Path:
    addon = directory / name
    (addon / "models").mkdir(parents=True)
    (addon / "__manifest__.py").write_text(manifest)
    (addon / "models" / "thing.py").write_text("x = 1\n")
    return addon


def test_an_empty_directory_has_no_addons(tmp_path):
    assert own_addons(tmp_path) == []
    assert own_addons(tmp_path / "missing") == []


def test_addons_are_read_from_their_manifests(tmp_path):
    make_addon(tmp_path, "b_addon", "{'depends': ['a_addon', 'portal']}")
    make_addon(tmp_path, "a_addon", "{'depends': ['account_payment']}")
    make_addon(tmp_path, "later", "{'installable': False}")
    found = own_addons(tmp_path)
    assert [addon.name for addon in found] == ["a_addon", "b_addon"]
    assert external_dependencies(found) == {"account_payment", "portal"}


def test_a_broken_manifest_stops_with_its_name(tmp_path):
    make_addon(tmp_path, "broken", "{'depends': [")
    with pytest.raises(Stop, match="broken/__manifest__.py"):
        own_addons(tmp_path)


@pytest.mark.parametrize("change", ["models/thing.py", "views/new.xml", "i18n/fr.po"])
def test_a_changed_or_new_file_changes_the_checksum(tmp_path, change):
    addon = make_addon(tmp_path, "a_addon")
    before = checksum(addon)
    (addon / change).parent.mkdir(exist_ok=True)
    (addon / change).write_text("y = 2\n")
    assert checksum(addon) != before


def test_a_renamed_file_changes_the_checksum(tmp_path):
    addon = make_addon(tmp_path, "a_addon")
    before = checksum(addon)
    (addon / "models" / "thing.py").rename(addon / "models" / "other.py")
    assert checksum(addon) != before


@pytest.mark.parametrize(
    "change", ["tests/test_thing.py", "README.md", "models/__pycache__/thing.cpython-311.pyc"]
)
def test_tests_readme_and_bytecode_do_not_change_the_checksum(tmp_path, change):
    addon = make_addon(tmp_path, "a_addon")
    before = checksum(addon)
    (addon / change).parent.mkdir(exist_ok=True)
    (addon / change).write_text("y = 2\n")
    assert checksum(addon) == before


def test_changes_tell_new_changed_and_gone_addons_apart():
    current = [Addon("same", (), "1"), Addon("edited", (), "2"), Addon("new", (), "3")]
    installed = {"same": "1", "edited": "old", "gone": "4"}
    assert changes(current, installed) == (["new"], ["edited"], ["gone"])
    assert changes(current[:1], {"same": "1"}) == ([], [], [])
