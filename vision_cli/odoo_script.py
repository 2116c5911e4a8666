"""Runs a Python file inside Odoo, with `env` at hand.

Called in two roles: `run_in_odoo` from the command (standard library only), and this module as a
program (`python -m vision_cli.odoo_script DATABASE SCRIPT ARGUMENTS`) inside the environment.
"""

import runpy
import subprocess
import sys
import threading
from pathlib import Path

from .environment import python
from .paths import ROOT
from .setup import Machine


def run_in_odoo(machine: Machine, database: str, script: Path, *arguments: str) -> int:
    """Execute a Python file with `env` (superuser) of a database; what it changed is committed.

    The file sees its arguments in `sys.argv[1:]` and runs as `__main__`. An exception, or
    `sys.exit` with anything but 0, rolls back what the file has not committed itself.

    :return: the exit code; 0 when all went well.
    """
    command = [python(), "-m", "vision_cli.odoo_script", database, script.resolve(), *arguments]
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=machine.environment
    ).returncode


def execute(database: str, script: str, arguments: list[str]) -> int:
    """Do it, inside the environment; the exit code of the file."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.service import server
    from odoo.tools import config

    options = ["-d", database, "--max-cron-threads=0", "--no-http", "--log-level=warn"]
    config.parse_config(options, setup_logging=True)
    server.start(preload=[], stop=True)
    threading.current_thread().dbname = database
    sys.argv = [script, *arguments]
    with Registry(database).cursor() as cr:
        context = api.Environment(cr, SUPERUSER_ID, {})["res.users"].context_get()
        env = api.Environment(cr, SUPERUSER_ID, context)
        try:
            runpy.run_path(script, init_globals={"env": env}, run_name="__main__")
        except SystemExit as leaving:
            if leaving.code not in (None, 0):
                cr.rollback()
                raise
        # The script is the whole transaction; the cursor commits when the block ends.
        env.flush_all()
    return 0


if __name__ == "__main__":
    sys.exit(execute(sys.argv[1], sys.argv[2], sys.argv[3:]))
