from odoo.tests import BaseCase

from odoo.addons.payment_direct_debit.tests.hostile.books import Books
from odoo.addons.payment_direct_debit.tests.hostile.clients import ClientWorld
from odoo.addons.payment_direct_debit.tests.hostile.servers import answering
from odoo.addons.payment_direct_debit.tests.hostile.world import CHARGE_DAY, IBAN, MONDAY
from odoo.addons.payment_gocardless.tests import hostile_world
from odoo.addons.payment_gocardless.tests.hostile_world import GoCardless, body, event

__all__ = ["CHARGE_DAY", "IBAN", "MONDAY", "answering", "body", "event"]

SECRET, MANDATE = GoCardless.SECRET, GoCardless.MANDATE


def sign(raw, secret=SECRET):
    """Return the signature of a notification's body."""
    return hostile_world.sign(raw, secret)


class ClientCase(ClientWorld, GoCardless, BaseCase):
    """The client alone, against the stand-in, without a database."""


class FlowCase(GoCardless, Books):
    """A company with books and a GoCardless account at the stand-in."""

    def _days_until(self, day):
        """The bank reaches the day; what GoCardless says about it is notified and applied."""
        self.sandbox.advance(day)
        self._hear(self.sandbox.events())
        self.env["payment.event"]._apply_received(day)
