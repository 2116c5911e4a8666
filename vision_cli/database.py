"""Databases: a template with the dependencies, copies of it, and our addons kept up to date.

What a database holds of our addons is remembered in the database itself (`ir_config_parameter`),
so that a copy or a restored dump knows it too.
"""

import hashlib
import json
import shutil

from .addons import Addon, changes, external_dependencies, own_addons
from .environment import odoo_environment, python
from .odoo_log import LogChecker
from .odoo_source import OdooSource
from .paths import FILESTORE, LOCK, LOGS
from .postgres import Server, checked_name
from .progress import Stop, run_logged, say, show_tail, step

BASE_MODULES = {
    "account_payment",
    "base_iban",
    "contacts",
    "l10n_fr_account",
    "portal",
    "product",
    "sales_team",
}
# The first one becomes the default, which core's tests expect to be English.
LANGUAGES = "en_US,fr_FR"
TEMPLATE_PREFIX = "vision_base_"
PARAMETER = "vision_cli.addons"
TEST_ADDON_SUFFIX = "_demo"
WANTED_EXTENSIONS = ("pg_trgm", "unaccent")


def exists(server: Server, database: str) -> bool:
    """Whether the server has the database."""
    name = checked_name(database)
    return server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == ["1"]


def drop(server: Server, database: str) -> bool:
    """Drop a database with its filestore, whoever is connected; False when there was none."""
    found = exists(server, database)
    server.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(FILESTORE / database, ignore_errors=True)
    return found


def copy(server: Server, source: str, target: str) -> None:
    """Make `target` as a copy of `source`, filestore included; a former `target` is replaced."""
    drop(server, target)
    server.sql(f'CREATE DATABASE "{checked_name(target)}" TEMPLATE "{checked_name(source)}"')
    if (FILESTORE / source).is_dir():
        shutil.copytree(FILESTORE / source, FILESTORE / target)


def rename(server: Server, source: str, target: str) -> None:
    """Rename a database and its filestore."""
    server.sql(f'ALTER DATABASE "{checked_name(source)}" RENAME TO "{checked_name(target)}"')
    if (FILESTORE / source).is_dir():
        shutil.rmtree(FILESTORE / target, ignore_errors=True)
        (FILESTORE / source).rename(FILESTORE / target)


def template_name(addons: list[Addon], odoo: OdooSource) -> tuple[str, set[str]]:
    """Name of the template that these addons need, and the modules in it.

    The name changes with the modules, the Python packages and Odoo's own source.
    """
    modules = BASE_MODULES | external_dependencies(addons)
    content = "\0".join([*sorted(modules), LANGUAGES, odoo.fingerprint]).encode()
    digest = hashlib.sha256(content + LOCK.read_bytes()).hexdigest()[:12]
    return f"{TEMPLATE_PREFIX}{digest}", modules


def ensure_template(server: Server, odoo: OdooSource) -> str:
    """Make the template database unless it exists; its name.

    :raise Stop: when Odoo fails or warns while it installs the modules.
    """
    name, modules = template_name(own_addons(), odoo)
    if exists(server, name):
        return name
    building = f"{name}_new"
    drop(server, building)
    server.sql(f"CREATE DATABASE \"{building}\" TEMPLATE template0 ENCODING 'UTF8'")
    _create_extensions(server, building)
    arguments = ["-i", ",".join(sorted(modules)), f"--load-language={LANGUAGES}"]
    run_odoo(server, building, arguments, "Template database")
    if server.embedded:
        for former in template_databases(server):
            if former != building:
                drop(server, former)
    # Renamed last: an interrupted installation leaves nothing that looks complete.
    rename(server, building, name)
    return name


def template_databases(server: Server) -> list[str]:
    """The template databases that the server holds."""
    pattern = f"^{TEMPLATE_PREFIX}[0-9a-f]{{12}}(_new)?$"
    return server.sql(f"SELECT datname FROM pg_database WHERE datname ~ '{pattern}'")


def ensure_database(
    server: Server, odoo: OdooSource, database: str, *, for_tests: bool = False
) -> None:
    """Make a database from the template unless it exists, and bring our addons up to date in it.

    :param for_tests: with the addons that only tests need.
    """
    template = ensure_template(server, odoo)
    if not exists(server, database):
        copy(server, template, database)
    update(server, database, template, for_tests=for_tests)


def ensure_test_database(server: Server, odoo: OdooSource, database: str) -> None:
    """As `ensure_database`, but one that has aged in a way that `-u` can't mend is made anew.

    That is: its template is another one now, or it holds an addon that has no files any more.
    """
    template = ensure_template(server, odoo)
    if exists(server, database):
        held = stored(server, database)
        gone = changes(own_addons(), held.get("addons", {}))[2]
        if gone or held.get("template") != template:
            drop(server, database)
    ensure_database(server, odoo, database, for_tests=True)


def update(
    server: Server, database: str, template: str | None = None, *, for_tests: bool = False
) -> list[str]:
    """Install the addons that the database lacks and update those whose files changed.

    :param template: remembered beside the checksums, for `ensure_test_database`.
    :param for_tests: also the addons that only tests need; people are not shown them.
    :return: the names of the addons that were installed or updated.
    """
    addons = [
        addon for addon in own_addons() if for_tests or not addon.name.endswith(TEST_ADDON_SUFFIX)
    ]
    held = stored(server, database)
    new, changed, gone = changes(addons, held.get("addons", {}))
    if gone:
        say(f"{database} holds addons without files: {', '.join(gone)}")
    # Installed by hand, or by a run that stopped with a warning: `-i` would not touch it again.
    present = installed_modules(server, database) if new else set()
    to_install = [name for name in new if name not in present]
    to_update = changed + [name for name in new if name in present]
    arguments = ["-i", ",".join(to_install)] if to_install else []
    if to_update:
        arguments += ["-u", ",".join(to_update), "--i18n-overwrite"]
    if arguments:
        run_odoo(server, database, arguments, f"Addons of {database}")
    now = {
        "addons": {addon.name: addon.checksum for addon in addons},
        "template": template or held.get("template"),
    }
    if now != held:
        _store(server, database, now)
    return new + changed


def run_odoo(server: Server, database: str, arguments: list[str], title: str) -> None:
    """Run Odoo on a database until it has installed or updated what the arguments say.

    :raise Stop: when it fails, or logs a warning or an error that is not on the allow-list.
    """
    checker = LogChecker()
    log_name = f"odoo-{database}"
    with step(title) as current:

        def follow(line: str) -> None:
            checker.feed(line)
            current.detail = checker.progress

        command = [python(), "-m", "odoo", "-d", database, *arguments]
        command += ["--stop-after-init", "--max-cron-threads=0", "--no-http"]
        environment = odoo_environment(server.variables)
        code = run_logged(command, log_name, env=environment, on_line=follow)
        for problem in checker.problems:
            say(f"    {problem}")
        if code:
            show_tail(log_name)
            raise Stop(f"Odoo failed on {database}: look at {LOGS / log_name}.log")
        if checker.problems:
            raise Stop(f"Odoo warned on {database}: mend it, or look at {LOGS / log_name}.log")


def installed_modules(server: Server, database: str) -> set[str]:
    """The modules that Odoo holds for installed in the database."""
    return set(server.sql("SELECT name FROM ir_module_module WHERE state = 'installed'", database))


def stored(server: Server, database: str) -> dict:
    """What the database remembers: checksums of our addons by name, and its template."""
    rows = server.sql(f"SELECT value FROM ir_config_parameter WHERE key = '{PARAMETER}'", database)
    return json.loads(rows[0]) if rows else {}


def _store(server: Server, database: str, value: dict) -> None:
    # Letters, digits and JSON's own signs only: addon names and hexadecimal digests.
    text = json.dumps(value, sort_keys=True)
    server.sql(
        "INSERT INTO ir_config_parameter (key, value, create_date, write_date) "
        f"VALUES ('{PARAMETER}', '{text}', now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        database,
    )


def _create_extensions(server: Server, database: str) -> None:
    names = ", ".join(f"'{name}'" for name in WANTED_EXTENSIONS)
    query = f"SELECT name FROM pg_available_extensions WHERE name IN ({names})"
    for name in server.sql(query, database):
        server.sql(f"CREATE EXTENSION IF NOT EXISTS {name}", database)
