"""From the due installment to the paid invoice: seconds, statements, memory; peers beside it."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from vision_cli.database import copy, drop, ensure_template, run_odoo
from vision_cli.environment import python
from vision_cli.odoo_script import run_in_odoo
from vision_cli.paths import ROOT, STATE
from vision_cli.progress import Stop, say
from vision_cli.setup import Machine, set_up

OURS, THEIRS = "vision_bench_collection", "vision_bench_peers"
OUR_ADDONS = "crm_contrats,payment_direct_debit_demo"
THEIR_ADDONS = "contract,account_banking_sepa_direct_debit"
FRENCH_COMPANY = ROOT / "vision_cli" / "scripts" / "french_company.py"
BENCH = Path(__file__).parent
PEERS = STATE / "bench" / "peers"
# AGPL: run beside the suite, from a place of their own; nothing of them is part of it.
PACKAGES = (
    "odoo-addon-contract==19.0.1.2.1.2",
    "odoo-addon-account_payment_mode==19.0.1.1.0.3",
    "odoo-addon-account_payment_order==19.0.1.0.8",
    "odoo-addon-account_banking_mandate==19.0.1.0.1.1",
    "odoo-addon-account_banking_pain_base==19.0.1.1.1.4",
    "odoo-addon-account_banking_sepa_direct_debit==19.0.1.1.1.6",
    "Unidecode==1.4.0",
)


def sizes(text: str) -> list[int]:
    """Read "1000,5000" (contracts)."""
    return [int(part) for part in text.split(",")]


def parsed(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the options of the bench."""
    parser = argparse.ArgumentParser(prog="vision bench collection", description=__doc__)
    parser.add_argument(
        "--sizes", type=sizes, default=[1000, 5000], help="contracts, e.g. 1000,5000,20000"
    )
    parser.add_argument("--peers", action="store_true", help="OCA's addons in the same run")
    parser.add_argument(
        "--peer-sizes", type=sizes, default=[500, 1000], help="contracts for the peers"
    )
    return parser.parse_args(argv)


def install_peers() -> None:
    """Fetch the peers' packages once, into a directory that only this bench looks at.

    :raise Stop: when pip fails.
    """
    stamp = PEERS / ".installed"
    if stamp.exists() and stamp.read_text() == "\n".join(PACKAGES):
        return
    say(f"fetching {len(PACKAGES)} packages of the peers ...")
    # --no-deps: what they ask for is Odoo, which is here.
    command = [python(), "-m", "pip", "install", "-q", "--no-deps", "--upgrade"]
    command += ["--target", PEERS, *PACKAGES]
    if subprocess.run([str(part) for part in command]).returncode:
        raise Stop("the peers' packages could not be fetched: run the bench without --peers")
    stamp.write_text("\n".join(PACKAGES))


def made_template(machine: Machine, name: str, addons: str) -> str:
    """Make a database with a French company and these addons; its name."""
    empty = f"{name}_empty"
    copy(machine.server, ensure_template(machine.server, machine.odoo), empty)
    run_odoo(machine.server, empty, ["-i", addons], f"Addons of {name}")
    if run_in_odoo(machine, empty, FRENCH_COMPANY):
        raise Stop(f"the company of {empty} could not be set up")
    return empty


def measured(machine: Machine, template: str, script: str, count: int) -> dict:
    """Run one size in a new database and a new process.

    :raise Stop: when it fails, or when its books are wrong: a wrong result has no speed.
    """
    database = f"{template}_{count}"
    copy(machine.server, template, database)
    # A database that was just filled is analysed by PostgreSQL later than the bench needs it.
    machine.server.sql("ANALYZE", database)
    try:
        with tempfile.NamedTemporaryFile(suffix=".json") as result:
            if run_in_odoo(machine, database, BENCH / script, str(count), result.name):
                raise Stop(f"{script} failed for {count} contracts")
            report = json.loads(Path(result.name).read_text())
    finally:
        drop(machine.server, database)
    if report["wrong"]:
        raise Stop(f"the books of {count} contracts are wrong: {report['wrong']}")
    return report


def show(title: str, report: dict) -> None:
    """Print what one size took, phase by phase."""
    count = report["count"]
    print(f"\n{title}, {count} contracts")
    print(f"  {'phase':<18}{'seconds':>9}{'cpu s':>9}{'cpu ms/rec':>12}{'SQL/rec':>9}")
    total = (report["seconds"], report["cpu"], report["sql"])
    for name, (seconds, cpu, sql) in [*report["phases"].items(), ("all", total)]:
        per_record = 1000 * cpu / count
        print(f"  {name:<18}{seconds:9.2f}{cpu:9.2f}{per_record:12.2f}{sql / count:9.2f}")
    print(
        f"  {count / report['seconds']:.1f} contracts/s by the clock,"
        f" {count / report['cpu']:.1f} by processor time;"
        f" memory +{report['memory_growth']:.0f} MiB, peak {report['memory_peak']:.0f} MiB"
    )


def compare(ours: list[dict], theirs: list[dict]) -> None:
    """Print how the work grows with the size, and how it stands to the peers'."""
    if len(ours) > 1:
        first, last = (report["cpu"] / report["count"] for report in (ours[0], ours[-1]))
        print(
            f"\nlinear: {last / first:.2f} times the work for each contract at"
            f" {ours[-1]['count']} against {ours[0]['count']}"
        )
    if not theirs:
        return
    us, them = ours[0], theirs[-1]
    print(f"against the peers ({us['count']} here, {them['count']} there), for each contract:")
    for name, unit in (("seconds", "clock"), ("cpu", "processor time"), ("sql", "statements")):
        ratio = (them[name] / them["count"]) / (us[name] / us["count"])
        print(f"  {ratio:5.1f} times less {unit}")


def main(argv: list[str] | None = None) -> None:
    """Run the sizes one after the other; databases are dropped afterwards, whatever happens."""
    options = parsed(argv)
    machine = set_up()
    ours, theirs, templates = [], [], []
    try:
        templates.append(made_template(machine, OURS, OUR_ADDONS))
        for count in options.sizes:
            ours.append(measured(machine, templates[-1], "collection_suite.py", count))
            show("This suite", ours[-1])
        if options.peers:
            install_peers()
            # Odoo finds addons of packages on Python's path; its processes inherit ours.
            os.environ["PYTHONPATH"] = str(PEERS)
            templates.append(made_template(machine, THEIRS, THEIR_ADDONS))
            for count in options.peer_sizes:
                theirs.append(measured(machine, templates[-1], "collection_peers.py", count))
                show("OCA contract + SEPA direct debit", theirs[-1])
    finally:
        for name in (f"{OURS}_empty", f"{THEIRS}_empty"):
            drop(machine.server, name)
    compare(ours, theirs)


if __name__ == "__main__":
    try:
        main()
    except Stop as reason:
        sys.exit(f"vision: {reason}")
