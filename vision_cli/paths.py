"""Where things are. Everything that the command writes is in STATE or VENV, inside the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".odoo"
VENV = ROOT / ".venv"
ADDONS = ROOT / "addons"
BENCH = ROOT / "bench"
LOGS = STATE / "log"
FILESTORE = STATE / "data" / "filestore"
ODOO_CONF = ROOT / "odoo.conf"
LOCK = ROOT / "requirements.lock"
