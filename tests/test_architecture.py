"""The three rules of the house (docs/architecture.md)."""

import ast
import re
from pathlib import Path

import pytest

ADDONS = Path(__file__).parents[1] / "addons"
PROVIDERS = {"slimpay", "gocardless", "stripe"}

# Rule 1: arrows point down only. What each addon may depend on, of our own.
ALLOWED = {
    "payment_direct_debit": set(),
    "payment_direct_debit_demo": {"payment_direct_debit"},
    "payment_gocardless": {"payment_direct_debit"},
    "payment_slimpay": {"payment_direct_debit"},
    "payment_stripe_sepa": {"payment_direct_debit"},
    "payment_collection": {"payment_direct_debit"},
    "crm_contrats": {"payment_collection"},
    "spreadsheet_dashboard_payment_collection": {"payment_collection"},
}

# Names of our own that an addon may import beyond what it depends on: none in production code;
# the engine's tests run on the scriptable provider.
TESTS_MAY_IMPORT = {"payment_collection": {"payment_direct_debit_demo"}}

CODES = ("gocardless", "slimpay", "stripe_sepa")
# Whoever knows one provider finds his way in the others.
CLIENT_FILES = (
    "api.py",
    "client.py",
    "const.py",
    "failures.py",
    "mandates.py",
    "payloads.py",
    "settlement.py",
    "snapshots.py",
    "transport.py",
    "webhook.py",
)

# Pure arithmetic: no ORM, no cursor, no request (rule 3).
PURE = (
    "payment_direct_debit/pure",
    "payment_collection/pure",
    "payment_direct_debit/debit_states.py",
    "payment_direct_debit/seam",
    "payment_direct_debit/parallel.py",
    "payment_direct_debit/client.py",
    "payment_direct_debit/failures.py",
    "payment_direct_debit/http.py",
    "payment_direct_debit/webhooks.py",
    *(f"payment_{provider}/{file}" for provider in CODES for file in CLIENT_FILES),
    "crm_contrats/schedule.py",
    "crm_contrats/importing",
)


def own_addons():
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def manifest(addon):
    return ast.literal_eval((ADDONS / addon / "__manifest__.py").read_text())


def python_files(path):
    return [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


def imported_names(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def imported_addons(path):
    for name in imported_names(path):
        if match := re.match(r"odoo\.addons\.(\w+)", name):
            yield match[1]


def test_every_addon_has_its_place():
    assert set(own_addons()) == set(ALLOWED)


@pytest.mark.parametrize("addon", own_addons())
def test_rule_1_arrows_point_down(addon):
    assert set(manifest(addon)["depends"]) & set(own_addons()) <= ALLOWED[addon]


@pytest.mark.parametrize("addon", own_addons())
def test_rule_1_imports_follow_the_dependencies(addon):
    reachable, todo = {addon}, [addon]
    while todo:
        for below in ALLOWED[todo.pop()]:
            reachable.add(below)
            todo.append(below)
    for path in python_files(ADDONS / addon):
        allowed = set(reachable)
        if "tests" in path.parts:
            allowed |= TESTS_MAY_IMPORT.get(addon, set())
        wrong = set(imported_addons(path)) & set(own_addons()) - allowed
        assert not wrong, f"{path.relative_to(ADDONS)} imports {wrong}"


@pytest.mark.parametrize("addon", own_addons())
def test_rule_2_nobody_names_another_provider(addon):
    others = {name for name in PROVIDERS if name not in addon}
    pattern = re.compile("|".join(sorted(others)), re.IGNORECASE)
    for path in sorted((ADDONS / addon).rglob("*")):
        if path.suffix in {".py", ".xml", ".csv", ".js", ".sql", ".po", ".pot"}:
            found = pattern.search(path.read_text(errors="replace"))
            assert not found, f"{path.relative_to(ADDONS)} names {found[0]}"


def test_rule_3_no_circle():
    graph = {addon: set(manifest(addon)["depends"]) & set(own_addons()) for addon in own_addons()}
    done = set()
    while graph.keys() - done:
        free = {addon for addon in graph.keys() - done if graph[addon] <= done}
        assert free, f"a circle among {graph.keys() - done}"
        done |= free


@pytest.mark.parametrize("place", PURE)
def test_rule_3_pure_means_without_the_orm(place):
    files = python_files(ADDONS / place)
    assert files, f"{place} is gone"
    for path in files:
        for name in imported_names(path):
            orm = name == "odoo" or re.match(r"odoo\.(models|fields|api|http|sql_db|orm)", name)
            assert not orm, f"{path.relative_to(ADDONS)} imports {name}"


def test_old_hooks_of_the_payment_framework_are_not_used():
    """An override by its name of 18.0 is simply never called on 19.0: no error, no payment."""
    old = (
        "_handle_notification_data",
        "_process_notification_data",
        "_get_tx_from_notification_data",
        "_finalize_post_processing",
    )
    for path in python_files(ADDONS):
        text = path.read_text()
        assert not [name for name in old if name in text], path


def test_commits_give_their_reason():
    """A commit in the middle of a transaction has its reason beside it."""
    for path in python_files(ADDONS):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if "cr.commit()" in line and "tests" not in path.parts:
                around = "\n".join(lines[max(0, number - 3) : number + 1])
                assert '"""' in around or "#" in around, f"{path}:{number + 1}"
