"""The PostgreSQL server: the user's own where there is one, else a private one in `.odoo/pg`."""

import os
import re
import subprocess
from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

from . import embedded_postgres
from .embedded_postgres import binary
from .paths import ODOO_CONF
from .progress import Stop

NAMING_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")
CONF_VARIABLES = {
    "db_host": "PGHOST",
    "db_port": "PGPORT",
    "db_user": "PGUSER",
    "db_password": "PGPASSWORD",
}
LOCAL_SOCKETS = ("/var/run/postgresql", "/tmp")
MINIMUM = 13
# What a database name may be here: it is put into SQL between quotes.
DATABASE_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]{0,62}$")


@dataclass(frozen=True)
class Server:
    """How to reach a server: standard PG* variables, for Odoo and psql alike."""

    variables: Mapping[str, str]
    embedded: bool = False

    def sql(self, query: str, database: str = "postgres") -> list[str]:
        """Run SQL through psql; each row as one text, columns separated by `|`.

        :raise Stop: with PostgreSQL's own message.
        """
        result = self._psql(query, database)
        if result.returncode:
            message = (result.stderr.strip().splitlines() or ["no answer"])[0]
            raise Stop(f"PostgreSQL refused: {message}")
        return result.stdout.splitlines()

    def answers(self) -> str | None:
        """None when the server fits, else the reason why it does not.

        It fits when the login works, may create databases, is not `postgres` (which Odoo refuses),
        and the version is recent enough.
        """
        query = (
            "SELECT current_user, rolcreatedb OR rolsuper, current_setting('server_version_num') "
            "FROM pg_roles WHERE rolname = current_user"
        )
        result = self._psql(query, "postgres")
        if result.returncode:
            return (result.stderr.strip().splitlines() or ["it does not answer"])[0]
        user, may_create, version = result.stdout.strip().split("|")
        if user == "postgres":
            return "Odoo refuses the role postgres: set PGUSER to another one"
        if may_create != "t":
            return f"the role {user} may not create databases: ALTER ROLE {user} CREATEDB"
        if int(version) // 10000 < MINIMUM:
            return f"Odoo 19 needs PostgreSQL {MINIMUM} or newer"
        return None

    def _psql(self, query: str, database: str) -> subprocess.CompletedProcess[str]:
        command = [str(binary("psql")), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"]
        variables = {"PGCONNECT_TIMEOUT": "5", **os.environ, **self.variables, "LC_ALL": "C"}
        return subprocess.run(command, input=query, env=variables, capture_output=True, text=True)


def ensure_server() -> Server:
    """The server to use, started when it is the embedded one.

    :raise Stop: when the server that the user names does not fit.
    """
    if named := named_variables(os.environ, ODOO_CONF.read_text()):
        server = Server(named)
        if reason := server.answers():
            raise Stop(f"PostgreSQL of the PG* variables or odoo.conf: {reason}")
        return server
    for directory in LOCAL_SOCKETS:
        if (Path(directory) / ".s.PGSQL.5432").exists():
            server = Server({"PGHOST": directory})
            if server.answers() is None:
                return server
    return Server(embedded_postgres.ensure_running(), embedded=True)


def named_variables(environment: Mapping[str, str], conf: str) -> dict[str, str]:
    """The server that the user names, as PG* variables; empty when none is named.

    :param conf: content of odoo.conf; its `db_*` options count where PG* variables are silent.
    """
    parser = ConfigParser(interpolation=None)
    parser.read_string(conf)
    options = dict(parser["options"]) if parser.has_section("options") else {}
    from_conf = {
        variable: options[option]
        for option, variable in CONF_VARIABLES.items()
        if options.get(option) not in (None, "", "False", "false")
    }
    from_environment = {k: environment[k] for k in NAMING_VARIABLES if environment.get(k)}
    if not from_environment and "PGHOST" not in from_conf:
        return {}
    return {**from_conf, **from_environment}


def checked_name(database: str) -> str:
    """The name itself, when it can be a database name.

    :raise Stop: otherwise.
    """
    if not DATABASE_NAME.match(database):
        raise Stop(f"{database!r} can't be a database name: use letters, digits and underscores")
    return database
