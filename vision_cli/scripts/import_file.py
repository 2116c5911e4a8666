"""Import one file as the wizard of the web client does. Runs inside Odoo (`env` is given)."""

import argparse
import sys
from pathlib import Path

if "crm.contract.import" not in env:
    sys.exit("vision: this database has no contracts: install the addon crm_contrats in it")
parser = argparse.ArgumentParser()
parser.add_argument("file", type=Path)
parser.add_argument("--dry-run", action="store_true")
parser.add_argument("--skip-rejected", action="store_true")
parser.add_argument("--bill-from")
options = parser.parse_args()
file = options.file
report = env["crm.contract.import"]._run_file(
    file.name,
    file.read_bytes(),
    skip_rejected=options.skip_rejected,
    dry_run=options.dry_run,
    bill_from=options.bill_from,
)
for row, column, reason in report.rejected:
    print(f"  row {row}, {column}: {reason}" if row else f"  {reason}")
for message in report.messages:
    print(f"  {message}")
print(
    f"{file.name}: {report.created} {'to import' if options.dry_run else 'imported'}, "
    f"{report.unchanged} here already, "
    f"{len(report.rejected)} refused"
)
if report.rejected:
    # With --skip-rejected the accepted rows stay, as in the wizard.
    env.cr.commit()
    sys.exit(1)
