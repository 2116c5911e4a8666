from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestRights(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.due = cls.installment()
        values = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.finance = new_test_user(
            cls.env, "finance", "payment_direct_debit.group_payment_user", **values
        )
        cls.employee = new_test_user(cls.env, "employee", "base.group_user", **values)
        cls.billing = new_test_user(cls.env, "billing", "account.group_account_invoice", **values)
        cls.portal = new_test_user(cls.env, "portal", "base.group_portal", **values)

    def test_finance_reads_and_holds(self):
        mine = self.due.with_user(self.finance)
        mine.action_hold()
        self.assertEqual(mine.hold_reason, "manual")
        mine.action_release()
        self.assertEqual(mine.state, "planned")
        self.assertTrue(mine.history_ids)

    def test_finance_can_not_forge(self):
        mine = self.due.with_user(self.finance)
        for values in ({"state": "paid"}, {"hold_reason": "manual"}, {"invoice_id": False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                mine.write(values)
        with self.assertRaises(AccessError):
            mine.create(
                {
                    "partner_id": mine.partner_id.id,
                    "amount": 1,
                    "due_date": "2026-02-04",
                    "state": "paid",
                }
            )

    def test_others_see_nothing(self):
        for user in (self.employee, self.billing, self.portal):
            for model in ("payment.installment", "payment.run", "payment.run.line"):
                records = self.env[model].with_user(user)
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(AccessError):
                        records.search([])
                    with self.assertRaises(AccessError):
                        records.search_read([], ["display_name"])
                    with self.assertRaises(AccessError):
                        records._read_group([], [], ["__count"])

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "payment_direct_debit.group_payment_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        installments = self.env["payment.installment"].with_user(stranger).with_company(other)
        installments = installments.with_context(allowed_company_ids=other.ids)
        self.assertFalse(installments.search([("id", "=", self.due.id)]))
        with self.assertRaises(AccessError):
            installments.browse(self.due.id).read(["amount"])

    def test_a_plain_invoicing_user_opens_invoices_and_clients(self):
        """What we add to forms may not break them for those who do not see payments."""
        billing = self.billing
        partner = self.due.partner_id.with_user(billing)
        partner.get_view(view_type="form")
        partner.web_read({"name": {}})
        with self.assertRaises(AccessError):
            partner.read(["collection_hold"])
