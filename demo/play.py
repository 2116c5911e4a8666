"""Plays the demo inside Odoo: import, half a year of collection, summary, four checks.

Run by `./vision demo`; `env` is given. Arguments: the stand-ins' URLs and the web server's URL.
"""

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

from demo import checks, desk, half_year, period, stage, summary
from demo.mailbox import mailbox
from demo.providers import PROVIDERS
from sandbox.testing import Sandbox

# What the bank's side looked like at the end, for a later run: the stand-in forgets.
BANK_SIDE = Path(os.environ.get("VISION_HOME", ".odoo")) / "demo_bank_side.json"


def main(env, arguments):
    """Play (or only sum up) and return the exit code: 0 when all four checks say OK."""
    parser = argparse.ArgumentParser(prog="./vision demo")
    parser.add_argument("--sandbox", action="append", default=[], metavar="CODE=URL")
    parser.add_argument("--web", required=True)
    parser.add_argument("--summary-only", action="store_true")
    options = parser.parse_args(arguments)
    if options.summary_only:
        told = json.loads(BANK_SIDE.read_text())
        bank_sides, end = told["sides"], date.fromisoformat(told["day"])
    else:
        sandboxes = {}
        for text in options.sandbox:
            code, url = text.split("=", 1)
            sandboxes[code] = Sandbox(url, PROVIDERS[code].sandbox)
        # As the jobs do: what is written for people is in the company's language.
        env = env(context={**env.context, "lang": env.company.partner_id.lang})
        end = date.today()
        start = period.first_day(end)
        stage.build(env, sandboxes, options.web, start)
        with mailbox(env):
            half_year.play(env, sandboxes, start, end)
            desk.work(env, end)
        env.cr.commit()  # the mailbox is gone
        bank_sides = {
            code: {
                "attempts": PROVIDERS[code].attempts(sandbox),
                "balance": sandbox.balance(),
                "shapes": sandbox.shapes(),
            }
            for code, sandbox in sandboxes.items()
        }
        BANK_SIDE.write_text(json.dumps({"day": str(end), "sides": bank_sides}))
    results = checks.run(env, bank_sides, end)
    summary.show(env, results, bank_sides)
    return 0 if all(result.ok for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(globals()["env"], sys.argv[1:]))
