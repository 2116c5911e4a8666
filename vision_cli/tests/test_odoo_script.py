"""A file run inside Odoo: its transaction, arguments and exit code. In the database of the tests,
by a process of its own."""

import subprocess
import sys
from contextlib import closing

import psycopg2
import pytest

from odoo.tools import config

from vision_cli.paths import ROOT

KEY = "vision_cli.test_odoo_script"
WRITE = f"env['ir.config_parameter'].set_param('{KEY}', __import__('sys').argv[1])\n"


@pytest.fixture
def database():
    """Name of the database; what a test leaves in it is removed."""
    name = config["db_name"]
    name = name if isinstance(name, str) else name[0]
    yield name
    with closing(psycopg2.connect(dbname=name)) as connection, connection, connection.cursor() as c:
        c.execute("DELETE FROM ir_config_parameter WHERE key = %s", [KEY])


def execute(database, path, content, argument):
    path.write_text(content)
    command = [sys.executable, "-m", "vision_cli.odoo_script", database, str(path), argument]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def stored(database):
    with closing(psycopg2.connect(dbname=database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [KEY])
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.parametrize("ending", ["", "__import__('sys').exit()"])
def test_what_a_file_changes_is_committed(database, tmp_path, ending):
    result = execute(database, tmp_path / "play.py", WRITE + ending, "kept")
    assert result.returncode == 0, result.stderr
    assert stored(database) == ["kept"]


def test_an_exception_rolls_back_and_is_told(database, tmp_path):
    result = execute(database, tmp_path / "play.py", WRITE + "raise KeyError('gone')", "lost")
    assert result.returncode == 1
    assert "KeyError: 'gone'" in result.stderr
    assert stored(database) == []


def test_an_exit_code_is_handed_on_and_rolls_back(database, tmp_path):
    result = execute(database, tmp_path / "play.py", WRITE + "raise SystemExit(7)", "lost")
    assert result.returncode == 7
    assert stored(database) == []
