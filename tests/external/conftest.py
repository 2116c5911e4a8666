"""The targets of the external tests, and the answers that they found."""

import pytest

ANSWERS = pytest.StashKey[list]()


@pytest.fixture(scope="module")
def target(request):
    """Whom the module asks; what it settles is shown at the end."""
    made = request.module.make_target()
    request.config.stash.setdefault(ANSWERS, []).append(made.settled)
    return made


@pytest.fixture(scope="module")
def mandate(request, target):
    """The reference of a mandate that can be debited."""
    return request.module.make_mandate(target)


def pytest_collection_modifyitems(items):
    """What moves the clock of a stand-in comes last."""
    ours = [item for item in items if "tests.external" in item.module.__name__]
    late = [item for item in ours if hasattr(item.obj, "moves_the_clock")]
    items[:] = [item for item in items if item not in late] + late


def pytest_terminal_summary(terminalreporter, config):
    """Show what was settled."""
    lines = [line for settled in config.stash.get(ANSWERS, []) for line in settled]
    if lines:
        terminalreporter.section("settled")
        terminalreporter.write_line("\n".join(lines))
