"""What of Odoo's log makes an installation fail."""

import pytest

from vision_cli.odoo_log import LogChecker

START = "2026-01-31 12:00:00,123 4711"


def problems(*lines: str) -> list[str]:
    checker = LogChecker()
    for line in lines:
        checker.feed(line)
    return checker.problems


@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_a_bad_record_is_a_problem_with_its_logger_and_text(level):
    line = f"{START} {level} vision odoo.modules.loading: view not found"
    assert problems(line) == [f"{level} odoo.modules.loading: view not found"]


def test_information_is_no_problem_even_when_it_speaks_of_errors():
    assert problems(f"{START} INFO vision odoo.tests: 0 failed, 0 ERROR of 3") == []


def test_a_missing_trigram_extension_is_harmless():
    line = f"{START} ERROR vision odoo.sql_db: bad query: CREATE EXTENSION IF NOT EXISTS pg_trgm"
    assert problems(line) == []


def test_another_bad_query_is_not_harmless():
    line = f"{START} ERROR vision odoo.sql_db: bad query: SELECT missing"
    assert len(problems(line)) == 1


def test_an_empty_addons_directory_is_harmless_but_not_another_wrong_path():
    text = "WARNING ? odoo.tools.config: option addons_path, invalid addons directory '%s', skipped"
    assert problems(f"{START} {text % '/src/addons'}") == []
    assert len(problems(f"{START} {text % '/src/adons'}")) == 1


def test_plain_prints_are_not_records():
    assert (
        problems(
            "Running as user 'root' is a security risk.",
            "<string>:38: (ERROR/3) Unexpected indentation.",
            "<string>:43: (WARNING/2) Block quote ends without a blank line; unexpected unindent.",
        )
        == []
    )


def test_progress_is_the_module_being_loaded():
    checker = LogChecker()
    checker.feed(f"{START} INFO vision odoo.modules.loading: Loading module account (12/66)")
    assert checker.progress == "12/66 account"
