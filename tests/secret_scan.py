"""Looks for what must stay secret: in the log, in exceptions, and in every text of a database."""

import base64
import logging
import re
import traceback
from contextlib import contextmanager

from odoo.netsvc import PSEUDOCONFIG_MAPPER
from odoo.tools import SQL

# Tokens of OAuth come and go; this is how they begin.
BEARER = re.compile(r"eyJ[A-Za-z0-9_-]{10,}\.|Bearer\s+[^\s*'\"]{6,}|Basic\s+[A-Za-z0-9+/]{8,}")
# Where secrets and account numbers are kept on purpose.
KEPT = {
    ("res_partner_bank", "acc_number"),
    ("res_partner_bank", "sanitized_acc_number"),
    # The READMEs of the addons name the stand-ins' keys and the published test accounts.
    ("ir_module_module", "description"),
}
LIBRARIES = ("", "urllib3", "requests", "gocardless_pro", "werkzeug")


def guarded_fields(env):
    """Return the names of the provider's texts that only an administrator may read.

    :param env: Odoo's environment.
    """
    fields = env["payment.provider"]._fields.values()
    return sorted(
        field.name
        for field in fields
        if field.groups == "base.group_system" and field.type in ("char", "text") and field.store
    )


def variants(secret):
    """Return a secret as it may be written: plain, in base64, with spaces as IBANs have them."""
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return {secret, base64.b64encode(secret.encode()).decode(), spaced}


def leaks(text, secrets):
    """Return which of the secrets a text holds, and pieces of it that look like a token.

    :param str text: where to look.
    :param secrets: the strings to look for.
    """
    found = [secret for secret in secrets for form in variants(secret) if form in text]
    return found + [match[0] for match in BEARER.finditer(text)]


class Listener(logging.Handler):
    """Keeps every record as the text that a log file would hold, traceback included."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []
        self.names = set()

    def emit(self, record):
        """Keep one record."""
        self.names.add(record.name.partition(".")[0])
        self.lines.append(f"{record.name}: {self.format(record)}")


@contextmanager
def everything_logged():
    """Log as `--log-level=debug` does, and the libraries' own loggers too; yields the listener.

    The log of SQL is left out: it is a mode of its own (`debug_sql`) that shows every password.
    """
    levels = dict(item.split(":") for item in PSEUDOCONFIG_MAPPER["debug"])
    levels |= dict.fromkeys(LIBRARIES, "DEBUG")
    before = {name: logging.getLogger(name).level for name in levels}
    listener, root = Listener(), logging.getLogger()
    root.addHandler(listener)
    # Only the listener hears what is below the level of before.
    handlers = {handler: handler.level for handler in root.handlers if handler is not listener}
    for handler in handlers:
        handler.setLevel(max(handler.level, before[""]))
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    try:
        yield listener
    finally:
        root.removeHandler(listener)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
        for handler, level in handlers.items():
            handler.setLevel(level)


def told(error):
    """Return all that an exception says: its text, its arguments, those that it came from."""
    return "".join(traceback.format_exception(error)) + repr(error.args)


def database_leaks(env, secrets):
    """Return {(table, column): what was found} for every text of the database.

    :param env: Odoo's environment.
    :param secrets: the strings to look for.
    """
    env.flush_all()
    kept = KEPT | {("payment_provider", name) for name in guarded_fields(env)}
    patterns = [f"%{form}%" for secret in secrets for form in variants(secret)]
    env.cr.execute(
        """SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb')
              AND is_generated = 'NEVER'"""
    )
    found = {}
    for table, column in env.cr.fetchall():
        if (table, column) in kept:
            continue
        name = SQL.identifier(column)
        env.cr.execute(
            SQL(
                "SELECT %s::text FROM %s WHERE %s::text LIKE ANY(%s) LIMIT 3",
                name,
                SQL.identifier(table),
                name,
                patterns,
            )
        )
        if rows := env.cr.fetchall():
            found[table, column] = [text for (text,) in rows]
    return found
