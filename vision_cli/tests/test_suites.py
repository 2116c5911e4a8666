"""Counting of what test runners did."""

from vision_cli.suites import OdooTestLog, Outcome, junit_outcome

START = "2026-01-31 12:00:00,123 4711"
FAILED = f"""\
{START} INFO db odoo.addons.x.tests.test_a: Starting TestA.test_one ...
{START} ERROR db odoo.addons.x.tests.test_a: FAIL: TestA.test_one
Traceback (most recent call last):
AssertionError: 1 != 2
{START} INFO db odoo.addons.x.tests.test_a: skipped TestA.test_two : no browser
{START} ERROR db odoo.tests.result: 1 failed, 1 error(s) of 9 tests when loading database 'db'
"""


def read(content: str) -> OdooTestLog:
    log = OdooTestLog()
    for line in content.splitlines():
        log.feed(line)
    return log


def test_odoos_result_is_counted_with_what_was_skipped():
    assert read(FAILED).outcome == Outcome(passed=6, failed=2, skipped=1)


def test_a_failure_is_shown_with_its_traceback_and_nothing_else():
    shown = read(FAILED).shown
    assert shown[0].endswith("FAIL: TestA.test_one")
    assert shown[1:3] == ["Traceback (most recent call last):", "AssertionError: 1 != 2"]
    assert not any("skipped" in line or "Starting" in line for line in shown)


def test_green_results_of_several_phases_add_up():
    line = f"{START} INFO db odoo.tests.result: 0 failed, 0 error(s) of 4 tests when loading"
    assert read(f"{line}\n{line}\n").outcome == Outcome(passed=8)


def test_a_run_without_a_result_passed_nothing():
    assert read(f"{START} INFO db odoo: Modules loaded.\n").outcome == Outcome()


def test_a_junit_report_is_counted():
    content = (
        '<testsuites><testsuite name="pytest" tests="10" failures="2" errors="1" skipped="3"/>'
        "</testsuites>"
    )
    assert junit_outcome(content) == Outcome(passed=4, failed=3, skipped=3)


def test_outcomes_add_up():
    assert Outcome(1, 2, 3) + Outcome(10, 20, 30) == Outcome(11, 22, 33)
