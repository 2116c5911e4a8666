from datetime import datetime

from odoo.tests import BaseCase

from odoo.addons.payment_direct_debit.tests.hostile.books import Books
from odoo.addons.payment_direct_debit.tests.hostile.clients import ClientWorld
from odoo.addons.payment_direct_debit.tests.hostile.world import CHARGE_DAY, IBAN, MONDAY
from odoo.addons.payment_slimpay.tests import hostile_world
from odoo.addons.payment_slimpay.tests.hostile_world import UUID, SlimPay, answering, entry, event

__all__ = ["CHARGE_DAY", "IBAN", "MONDAY", "UUID", "answering", "entry", "event"]

LONG_AGO = datetime(2026, 1, 1)
SECRET, MANDATE = SlimPay.SECRET, SlimPay.MANDATE


def sign(raw, secret=SECRET, moment=None):
    """Return the signature of a webhook's body."""
    return hostile_world.sign(raw, secret, moment)


class SandboxMixin(SlimPay):
    """What tests of SlimPay alone look at, beside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.app = cls.sandbox.credentials

    def _issues(self):
        return self.sandbox.read("tables/payment_issues")

    def _requests(self, method, *fragments):
        """Requests of a method whose path holds all fragments, those with a dead token aside."""
        return [
            request
            for request in self.sandbox.requests(method)
            if all(part in request["path"] for part in fragments) and request["status"] != 401
        ]

    def _posts(self):
        return self._requests("POST", "/payments/in")


class ClientCase(ClientWorld, SandboxMixin, BaseCase):
    """The client alone, against the stand-in, without a database."""

    def _client(self, **values):
        return self.new_client(**values)

    def _sent(self, plan="paid", until=None):
        self.sandbox.plan("any", plan)
        ref = self.client.send(self.order).ref
        self.sandbox.advance(until or CHARGE_DAY)
        return ref


class FlowCase(SandboxMixin, Books):
    """A company with books and a SlimPay account at the stand-in."""

    def _days_until(self, day, *debits):
        """The bank reaches the day; what became of the debits is read, then the issues."""
        self.sandbox.advance(day)
        for debit in debits:
            debit._debit_refresh(day)
        self._poll(day)
