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
from screen_pages import PAGES

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


def session(url, user):
    """Log in; the session's cookie."""
    answer = requests.post(
        f"{url}/web/session/authenticate",
        json={"params": {"db": DATABASE, "login": user, "password": user}},
        timeout=60,
    )
    return answer.cookies["session_id"]


def take(browser, url, page):
    """Open a page, click through, and write the picture."""
    width, height = page.size
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=width < 600,
    )
    browser.call("Page.navigate", url="about:blank")
    browser.call("Page.navigate", url=f"{url}/odoo/{page.path}")
    browser.wait_for("!!document.querySelector('.o_action_manager .o_control_panel')")
    quiet(browser)
    for selector in page.clicks:
        element = f"document.querySelector({json.dumps(selector)})"
        browser.wait_for(f"!!{element}")
        browser.value(f"{element}.click()")
        quiet(browser)
    if page.show:
        browser.value(f"document.querySelector({json.dumps(page.show)}).scrollIntoView()")
    picture = browser.call("Page.captureScreenshot", format="png")["data"]
    (HERE / f"{page.name}.png").write_bytes(base64.b64decode(picture))


def quiet(browser):
    """Wait until the page has been the same for a second."""
    seen, since = None, time.monotonic()
    end = since + 20
    while time.monotonic() < end:
        now = browser.value("document.body.innerHTML.length")
        if now != seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > 1:
            return
        time.sleep(0.2)


def main(url="http://127.0.0.1:8069", *names):
    HERE.mkdir(exist_ok=True)
    host = url.split("//")[1].split(":")[0]
    wanted = [page for page in PAGES if not names or page.name in names]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            user = None
            for page in wanted:
                if page.user != user:
                    user = page.user
                    cookie = session(url, user)
                    browser.call(
                        "Network.setCookie", name="session_id", value=cookie, domain=host, path="/"
                    )
                take(browser, url, page)
        finally:
            browser.process.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
