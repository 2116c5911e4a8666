"""HTTP servers that say what no stand-in says."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import requests

# Of one connection only, or rewritten when an answer is passed on.
HOP_BY_HOP = {"connection", "content-encoding", "content-length", "transfer-encoding", "date"}


@contextmanager
def serving(answer):
    """Serve whatever `answer` says; yields the address.

    :param answer: function of (method, path, headers, body) that returns (status, headers, body).
    """

    class Handler(BaseHTTPRequestHandler):
        def respond(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, headers, content = answer(self.command, self.path, self.headers, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = respond

        def log_message(self, *_arguments):
            """The test's output is no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def answering(status, content, content_type="application/json", location=""):
    """Serve one canned answer to everything; yields the address.

    :param str location: of a redirect.
    """
    headers = {"content-type": content_type} | ({"location": location} if location else {})
    with serving(lambda *_request: (status, headers, content)) as url:
        yield url


@contextmanager
def between(url, change):
    """Stand between a client and the server at `url`; yields the address.

    :param change: function of (method, path, status, body) that returns the status and body to
        pass on; what it leaves alone it returns as it is.
    """
    with requests.Session() as session:
        session.trust_env = False

        def forward(method, path, headers, body):
            answer = session.request(
                method, url + path, headers=dict(headers), data=body, allow_redirects=False
            )
            kept = {k: v for k, v in answer.headers.items() if k.lower() not in HOP_BY_HOP}
            status, content = change(method, path, answer.status_code, answer.content)
            return status, kept, content

        with serving(forward) as there:
            yield there


def rewritten(content, amount=None, currency=None):
    """Return a JSON body in which every amount, or every currency, is another one.

    :param int amount: in cents, written as the body writes amounts.
    :param str currency: code, in the letter case of the body.
    """

    def walk(value):
        if isinstance(value, list):
            return [walk(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {key: replaced(key, item) for key, item in value.items()}

    def replaced(key, item):
        if key == "amount" and amount is not None and isinstance(item, int):
            return amount
        if key == "amount" and amount is not None and isinstance(item, str):
            return f"{amount // 100}.{amount % 100:02}"
        if key == "currency" and currency and isinstance(item, str):
            return currency.lower() if item.islower() else currency
        return walk(item)

    try:
        return json.dumps(walk(json.loads(content))).encode()
    except ValueError:
        return content
