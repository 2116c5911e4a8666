"""A debit that is moved is announced again, or does not leave."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_notices import NoticeCommon


@tagged("post_install", "-at_install")
class TestMovedNotice(NoticeCommon):
    """The client is told again, or the debit does not leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.schedule = cls.schedule.with_env(cls.env)

    def move(self, installment, day, now):
        with freeze_time(now):
            installment._move_to(day)

    def effect(self, installment, day, now):
        with freeze_time(now):
            return installment._move_effects(day)[installment.id]

    def test_too_early_for_the_notice_is_refused(self):
        self.announce()
        first = self.schedule[0]
        refused = self.effect(first, date(2026, 1, 20), "2026-01-07 08:00:00")
        self.assertIn("must be told 14 days before the debit", refused.refusal)
        self.assertIn("01/21/2026", refused.refusal)
        self.assertFalse(self.effect(first, date(2026, 1, 21), "2026-01-07 08:00:00").refusal)

    def test_what_was_announced_is_announced_again(self):
        first = self.schedule[0]
        self.announce()
        said = self.effect(first, date(2026, 2, 13), "2026-01-12 08:00:00")
        self.assertIn("was told 02/04/2026: this does not hold any more", said.notice)
        self.assertIn("by 01/30/2026", said.notice)
        self.move(first, date(2026, 2, 13), "2026-01-12 08:00:00")
        self.assertEqual((first.state, first.announced_date), ("planned", False))
        self.announce(date(2026, 1, 20))
        self.assertEqual((first.state, first.announced_date), ("notified", date(2026, 2, 13)))
        self.assertEqual(self.schedule[1:].mapped("state"), ["notified", "notified"])

    def test_not_told_again_it_does_not_leave(self):
        first = self.schedule[0]
        self.announce()
        self.move(first, date(2026, 2, 13), "2026-01-12 08:00:00")
        self.execute(date(2026, 2, 11), date(2026, 2, 13))
        self.env.invalidate_all()
        self.assertEqual((first.state, first.hold_reason), ("held", "notice_missing"))
        self.assertFalse(first.transaction_ids)

    def test_told_again_it_leaves_on_its_new_day(self):
        first = self.schedule[0]
        self.announce()
        self.move(first, date(2026, 2, 13), "2026-01-12 08:00:00")
        self.announce(date(2026, 1, 20))
        self.execute(date(2026, 2, 11), date(2026, 2, 13))
        self.env.invalidate_all()
        self.assertEqual(first.state, "in_collection")
        self.assertEqual(first.transaction_ids.debit_requested_date, date(2026, 2, 13))

    def test_what_a_new_notice_needs_from_a_person_is_said(self):
        first = self.schedule[0]
        self.company.notice_sending = "preview"
        said = self.effect(first, date(2026, 2, 13), "2026-01-12 08:00:00").notice
        self.assertIn("was not told yet", said)
        self.assertIn("Somebody has to send the draft", said)
        self.client.email = False
        said = self.effect(first, date(2026, 2, 13), "2026-01-12 08:00:00").notice
        self.assertIn("no e-mail address", said)
