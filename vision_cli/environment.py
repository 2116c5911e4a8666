"""The Python environment of the checkout: `.venv`, made from `requirements.lock`."""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .paths import LOCK, ODOO_CONF, ROOT, STATE, VENV
from .progress import Stop, run_or_stop, say, step

STAMP = VENV / ".vision"


def python() -> Path:
    """The interpreter of the environment."""
    return VENV / "bin" / "python"


def site_packages() -> Path:
    """Where the environment keeps its packages (`.venv/lib/python3.x/site-packages`)."""
    return next(VENV.glob("lib/python3.*/site-packages"))


@contextmanager
def exclusive() -> Iterator[None]:
    """Hold the set-up lock: two commands started together must not build the same thing."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another ./vision is setting things up, waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def wanted_stamp() -> str:
    """Identifies the environment that belongs to this lock file, this Python and this place."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    content = LOCK.read_bytes() + version.encode() + str(VENV).encode()
    return hashlib.sha256(content).hexdigest()


def is_current() -> bool:
    """Whether `.venv` holds exactly what the lock file says."""
    return python().exists() and STAMP.exists() and STAMP.read_text() == wanted_stamp()


def ensure_environment() -> None:
    """Make or refresh `.venv`; nothing happens when it is current.

    :raise Stop: when the venv module is missing or pip fails.
    """
    if is_current():
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise Stop("Python's venv module is missing: install it (apt-get install python3-venv)")
    with step("Python packages"):
        if not _same_interpreter():
            subprocess.run(
                [sys.executable, "-m", "venv", "--clear", str(VENV)], check=True, cwd=ROOT
            )
        # --no-deps: the lock names everything, so nothing unlocked can slip in.
        run_or_stop(
            [python(), "-m", "pip", "install", "--no-input", "-q", "--no-deps", "-r", LOCK],
            "pip",
            "pip could not install requirements.lock: check the network, then run it again",
            env=os.environ
            | {"PIP_CACHE_DIR": str(STATE / "pip"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        )
        STAMP.write_text(wanted_stamp())


def _same_interpreter() -> bool:
    """Whether `.venv` works and was made with the Python that runs now."""
    if not python().exists():
        return False
    program = "import sys; print(sys.prefix, *sys.version_info[:2])"
    seen = subprocess.run([str(python()), "-c", program], capture_output=True, text=True)
    return seen.stdout.split() == [str(VENV), *map(str, sys.version_info[:2])]


def odoo_environment(database_variables: Mapping[str, str]) -> dict[str, str]:
    """Environment of the processes that run Odoo or its tests.

    :param database_variables: the PG* variables of the server.
    """
    variables = dict(os.environ)
    variables.pop("PYTHONHOME", None)
    variables["PATH"] = f"{VENV / 'bin'}{os.pathsep}{variables.get('PATH', '')}"
    variables["VIRTUAL_ENV"] = str(VENV)
    variables["ODOO_RC"] = str(ODOO_CONF)
    variables["PYTHONUNBUFFERED"] = "1"
    # A proxy of the environment must not see loopback traffic.
    for name in ("NO_PROXY", "no_proxy"):
        variables[name] = ",".join(filter(None, [variables.get(name), "127.0.0.1", "localhost"]))
    return variables | dict(database_variables)
