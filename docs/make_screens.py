"""Takes the screenshots of docs/screens from a running demo (`./vision demo`).

`python docs/make_screens.py [URL] [NAME …]`: all pages, or only those named. Needs chromium.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
import websocket

HERE = Path(__file__).parent / "screens"
DATABASE = os.environ.get("VISION_DATABASE", "vision_demo")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
DESKTOP, PHONE = (1280, 800), (390, 844)
# Name of the file, action or path, size, and what to click before the picture is taken.
PAGES = (
    ("contracts_list", "action-crm_contrats.crm_contract_action", DESKTOP, ()),
    ("contracts_list_phone", "action-crm_contrats.crm_contract_action", PHONE, ()),
    (
        "contract_form",
        "action-crm_contrats.crm_contract_action",
        DESKTOP,
        (".o_data_row td.o_data_cell",),
    ),
    (
        "contract_schedule",
        "action-crm_contrats.crm_contract_action",
        DESKTOP,
        (".o_data_row td.o_data_cell", "button[name=action_view_installments]"),
    ),
    (
        "contract_invoices",
        "action-crm_contrats.crm_contract_action",
        DESKTOP,
        (".o_data_row td.o_data_cell", "button[name=action_view_invoices]"),
    ),
    (
        "contract_debits",
        "action-crm_contrats.crm_contract_action",
        DESKTOP,
        (".o_data_row td.o_data_cell", "button[name=action_view_debits]"),
    ),
    ("installments", "action-payment_collection.payment_installment_action", DESKTOP, ()),
    (
        "installment_form",
        "action-payment_collection.payment_installment_action",
        DESKTOP,
        (".o_data_row td.o_data_cell",),
    ),
    ("runs", "action-payment_collection.payment_run_action", DESKTOP, ()),
    (
        "run_form",
        "action-payment_collection.payment_run_action",
        DESKTOP,
        (".o_data_row td.o_data_cell",),
    ),
    ("debits", "action-payment_direct_debit.payment_transaction_action_debits", DESKTOP, ()),
    (
        "debit_form",
        "action-payment_direct_debit.payment_transaction_action_debits",
        DESKTOP,
        (".o_data_row td.o_data_cell",),
    ),
    ("mandates", "action-payment_direct_debit.payment_mandate_action", DESKTOP, ()),
    (
        "mandate_form",
        "action-payment_direct_debit.payment_mandate_action",
        DESKTOP,
        (".o_data_row td.o_data_cell",),
    ),
    ("returns", "action-payment_direct_debit.payment_return_action", DESKTOP, ()),
    ("payouts", "action-payment_direct_debit.payment_payout_action", DESKTOP, ()),
    (
        "payout_form",
        "action-payment_direct_debit.payment_payout_action",
        DESKTOP,
        (".o_data_row td.o_data_cell",),
    ),
    ("events", "action-payment_direct_debit.payment_event_action", DESKTOP, ()),
    ("alerts", "action-payment_direct_debit.payment_alert_action", DESKTOP, ()),
    ("import", "action-crm_contrats.crm_contract_import_action", DESKTOP, ()),
)


class Browser:
    """Chromium spoken to over its debugging protocol."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            ["chromium", *FLAGS, f"--user-data-dir={folder}", "about:blank"],
            stderr=subprocess.PIPE,
            text=True,
        )
        port = self._port()
        pages = requests.get(f"http://127.0.0.1:{port}/json", timeout=10).json()
        target = next(page for page in pages if page["type"] == "page")
        self.socket = websocket.create_connection(target["webSocketDebuggerUrl"], timeout=60)
        self.number = 0

    def _port(self):
        for line in self.process.stderr:
            if "DevTools listening on" in line:
                return line.rsplit(":", 1)[1].split("/")[0]
        raise RuntimeError("chromium did not start")

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                return answer.get("result", answer)

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer.get("result", {}).get("value")

    def wait_for(self, expression, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.value(expression):
                return
            time.sleep(0.1)
        raise TimeoutError(f"waited in vain for {expression}")


def session(url):
    """Log in as the administrator; the session's cookie."""
    answer = requests.post(
        f"{url}/web/session/authenticate",
        json={"params": {"db": DATABASE, "login": "admin", "password": "admin"}},
        timeout=60,
    )
    return answer.cookies["session_id"]


def take(browser, url, name, path, size, clicks):
    """Open a page, click through, and write the picture."""
    width, height = size
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=width < 600,
    )
    browser.call("Page.navigate", url=f"{url}/odoo/{path}")
    ready = "!!document.querySelector('.o_action_manager .o_control_panel')"
    time.sleep(1)
    browser.wait_for(ready)
    time.sleep(1)
    for selector in clicks:
        element = f"document.querySelector({json.dumps(selector)})"
        browser.wait_for(f"!!{element}")
        browser.value(f"{element}.click()")
        time.sleep(2)
    picture = browser.call("Page.captureScreenshot", format="png")["data"]
    (HERE / f"{name}.png").write_bytes(base64.b64decode(picture))


def main(url="http://127.0.0.1:8069", *names):
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            host = url.split("//")[1].split(":")[0]
            browser.call(
                "Network.setCookie", name="session_id", value=session(url), domain=host, path="/"
            )
            for name, path, size, clicks in PAGES:
                if not names or name in names:
                    take(browser, url, name, path, size, clicks)
        finally:
            browser.process.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
