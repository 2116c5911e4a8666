"""When the environment is made again, and which Odoo is accepted."""

import pytest

from vision_cli import environment, odoo_source
from vision_cli.progress import Stop


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of its own, with a lock file and an interpreter."""
    lock, venv = tmp_path / "requirements.lock", tmp_path / ".venv"
    lock.write_text("requests==2.34.2\n")
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    monkeypatch.setattr(environment, "LOCK", lock)
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "STAMP", venv / ".vision")
    return tmp_path


def test_an_environment_without_a_stamp_is_not_current(checkout):
    assert not environment.is_current()


def test_a_changed_lock_makes_the_environment_stale(checkout):
    environment.STAMP.write_text(environment.wanted_stamp())
    assert environment.is_current()
    environment.LOCK.write_text("requests==2.35.0\n")
    assert not environment.is_current()


def test_a_moved_checkout_makes_the_environment_stale(checkout, monkeypatch):
    environment.STAMP.write_text(environment.wanted_stamp())
    (checkout / ".venv").rename(checkout / "moved")
    monkeypatch.setattr(environment, "VENV", checkout / "moved")
    monkeypatch.setattr(environment, "STAMP", checkout / "moved" / ".vision")
    assert not environment.is_current()


def test_the_databases_variables_reach_odoo(checkout):
    variables = environment.odoo_environment({"PGHOST": "/run/pg"})
    assert variables["PGHOST"] == "/run/pg"
    assert variables["ODOO_RC"].endswith("odoo.conf")
    assert variables["PATH"].startswith(str(checkout / ".venv" / "bin"))


def make_odoo(directory, version: str):
    (directory / "odoo").mkdir()
    (directory / "odoo" / "release.py").write_text(f"version_info = ({version}, 0, FINAL, 0, '')\n")
    return directory


def test_odoo_home_is_taken_when_it_is_the_right_series(tmp_path, checkout, monkeypatch):
    packages = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    home = make_odoo(tmp_path, "19, 0")
    monkeypatch.setenv("ODOO_HOME", str(home))
    assert odoo_source.ensure_odoo().path == home
    assert (packages / "vision_odoo.pth").read_text() == f"{home}\n"


@pytest.mark.parametrize("version", ["18, 0", "19, 1"])
def test_odoo_home_of_another_series_is_refused(tmp_path, monkeypatch, version):
    monkeypatch.setenv("ODOO_HOME", str(make_odoo(tmp_path, version)))
    with pytest.raises(Stop, match=r"is not an Odoo 19\.0 checkout"):
        odoo_source.ensure_odoo()


def test_a_directory_without_odoo_has_no_series(tmp_path):
    assert odoo_source.series_of(tmp_path) is None


def test_the_fingerprint_follows_the_commit_of_a_checkout(tmp_path, checkout, monkeypatch):
    (tmp_path / ".venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    monkeypatch.setenv("ODOO_HOME", str(make_odoo(tmp_path, "19, 0")))
    before = odoo_source.ensure_odoo()
    assert odoo_source.ensure_odoo() == before
    (tmp_path / ".git" / "logs").mkdir(parents=True)
    (tmp_path / ".git" / "logs" / "HEAD").write_text("0 1 pull\n")
    assert odoo_source.ensure_odoo() != before
