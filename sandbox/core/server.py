"""Serving an application on loopback with uvicorn."""

import ipaddress
import json
import os
import socket
import sys
import threading

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

KEEP_ALIVE = 75


class AbortableProtocol(HttpToolsProtocol):
    """Gives applications the means to cut the connection, as a failing network does."""

    def on_message_begin(self) -> None:
        """Start of a request: offer the abort of its transport in the ASGI scope."""
        super().on_message_begin()
        self.scope["extensions"] = {"sandbox.abort": self.transport.abort}


class Server(uvicorn.Server):
    """Writes one JSON line with the address to standard output when it listens."""

    async def startup(self, sockets=None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        host, port = sockets[0].getsockname()[:2]
        sys.stdout.write(json.dumps({"url": f"http://{host}:{port}"}) + "\n")
        sys.stdout.flush()

    def stop_with_stdin(self) -> None:
        """Stop when standard input closes, so that a dead parent leaves no server behind."""

        def wait() -> None:
            # Unbuffered: a lock held by this thread would break the exit of the interpreter.
            while os.read(sys.stdin.fileno(), 1024):
                pass
            self.should_exit = True

        threading.Thread(target=wait, daemon=True).start()


def loopback_socket(host: str, port: int) -> socket.socket:
    """A bound socket; ValueError unless ``host`` is a loopback address.

    The control API has no password, hence nothing but loopback may reach it.
    """
    if not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"{host} is not a loopback address")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only for sockets that name their protocol; without
    # that each answer waits 40 ms for the client's delayed acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


def serve(app, host: str, port: int, until_stdin_closes: bool = False) -> None:
    """Serve ``app`` until the process is told to stop; port 0 takes a free one."""
    config = uvicorn.Config(
        app,
        http=AbortableProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=1,
    )
    server = Server(config)
    if until_stdin_closes:
        server.stop_with_stdin()
    server.run(sockets=[loopback_socket(host, port)])
