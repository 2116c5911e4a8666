from odoo.tests import BaseCase, HttpCase, tagged

from odoo.addons.payment_direct_debit.tests.hostile import table
from odoo.addons.payment_slimpay.tests.hostile_world import SlimPay


@tagged("post_install", "-at_install")
class TestClient(table.Clients, SlimPay, BaseCase):
    """The rows of the hostile table that need no database."""


@tagged("post_install", "-at_install")
class TestDebits(table.Debits, SlimPay, table.Sound):
    """The rows with books."""


@tagged("post_install", "-at_install")
class TestNotifications(table.Notifications, SlimPay, table.Sound, HttpCase):
    """The rows over HTTP."""


@tagged("post_install", "-at_install")
class TestWorkers(table.Workers, SlimPay, BaseCase):
    """The rows on disk."""
