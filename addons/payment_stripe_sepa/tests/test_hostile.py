from odoo.tests import BaseCase, HttpCase, tagged

from odoo.addons.payment_direct_debit.tests.hostile import table
from odoo.addons.payment_stripe_sepa.tests.hostile_world import Stripe


@tagged("post_install", "-at_install")
class TestClient(table.Clients, Stripe, BaseCase):
    """The rows of the hostile table that need no database."""


@tagged("post_install", "-at_install")
class TestDebits(table.Debits, Stripe, table.Sound):
    """The rows with books."""


@tagged("post_install", "-at_install")
class TestNotifications(table.Notifications, Stripe, table.Sound, HttpCase):
    """The rows over HTTP."""


@tagged("post_install", "-at_install")
class TestWorkers(table.Workers, Stripe, BaseCase):
    """The rows on disk."""
