"""Finding and running benches."""

import pytest

from vision_cli import main as cli
from vision_cli.commands import bench

PROGRAM = '"""Says hello."""\n\nif __name__ == "__main__":\n    print("hello")\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "hello.py").write_text(PROGRAM)
    (tmp_path / "shared.py").write_text('"""What benches share."""\n')
    monkeypatch.setattr(bench, "BENCH", tmp_path)
    return tmp_path


def test_without_a_name_the_programs_are_listed_and_what_they_share_is_not(folder, capsys):
    assert cli.main(["bench"]) == 0
    assert capsys.readouterr().out.split() == ["hello", "Says", "hello."]


def test_an_unknown_bench_is_refused_with_the_names_that_exist(folder, capsys):
    assert cli.main(["bench", "shared"]) == 1
    assert "there is no bench shared; there are: hello" in capsys.readouterr().err


def test_every_bench_of_the_repository_says_what_it_measures():
    assert "score" in bench.benches()
    assert all(bench.benches().values())
