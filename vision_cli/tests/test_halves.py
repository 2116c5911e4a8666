"""The two halves of the test suite."""

import re

from vision_cli import halves
from vision_cli.paths import ODOO_CONF, ROOT


def test_every_place_with_tests_is_in_exactly_one_half():
    first, other = halves.halves()
    tests = {
        path.relative_to(ROOT)
        for folder in ("addons", *halves.OTHERS)
        for path in (ROOT / folder).rglob("test_*.py")
    }
    for test in tests:
        found = [place for place in first + other if test.is_relative_to(place)]
        assert len(found) == 1, f"{test}: {found}"
    assert first and other


def test_what_pytest_runs_by_itself_is_what_the_halves_run():
    paths = re.search(r"testpaths = \[(.*)\]", (ROOT / "pyproject.toml").read_text())[1]
    assert set(re.findall(r'"(\w+)"', paths)) == {"addons", *halves.OTHERS}


def test_the_other_half_listens_elsewhere_and_keeps_the_rest_of_the_configuration():
    ours = ODOO_CONF.read_text(encoding="utf-8").splitlines()
    other = halves.own_configuration().read_text(encoding="utf-8").splitlines()
    changed = {line.split(" = ")[0] for line in set(other) - set(ours)}
    assert changed == {"http_port", "gevent_port"}
    assert len(other) == len(ours)
