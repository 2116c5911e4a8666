"""A company, a client with a contract, a provider over its stand-in, and days that go by."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import HttpCase

from odoo.addons.crm_contrats.schedule import add_months
from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.payment_direct_debit.tests.hostile.books import Books
from odoo.addons.payment_direct_debit.tests.hostile.world import IBAN

from demo.providers import PROVIDERS

from .sound import Sound

# Early enough for every provider's cut-off.
MORNING = time(6, 30)

# What the scheduler calls on a day, in order: the model, the method, and what it is told of the
# time. Each has a cursor of its own, and commits.
CRONS = (
    ("crm.contract", "_cron_plan", "day"),
    ("payment.event", "_cron_apply", None),
    ("payment.event", "_cron_poll", "moment"),
    ("payment.event", "_cron_apply", None),
    ("payment.transaction", "_cron_stop_paid", None),
    ("payment.notice", "_cron_notices", "day"),
    ("payment.dunning", "_cron_dunning", "day"),
    ("payment.installment", "_cron_forecast_holds", "day"),
    ("payment.run", "_cron_run", "day"),
    ("payment.transaction", "_cron_send_debits", None),
    ("payment.refund", "_cron_send_refunds", None),
    ("payment.transaction", "_cron_poll_debits", "day"),
    ("payment.payout", "_cron_fetch", "day"),
    ("payment.mandate", "_cron_refresh_signatures", None),
    ("payment.mandate", "_cron_poll_mandates", "day"),
    ("payment.mandate", "_cron_expire", "day"),
    ("payment.transaction", "_cron_compare", "day"),
    ("payment.transaction", "_cron_watch", "moment"),
    ("payment.payer.score", "_cron_scores", "day"),
)
# An hour later: what was not known in the morning, and what the provider says now.
LATER = (
    ("payment.transaction", "_cron_resolve_unknown", None),
    ("payment.run", "_cron_run", "day"),
    ("payment.event", "_cron_apply", None),
)


class Story(Sound, Books, MockEmail, HttpCase):
    """The clock of the test goes with the days: nothing here depends on today."""

    START = date(2026, 3, 2)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.write({"email": "zoe@example.com", "lang": "fr_FR", "name": "Zoé Lefèvre"})
        cls.company.write({"email": "compta@example.com", "name": "Atelier Lumen SAS"})
        cls.tax = cls.company_data["default_tax_sale"]
        cls.product = cls.product_a.with_env(cls.env)

    def setUp(self):
        super().setUp()
        self.sandboxes = {self.provider: self.sandbox}
        self.told = {}
        self.silent = False
        clock = freeze_time(datetime.combine(self.START, MORNING), tick=True)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.begin(self.START)

    def begin(self, day):
        """Begin the story on a day, with an empty stand-in and one payer."""
        self._arrive(day)
        self.sandbox.reset(day)
        self.prepare()
        self._payer(self.MANDATE, "Zoé Lefèvre")

    # === WHAT PEOPLE DO === #

    def contract(self, price=34.65, mandate=None, start=None, **values):
        """Return an active contract: a line of `price` a month, and its taxes."""
        start = start or self.day
        mandate = mandate or self._mandate()
        line = {"product_id": self.product.id, "price_unit": price, "quantity": 1}
        line["tax_ids"] = [Command.set(self.tax.ids)]
        contract = self.env["crm.contract"].create(
            {
                "partner_id": mandate.partner_id.id,
                "company_id": self.company.id,
                "date_start": start,
                "collection_mode": "automatic",
                "mandate_id": mandate.id,
                "line_ids": [Command.create(line)],
                **values,
            }
        )
        contract._activate(self.day)
        return contract

    def one_month(self, due, **values):
        """Return the one installment of a contract of one month, due on its first day."""
        end = add_months(due, 1) - timedelta(days=1)
        contract = self.contract(start=due, billing_day=due.day, date_end=end, **values)
        (installment,) = contract.installment_ids
        return installment

    def _mandate_values(self, ref, partner):
        """Signed weeks before, whatever the year."""
        signed = self.START - timedelta(days=60)
        return super()._mandate_values(ref, partner) | {"signed_on": signed}

    # === THE DAYS === #

    def live(self, until):
        """Live every day up to `until`: the bank's day, the notifications, all crons."""
        while self.day < until:
            self._arrive(self.day + timedelta(days=1))
            for sandbox in self.sandboxes.values():
                sandbox.advance(self.day)
            self.one_day()
            self.assert_one_live_attempt()

    def one_day(self):
        """The notifications of the night, then the scheduler, twice."""
        if not self.silent:
            self.notify()
        with self.mock_mail_gateway():
            self.run_crons(CRONS)
            self.clock.move_to(datetime.combine(self.day, MORNING) + timedelta(hours=1))
            self.run_crons(LATER)

    def _arrive(self, day):
        self.day = day
        self.clock.move_to(datetime.combine(day, MORNING))

    def run_crons(self, crons):
        """Run scheduled actions, each as the scheduler does: by itself, with commits."""
        moment = datetime.combine(self.day, MORNING)
        arguments = {None: (), "day": (self.day,), "moment": (moment,)}
        for model, method, kind in crons:
            with self.committing() as env:
                getattr(env[model], method)(*arguments[kind])

    @contextmanager
    def committing(self):
        """Give an environment whose cursor commits (to savepoints of the test)."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            yield self.env(cr=cr)
        self.env.invalidate_all()

    # === NOTIFICATIONS === #

    def notify(self, change=list):
        """Deliver what the provider has to tell since the last time, over HTTP, signed.

        :param change: function of the notifications' bodies that returns those to deliver.
        """
        events = self.notified()
        fresh = events[self.told.get(self.provider, 0) :]
        self.told[self.provider] = len(events)
        for raw in change(self.bodies(fresh) if fresh else []):
            answer = self.url_open(
                f"/payment/{self.code}/webhook/{self.provider.id}",
                data=raw,
                headers={"Content-Type": "application/json"} | self.signed(raw),
                method="POST",
            )
            self.assertIn(answer.status_code, (200, 204), answer.text)
        self.env.invalidate_all()

    # === WHAT IS THERE === #

    def ledgers(self):
        return {
            provider: (
                PROVIDERS[provider.code].attempts(sandbox),
                sandbox.balance()["balance"],
            )
            for provider, sandbox in self.sandboxes.items()
        }

    def balance_of_client(self):
        """What the client owes by the books; below zero, what he is owed."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.client.id),
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    def alerts_of(self, kind):
        return self.env["payment.alert"].search([("kind", "=", kind)])


__all__ = ["IBAN", "Story"]
