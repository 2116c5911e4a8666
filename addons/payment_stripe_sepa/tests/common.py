from odoo.tests import BaseCase

from odoo.addons.payment_direct_debit.tests.hostile.books import Books
from odoo.addons.payment_direct_debit.tests.hostile.clients import ClientWorld
from odoo.addons.payment_direct_debit.tests.hostile.servers import answering
from odoo.addons.payment_direct_debit.tests.hostile.world import CHARGE_DAY, IBAN, MONDAY
from odoo.addons.payment_stripe_sepa.tests import hostile_world
from odoo.addons.payment_stripe_sepa.tests.hostile_world import Stripe, body, event

__all__ = ["CHARGE_DAY", "IBAN", "MONDAY", "answering", "body", "event"]

SECRET, MANDATE = Stripe.SECRET, Stripe.MANDATE


def rum(mandate):
    """Return the reference of a mandate that was imported."""
    return Stripe().mandate_name(mandate)


def sign(raw, secret=SECRET, moment=None):
    """Return the signature of a notification's body, of now unless told."""
    return hostile_world.sign(raw, secret, moment)


class ClientCase(ClientWorld, Stripe, BaseCase):
    """The client alone, against the stand-in, without a database."""


class FlowCase(Stripe, Books):
    """A company with books and a Stripe account at the stand-in."""

    def _days_until(self, day):
        """The bank reaches the day; what Stripe says about it is notified and applied."""
        self.sandbox.advance(day)
        self._hear(self.sandbox.events())
        self.env["payment.event"]._apply_received(day)
