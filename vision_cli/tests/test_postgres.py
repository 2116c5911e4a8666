"""Which server is taken, and under what names."""

from pathlib import Path

import pytest

from vision_cli import embedded_postgres
from vision_cli.postgres import checked_name, named_variables
from vision_cli.progress import Stop

NO_SERVER = "[options]\n; a comment\ndb_name = vision\nlist_db = False\n"
WITH_SERVER = (
    "[options]\ndb_host = db.example.org\ndb_port = 5433\ndb_user = u\ndb_password = 50%\n"
)


def test_nobody_names_a_server():
    assert named_variables({"PATH": "/bin", "PGUSER": "me"}, NO_SERVER) == {}


def test_the_standard_variables_name_it():
    environment = {"PGHOST": "/run/pg", "PGPORT": "5433"}
    assert named_variables(environment, NO_SERVER) == environment


def test_odoo_conf_names_it():
    assert named_variables({}, WITH_SERVER) == {
        "PGHOST": "db.example.org",
        "PGPORT": "5433",
        "PGUSER": "u",
        "PGPASSWORD": "50%",
    }


def test_the_variables_outrank_odoo_conf():
    assert named_variables({"PGHOST": "other"}, WITH_SERVER)["PGHOST"] == "other"


def test_false_in_odoo_conf_means_not_named():
    assert named_variables({}, "[options]\ndb_host = False\ndb_port = False\n") == {}


@pytest.mark.parametrize("name", ["vision", "vision_base_0a1b", "client-2026.1"])
def test_ordinary_names_of_databases_pass(name):
    assert checked_name(name) == name


@pytest.mark.parametrize("name", ["", "a b", "x'; DROP", 'x"y', "1st", "x" * 64])
def test_names_that_could_break_out_of_sql_are_refused(name):
    with pytest.raises(Stop):
        checked_name(name)


def test_the_socket_is_in_the_cluster_when_its_path_is_short_enough(monkeypatch):
    monkeypatch.setattr(embedded_postgres, "CLUSTER", Path("/home/me/vision/.odoo/pg"))
    assert embedded_postgres.socket_directory() == Path("/home/me/vision/.odoo/pg")


def test_a_deep_checkout_gets_a_short_socket_of_its_own(monkeypatch):
    found = set()
    for name in ("one", "two"):
        deep = Path("/home") / ("d" * 90) / name / ".odoo/pg"
        monkeypatch.setattr(embedded_postgres, "CLUSTER", deep)
        directory = embedded_postgres.socket_directory()
        assert len(f"{directory}/.s.PGSQL.5432.lock") <= 107
        found.add(directory)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        ("Name:\tpostgres\nUmask:\t0077\nState:\tS (sleeping)\n", True),
        ("Name:\tpostgres\nUmask:\t0077\nState:\tZ (zombie)\n", False),
        ("Name:\tbash\nUmask:\t0022\nState:\tS (sleeping)\n", False),
        (None, False),
    ],
    ids=["alive", "zombie", "recycled number", "gone"],
)
def test_only_a_living_server_keeps_its_pid_file(tmp_path, status, kept):
    processes, pid_file = tmp_path / "proc", tmp_path / "postmaster.pid"
    (processes / "4711").mkdir(parents=True)
    if status:
        (processes / "4711" / "status").write_text(status)
    pid_file.write_text("4711\n/data\n")
    embedded_postgres.forget_dead_server(pid_file, processes)
    assert pid_file.exists() is kept
