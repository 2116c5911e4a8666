"""Ports and child processes, the real ones."""

import os
import socket
import sys
import time

import pytest

from vision_cli import processes
from vision_cli.processes import child, free_port, port_is_free, require_port, wait_for
from vision_cli.progress import Stop

SERVER = (
    "import http.server, sys;"
    "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])),"
    " http.server.SimpleHTTPRequestHandler).serve_forever()"
)


@pytest.fixture(autouse=True)
def logs_of_the_test(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOGS", tmp_path)
    monkeypatch.setattr("vision_cli.progress.LOGS", tmp_path)


def test_a_taken_port_stops_with_one_line_that_names_it():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not port_is_free(port)
        with pytest.raises(Stop, match=f"port {port} is taken") as stop:
            require_port(port)
    assert "\n" not in str(stop.value)


def test_a_free_port_passes():
    require_port(free_port())


def test_a_child_answers_and_ends_with_its_block():
    port = free_port()
    command = [sys.executable, "-c", SERVER, str(port)]
    with child("server", command, dict(os.environ)) as process:
        wait_for(process, "server", f"http://127.0.0.1:{port}/missing")
        assert process.poll() is None
    assert process.poll() is not None
    assert port_is_free(port)


def test_a_child_ends_when_the_block_fails():
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(KeyError), child("sleeper", command, dict(os.environ)) as process:
        raise KeyError
    assert process.poll() is not None


def test_a_child_that_dies_is_told_with_its_last_words(capsys):
    command = [sys.executable, "-c", "import sys; sys.exit('no room left')"]
    start = time.monotonic()
    with (
        child("server", command, dict(os.environ)) as process,
        pytest.raises(Stop, match="server did not start"),
    ):
        wait_for(process, "server", "http://127.0.0.1:9/", seconds=30)
    assert time.monotonic() - start < 10
    assert "no room left" in capsys.readouterr().err
