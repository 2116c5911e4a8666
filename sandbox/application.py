"""One provider, its world and the control API put together as an ASGI application."""

from datetime import date
from importlib import import_module

from starlette.applications import Starlette

from .control import control_routes
from .core.gate import Gate
from .core.world import World

# Each value is a module that offers ``create(world) -> core.world.Provider``.
PROVIDERS = {
    "gocardless": "sandbox.gocardless.provider",
    "slimpay": "sandbox.slimpay.provider",
    "stripe": "sandbox.stripe.provider",
}


def build(provider: str, start: date, seed: int = 1) -> Gate:
    """The application that serves ``provider``, its clock at ``start``."""
    world = World(start, seed)
    stand_in = import_module(PROVIDERS[provider]).create(world)
    world.adopt(stand_in)
    app = Starlette(
        routes=[*control_routes(world), *stand_in.routes()],
        exception_handlers=stand_in.exception_handlers(),
    )
    return Gate(app, world)
