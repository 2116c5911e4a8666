"""The command line."""

import argparse

import pytest

from vision_cli import main as cli
from vision_cli.progress import Stop


def run_with(monkeypatch, verb: str, argv: list[str], action=lambda arguments: 0):
    """Run the command line with a verb's work replaced; what the verb got and the exit code."""
    seen: list[argparse.Namespace] = []

    def run(arguments: argparse.Namespace) -> int:
        seen.append(arguments)
        return action(arguments)

    monkeypatch.setattr(cli.VERBS[verb], "run", run)
    code = cli.main(argv)
    return seen[0], code


def test_pytest_arguments_pass_through_in_their_order(monkeypatch):
    argv = ["addons/crm_contrats", "-k", "mandate and not b2b", "-x", "--lf"]
    arguments, code = run_with(monkeypatch, "test", ["test", *argv])
    assert arguments.rest == argv
    assert code == 0


def test_psql_takes_its_own_options_and_ours(monkeypatch):
    arguments, _ = run_with(monkeypatch, "psql", ["psql", "-d", "other", "-c", "SELECT 1"])
    assert arguments.database == "other"
    assert arguments.rest == ["-c", "SELECT 1"]


def test_the_demo_serves_unless_told_otherwise(monkeypatch):
    arguments, _ = run_with(monkeypatch, "demo", ["demo"])
    assert arguments.serve
    assert arguments.port == 8069
    arguments, _ = run_with(monkeypatch, "demo", ["demo", "--no-serve", "--port", "8100"])
    assert not arguments.serve
    assert arguments.port == 8100


def test_an_unknown_option_of_a_verb_of_ours_is_refused(monkeypatch, capsys):
    with pytest.raises(SystemExit) as leaving:
        run_with(monkeypatch, "demo", ["demo", "--serv"])
    assert leaving.value.code == 2
    assert "unrecognized arguments: --serv" in capsys.readouterr().err


def test_without_a_verb_the_usage_is_shown(capsys):
    with pytest.raises(SystemExit) as leaving:
        cli.main([])
    assert leaving.value.code == 2
    assert "usage: vision" in capsys.readouterr().err


def test_every_verb_has_its_help():
    text = cli.build_parser().format_help()
    for name in ("demo", "test", "serve", "shell", "update", "psql", "reset", "import"):
        assert f"\n    {name} " in text


def test_a_stop_is_one_line_and_exit_code_1(monkeypatch, capsys):
    def stop(_arguments):
        raise Stop("install git")

    _, code = run_with(monkeypatch, "setup", ["setup"], stop)
    assert code == 1
    assert capsys.readouterr().err == "vision: install git\n"


def test_an_interruption_is_told_without_a_traceback(monkeypatch, capsys):
    def interrupt(_arguments):
        raise KeyboardInterrupt

    _, code = run_with(monkeypatch, "setup", ["setup"], interrupt)
    assert code == 130
    assert capsys.readouterr().err.startswith("vision: interrupted")


def test_the_exit_code_of_the_verb_is_the_programs(monkeypatch):
    assert run_with(monkeypatch, "update", ["update"], lambda _: 3)[1] == 3


def test_importing_a_missing_file_says_so(capsys):
    assert cli.main(["import", "/does/not/exist.csv"]) == 1
    assert "/does/not/exist.csv is not a file" in capsys.readouterr().err
