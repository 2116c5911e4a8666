"""`./vision bench`: measures something and prints the figures."""

import argparse
import ast
import subprocess

from ..environment import python
from ..paths import BENCH, ROOT
from ..progress import Stop
from ..setup import set_up

HELP = "run a bench of bench/, or list them; more arguments go to the bench"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The bench's name, and its own options."""
    parser.add_argument("name", nargs="?", help="which one; without it, they are listed")
    parser.set_defaults(pass_through=True)


def benches() -> dict[str, str]:
    """What can be run: name and first line of the docstring of each program in bench/.

    A program is a file with a `__main__` part; what the programs share has none.
    """
    found = {}
    for path in sorted(BENCH.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any("__main__" in ast.dump(node.test) for node in tree.body if isinstance(node, ast.If)):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def run(arguments: argparse.Namespace) -> int:
    """Run the bench with everything set up (its environment reaches PostgreSQL and Odoo).

    :return: the exit code of the bench.
    :raise Stop: when there is no bench of that name.
    """
    known = benches()
    if not arguments.name:
        for name, title in known.items():
            print(f"{name:<16} {title}")
        return 0
    if arguments.name not in known:
        raise Stop(f"there is no bench {arguments.name}; there are: {', '.join(known)}")
    command = [str(python()), "-m", f"bench.{arguments.name}", *arguments.rest]
    return subprocess.run(command, cwd=ROOT, env=set_up().environment).returncode
