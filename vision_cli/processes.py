"""Ports and child processes."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .paths import LOGS, ROOT
from .progress import Stop, show_tail

HOST = "127.0.0.1"
TERMINATION_SECONDS = 10


def port_is_free(port: int, host: str = HOST) -> bool:
    """Whether nothing listens on the port."""
    with socket.socket() as probe:
        # As the servers do: a port whose last connections linger in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_port(port: int) -> None:
    """Make sure that a server can be started on the port.

    :raise Stop: when it is taken.
    """
    if not port_is_free(port):
        raise Stop(f"port {port} is taken: stop what uses it, or choose another one with --port")


def free_port() -> int:
    """A port that nothing uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def child(
    name: str, command: Sequence[str | Path], env: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server beside the block, its output in `.odoo/log/<name>.log`; it ends with the block.

    Its process group is its own, so that Ctrl-C reaches this program only, which ends its children
    in order.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=env,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            terminate(process)


def terminate(process: subprocess.Popen[bytes]) -> None:
    """End a child politely, then by force."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(TERMINATION_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process: subprocess.Popen[bytes], name: str, url: str, seconds: int = 60) -> None:
    """Wait until a child answers HTTP at `url`, with any status.

    :raise Stop: when it ends before, or does not answer in time.
    """
    deadline = time.monotonic() + seconds
    # A proxy of the environment must not see loopback traffic.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            opener.open(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    show_tail(name)
    raise Stop(f"{name} did not start: look at {LOGS / name}.log")


def stop_on_sigterm() -> None:
    """Make SIGTERM end the program as Ctrl-C does, so that children are ended too."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
