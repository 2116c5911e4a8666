from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.payment_collection.tests.common_export import EXPORT, FINANCE, ExportCommon

MODELS = ("payment.export", "payment.export.wizard")


@tagged("post_install", "-at_install")
class TestExportRights(HttpCase, ExportCommon):
    """What is exported is bank business: finance of the company, and nobody by a guessed id."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.person("export_rep", f"sales_team.group_sale_salesman,{EXPORT}")
        cls.portal = cls.person("export_portal", "base.group_portal")
        other = cls.env["res.company"].create({"name": "Autre société"})
        cls.stranger = new_test_user(
            cls.env,
            "export_stranger",
            f"{FINANCE},{EXPORT}",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )

    def setUp(self):
        super().setUp()
        due = self.installment()
        self.env.flush_all()
        self.execute()
        self.env.invalidate_all()  # the run has an environment of its own
        self.debit = due.transaction_ids
        self.made = self.export()
        self.attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "payment.export"),
                ("res_id", "=", self.made.id),
                ("res_field", "=", "file"),
            ]
        )

    def seen_by(self, user):
        return self.made.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def test_a_colleague_of_finance_reads_what_another_has_exported(self):
        mine = self.seen_by(self.finance)
        self.assertEqual(mine.read(["sha256"])[0]["sha256"], self.made.sha256)
        self.assertIn("/web/content/payment.export/", mine.action_download()["url"])
        self.assertTrue(self.attachment.with_user(self.finance).raw)

    def test_others_reach_neither_record_nor_file(self):
        for user in (self.rep, self.portal, self.stranger):
            mine = self.seen_by(user)
            attachment = self.attachment.with_user(user).with_context(**mine.env.context)
            with self.subTest(user=user.login):
                for read in (
                    lambda mine=mine: mine.read(["sha256", "file"]),
                    lambda mine=mine: mine.export_data(["name"]),
                    lambda mine=mine: mine.get_progress(),
                    lambda mine=mine: mine.action_download(),
                    lambda mine=mine: mine.action_check_file(),
                    lambda mine=mine: mine.action_again(),
                    lambda mine=mine: mine.action_reopen(),
                    lambda attachment=attachment: attachment.read(["raw"]),
                    lambda attachment=attachment: attachment.generate_access_token(),
                ):
                    with self.assertRaises(UserError):
                        read()
                self.assertFalse(attachment.search([("id", "=", attachment.id)]))

    def test_others_find_nothing_by_searching(self):
        for user in (self.rep, self.portal):
            for model in MODELS:
                records = self.env[model].with_user(user)
                with self.subTest(user=user.login, model=model):
                    for search in (
                        lambda records=records: records.search_read([], ["display_name"]),
                        lambda records=records: records._read_group([], [], ["__count"]),
                        lambda records=records: records.create({"domain": "[]"}),
                    ):
                        with self.assertRaises(AccessError):
                            search()
        strange = self.seen_by(self.stranger)
        self.assertFalse(strange.search([]))

    def test_nobody_of_finance_writes_creates_or_deletes_a_record_or_its_file(self):
        manager = self.person("export_manager", "payment_direct_debit.group_payment_manager")
        for user in (self.clerk, manager, self.env.ref("base.user_admin")):
            user.company_ids |= self.company
            mine = self.seen_by(user)
            attachment = self.attachment.with_user(user).with_context(**mine.env.context)
            with self.subTest(user=user.login):
                for change in (
                    lambda mine=mine: mine.write({"sha256": "0" * 64}),
                    lambda mine=mine: mine.write({"name": "Autre"}),
                    lambda mine=mine: mine.create({"name": "x", "kind": "payments"}),
                    lambda mine=mine: mine.unlink(),
                    lambda attachment=attachment: attachment.write({"raw": b"forged"}),
                    lambda attachment=attachment: attachment.write({"public": True}),
                    lambda attachment=attachment: attachment.unlink(),
                ):
                    with self.assertRaises(UserError):
                        change()

    def test_a_guessed_address_gives_nobody_the_file(self):
        addresses = (
            f"/web/content/payment.export/{self.made.id}/file?download=true",
            f"/web/content/{self.attachment.id}?download=true",
            f"/web/content?model=payment.export&field=file&id={self.made.id}",
        )
        secret = self.debit.reference.encode()
        for login in (None, "export_rep", "export_portal", "export_stranger"):
            self.authenticate(login, login)
            for address in addresses:
                with self.subTest(login=login, address=address):
                    self.assertNotIn(secret, self.url_open(address).content)
        self.authenticate("page_finance", "page_finance")
        answer = self.url_open(addresses[0])
        self.assertIn(secret, answer.content)
        self.assertIn("attachment", answer.headers["Content-Disposition"])

    def test_who_may_not_export_makes_none(self):
        with self.assertRaises(AccessError):
            self.export(user=self.finance)

    def test_a_filter_reaches_no_field_that_its_asker_may_not_read(self):
        with self.assertRaises(AccessError):
            self.export(domain=[("mandate_id.iban_fingerprint", "!=", False)])

    def test_odoos_own_export_stays_subject_to_the_rights(self):
        with self.assertRaises(AccessError):
            self.debit.with_user(self.rep).export_data(["reference", "mandate_id/iban_masked"])
        with self.assertRaises(UserError):
            self.debit.with_user(self.finance).export_data(["reference"])
        self.assertTrue(self.debit.with_user(self.clerk).export_data(["reference"])["datas"])

    def test_only_finance_of_the_company_listens_to_the_progress(self):
        asked = (f"payment.export_{self.made.id}", "payment.export_x")
        for user, hears in ((self.finance, True), (self.stranger, False), (self.rep, False)):
            with self.subTest(user=user.login):
                heard = [c for c in self.channels(user, *asked) if isinstance(c, type(self.made))]
                self.assertEqual(bool(heard), hears)
