"""``python -m sandbox [PROVIDER]``: serve the stand-in of one provider."""

import argparse
from datetime import date

from .application import PROVIDERS, build
from .core.server import serve


def main() -> None:
    """Read the command line and serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("provider", nargs="?", default="gocardless", choices=sorted(PROVIDERS))
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free port")
    parser.add_argument("--start-date", type=date.fromisoformat, default=date(2026, 1, 1))
    parser.add_argument("--seed", type=int, default=1, help="shifts the generated ids")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop with the parent")
    options = parser.parse_args()
    app = build(options.provider, options.start_date, options.seed)
    serve(app, options.host, options.port, options.until_stdin_closes)


if __name__ == "__main__":
    main()
