"""The lock file holds everything, in versions, and nothing of the machine that made it."""

import re

import pytest

from vision_cli.paths import LOCK, ROOT

NAME = re.compile(r"^([A-Za-z0-9._-]+)")
PINNED = re.compile(r"^[a-z0-9.-]+==[\w.+!]+( ; .+)?$")


def lines(path) -> list[str]:
    stripped = (line.strip() for line in path.read_text().splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def normalized(line: str) -> str:
    """The name of a requirement as PEP 503 normalizes it."""
    match = NAME.match(line)
    assert match, line
    return re.sub(r"[-_.]+", "-", match[1]).lower()


LOCKED = {normalized(line) for line in lines(LOCK)}


@pytest.mark.parametrize("requirement", lines(ROOT / "requirements.in"))
def test_each_wanted_package_is_locked(requirement):
    assert normalized(requirement) in LOCKED


@pytest.mark.parametrize("requirement", lines(LOCK))
def test_each_locked_line_is_one_exact_version(requirement):
    assert PINNED.match(requirement)


def test_the_versions_wanted_are_the_versions_locked():
    locked = {normalized(line): line.split(" ")[0].split("==")[1] for line in lines(LOCK)}
    for line in lines(ROOT / "requirements.in"):
        if "==" in line.split(";")[0]:
            assert locked[normalized(line)] == line.split(";")[0].split("==")[1].strip()
