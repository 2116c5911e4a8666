"""What happened in weeks is told at once, backwards, and twice."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_stripe_sepa.tests.hostile_world import Stripe

from . import common
from .common import Story

DUE = date(2026, 3, 11)
# What the engine learns by asking: here it shall only be told.
ASKING = ("_cron_poll", "_cron_poll_debits", "_cron_compare", "_cron_fetch")


@tagged("post_install", "-at_install")
class TestEventsInDisorder(Stripe, Story):
    def test_duplicated_and_reversed_events_end_where_the_money_is(self):
        kept, bounced = (self.one_month(DUE, price=price) for price in (10.0, 20.0))
        asking_too = common.CRONS
        self.patch(common, "CRONS", tuple(row for row in common.CRONS if row[1] not in ASKING))
        self.silent = True
        self.live(date(2026, 3, 25))
        self.assertEqual({kept.state, bounced.state}, {"in_collection"}, "nothing was told yet")
        self.sandbox.act("fail", bounced.transaction_ids.provider_reference, "MS03")
        self.live(date(2026, 3, 26))
        self.notify(lambda bodies: [*reversed(bodies), *bodies[::2], *reversed(bodies)])
        self.live(date(2026, 3, 27))
        self.assertEqual((kept.state, bounced.state), ("paid", "unpaid"))
        self.assertEqual(len(self.attempts()), 2)
        entries = self.entries()
        self.told.clear()
        self.notify()
        self.live(date(2026, 3, 28))
        self.assertEqual(self.entries(), entries, "told a third time, nothing is booked again")
        self.patch(common, "CRONS", asking_too)
        self.live(date(2026, 3, 31))
        self.assertEqual(kept.transaction_ids.debit_status, "paid_out")
        self.assert_sound()

    def entries(self):
        return self.env["account.move.line"].search(
            [("debit_transaction_id", "!=", False), ("parent_state", "=", "posted")]
        )
