"""A mail server on loopback that takes everything and delivers nothing: the demo's clients.

Odoo sends to it as to any other server; what the demo announces is really handed over by SMTP.
"""

import re
import socketserver
import threading
from contextlib import contextmanager

OK = b"250 OK\r\n"
RECIPIENT = re.compile(rb"RCPT TO:\s*<([^>]*)>", re.IGNORECASE)


class Session(socketserver.StreamRequestHandler):
    """One SMTP conversation (RFC 5321, the minimum of section 4.5.1)."""

    def handle(self):
        self.wfile.write(b"220 mailbox.invalid ready\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.take_message()
            elif found := RECIPIENT.match(line):
                self.server.recipients.append(found[1].decode())
            self.wfile.write(OK)

    def take_message(self):
        """Read to the lonely dot."""
        while (line := self.rfile.readline()) and line.rstrip(b"\r\n") != b".":
            pass
        self.server.messages += 1


class Mailbox(socketserver.ThreadingTCPServer):
    """The server; `messages` is how many mails it took, `recipients` for whom."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.messages, self.recipients = 0, []


@contextmanager
def mailbox(env):
    """Let Odoo send its mails to a mailbox for a while.

    :param env: Odoo's environment, superuser.
    :return: the Mailbox.
    """
    with Mailbox() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        record = env["ir.mail_server"].create(
            {
                "name": "Demo mailbox",
                "smtp_host": "127.0.0.1",
                "smtp_port": server.server_address[1],
                "smtp_encryption": "none",
                "sequence": 1,
            }
        )
        try:
            yield server
        finally:
            # The server ends with the play: later mails must not look for it.
            record.active = False
            server.shutdown()
