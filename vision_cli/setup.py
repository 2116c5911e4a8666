"""The set-up that every subcommand starts with: environment, Odoo, PostgreSQL."""

from dataclasses import dataclass

from .environment import ensure_environment, exclusive, odoo_environment
from .odoo_source import OdooSource, ensure_odoo
from .postgres import Server, ensure_server


@dataclass(frozen=True)
class Machine:
    """What the set-up has made or found."""

    odoo: OdooSource
    server: Server

    @property
    def environment(self) -> dict[str, str]:
        """Environment of the processes that run Odoo or its tests."""
        return odoo_environment(self.server.variables)


def set_up() -> Machine:
    """Make what is missing; takes well under a second when nothing is."""
    with exclusive():
        ensure_environment()
        odoo = ensure_odoo()
        return Machine(odoo, ensure_server())
