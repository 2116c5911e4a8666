"""Who may see and send notices, and who may agree on another delay."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_collection.tests.common_notices import TODAY, NoticeCommon


@tagged("post_install", "-at_install")
class TestNoticeRights(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.finance, cls.manager, cls.employee, cls.billing, cls.portal = (
            new_test_user(cls.env, f"notice_{name}", groups, **values)
            for name, groups in (
                ("finance", "payment_direct_debit.group_payment_user"),
                ("manager", "payment_direct_debit.group_payment_manager"),
                ("employee", "base.group_user"),
                ("billing", "account.group_account_invoice"),
                ("portal", "base.group_portal"),
            )
        )
        cls.company.notice_sending = "preview"

    def test_finance_looks_and_sends(self):
        draft = self.announce().with_user(self.finance)
        self.assertTrue(draft.preview)
        draft.web_read({"name": {}, "line_ids": {"fields": {"amount": {}}}, "history_ids": {}})
        draft.action_send()
        self.assertEqual(draft.state, "ready")
        self.announce(TODAY)
        self.assertEqual(draft.state, "sent")
        self.assertTrue(self.schedule[0].with_user(self.finance).notice_line_id)

    def test_finance_notes_a_letter(self):
        draft = self.announce().with_user(self.finance)
        draft.action_sent_by_letter()
        self.assertEqual(draft.state, "sent")

    def test_nobody_forges_a_notice(self):
        draft = self.announce()
        for user in (self.finance, self.manager):
            mine = draft.with_user(user)
            for values in ({"state": "sent"}, {"sent_on": TODAY}, {"content": "x"}, {"email": "x"}):
                with self.subTest(user=user.login, values=values), self.assertRaises(AccessError):
                    mine.write(values)
            with self.assertRaises(AccessError):
                mine.create({"mandate_id": self.mandate.id, "partner_id": self.client.id})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.line_ids[0].write({"amount": 1})

    def test_nobody_forges_an_announcement(self):
        mine = self.schedule[0].with_user(self.finance)
        for values in (
            {"announced_date": "2026-02-04"},
            {"notice_line_id": 1},
            {"forecast_hold_reason": False},
            {"mend_before": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                mine.write(values)

    def test_others_see_nothing_and_do_nothing(self):
        draft = self.announce()
        for user in (self.employee, self.billing, self.portal):
            for model in ("payment.notice", "payment.notice.line"):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            for action in ("action_send", "action_sent_by_letter"):
                with self.subTest(user=user.login, action=action), self.assertRaises(AccessError):
                    getattr(draft.with_user(user), action)()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["payment.installment"].with_user(user).action_forecast_again()

    def test_another_company_sees_nothing(self):
        notice = self.announce()
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = new_test_user(
            self.env,
            "notice_stranger",
            "payment_direct_debit.group_payment_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        theirs = notice.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([("id", "=", notice.id)]))
        with self.assertRaises(AccessError):
            theirs.read(["name"])
        with self.assertRaises(AccessError):
            theirs.line_ids.read(["amount"])

    def test_only_a_finance_manager_agrees_on_another_delay(self):
        for field in ("notice_days", "retry_notice_days"):
            with self.assertRaises(AccessError):
                self.mandate.with_user(self.finance)[field] = 5
            self.mandate.with_user(self.manager)[field] = 5
            self.assertEqual(self.mandate[field], 5)
        values = {"partner_id": self.client.id, "company_id": self.company.id}
        mandates = self.env["payment.mandate"]
        with self.assertRaises(AccessError):
            mandates.with_user(self.finance).create({**values, "notice_days": 1})
        self.assertEqual(mandates.with_user(self.finance).create(values).notice_days, 14)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            mandates.with_user(self.manager).create({**values, "notice_days": 0})

    def test_only_finance_sets_the_limit_of_a_client(self):
        contacts = self.env.ref("base.group_partner_manager")
        (self.billing | self.finance).group_ids = [Command.link(contacts.id)]
        with self.assertRaises(AccessError):
            self.client.with_user(self.billing).collection_limit = 10
        self.client.with_user(self.finance).collection_limit = 10
        self.assertEqual(self.client.collection_limit, 10)

    def test_the_settings_open(self):
        self.env["res.config.settings"].get_view(view_type="form")
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.retry_notice_days, 14)
