"""The command line: finds the verb and runs it."""

import argparse
import subprocess
import sys

from .commands import (
    bench,
    demo,
    import_file,
    psql,
    reset,
    serve,
    setup,
    shell,
    stop,
    test,
    translate,
    update,
)
from .processes import stop_on_sigterm
from .progress import Stop, say

VERBS = {
    "demo": demo,
    "test": test,
    "serve": serve,
    "shell": shell,
    "update": update,
    "import": import_file,
    "translate": translate,
    "psql": psql,
    "bench": bench,
    "reset": reset,
    "setup": setup,
    "stop": stop,
}
INTERRUPTED = 130


def build_parser() -> argparse.ArgumentParser:
    """The parser with all its verbs."""
    parser = argparse.ArgumentParser(
        prog="vision",
        description="Vision CRM. Each verb sets up what is missing by itself; all of it stays "
        "in .odoo/ and .venv/ of this checkout.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, verb in VERBS.items():
        verb.add_arguments(verbs.add_parser(name, help=verb.HELP, description=verb.HELP))
    return parser


def main(argv: list[str]) -> int:
    """Run one verb; the exit code. What stops it is told in one line on standard error."""
    parser = build_parser()
    arguments, rest = parser.parse_known_args(argv)
    if rest and not hasattr(arguments, "pass_through"):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = rest
    stop_on_sigterm()
    try:
        return VERBS[arguments.verb].run(arguments)
    except Stop as reason:
        say(f"vision: {reason}")
        return 1
    except subprocess.CalledProcessError as error:
        say(f"vision: {error.cmd[0]} failed with exit code {error.returncode}")
        return 1
    except KeyboardInterrupt:
        say("vision: interrupted; run it again to go on")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
