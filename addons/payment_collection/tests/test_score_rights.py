"""Who sees payer scores, and who may set one."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.common import MONDAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestScoreRights(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client, _mandate = cls.client_with_mandate()
        cls.env["payment.payer.score"]._score(cls.company, cls.client.ids, MONDAY)
        cls.score = cls.env["payment.payer.score"].search([("partner_id", "=", cls.client.id)])
        values = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        groups = {
            "finance": "payment_direct_debit.group_payment_user",
            "manager": "payment_direct_debit.group_payment_manager",
            "sales": "sales_team.group_sale_salesman",
            "employee": "base.group_user",
            "billing": "account.group_account_invoice",
            "portal": "base.group_portal",
        }
        cls.users = {
            name: new_test_user(cls.env, f"score_{name}", group, **values)
            for name, group in groups.items()
        }

    def as_user(self, name, record=None):
        return (self.score if record is None else record).with_user(self.users[name])

    def test_finance_reads_scores_reasons_and_history(self):
        mine = self.as_user("finance")
        self.assertTrue(mine.search([("id", "=", mine.id)]))
        self.assertTrue(mine.reason_text)
        self.assertEqual(
            mine.history_ids, mine.history_ids.search([("id", "in", mine.history_ids.ids)])
        )
        client = self.as_user("finance", self.client)
        self.assertEqual(client.payer_score, self.score.score)
        self.assertEqual(client.action_view_payer_score()["res_id"], self.score.id)

    def test_finance_does_not_override(self):
        values = {"override_score": 99, "override_until": "2099-01-01", "override_reason": "x"}
        with self.assertRaises(AccessError):
            self.as_user("finance").write(values)
        with self.assertRaises(AccessError):
            self.as_user("finance").action_end_override()

    def test_the_finance_manager_overrides(self):
        values = {"override_score": 99, "override_until": "2099-01-01", "override_reason": "x"}
        self.as_user("manager").write(values)
        self.assertEqual(self.score.score, 99)
        self.assertEqual(self.score.override_by_id, self.users["manager"])
        self.as_user("manager").action_end_override()
        self.assertEqual(self.score.score, self.score.computed_score)

    def test_nobody_forges_what_was_counted(self):
        forged = (
            {"score": 100},
            {"grade": "A"},
            {"probability": 0.0},
            {"computed_score": 100},
            {"reasons": []},
            {"override_by_id": False},
            {"partner_id": False},
        )
        for values in forged:
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.as_user("manager").write(values)
            with self.subTest(values=values), self.assertRaises(AccessError):
                both = {**values, "override_reason": "x"}
                self.as_user("manager").write(both)
        with self.assertRaises(AccessError):
            self.as_user("manager").create({"partner_id": self.client.id})
        with self.assertRaises(AccessError):
            self.as_user("manager").unlink()

    def test_all_others_see_neither_scores_nor_the_score_of_a_client(self):
        for name in ("sales", "employee", "billing", "portal"):
            scores = self.as_user(name)
            client = self.as_user(name, self.client)
            attempts = {
                "search": lambda s=scores: s.search([]),
                "read": lambda s=scores: s.read(["score"]),
                "group": lambda s=scores: s._read_group([], [], ["score:avg"]),
                "read of the client": lambda c=client: c.read(["payer_score"]),
                "search of clients": lambda c=client: c.search([("payer_score", "<", 50)]),
                "button": lambda c=client: c.action_view_payer_score(),
            }
            for what, attempt in attempts.items():
                with self.subTest(name, what=what), self.assertRaises(AccessError):
                    attempt()

    def test_the_client_form_opens_for_those_who_do_not_see_the_score(self):
        for name in ("sales", "employee", "billing"):
            client = self.as_user(name, self.client)
            arch = client.get_view(view_type="form")["arch"]
            self.assertNotIn("payer_score", arch, name)
        self.assertIn("payer_score", self.as_user("finance", self.client).get_view()["arch"])

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = new_test_user(
            self.env,
            "score_stranger",
            "payment_direct_debit.group_payment_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        scores = self.score.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(scores.search([("id", "=", self.score.id)]))
        with self.assertRaises(AccessError):
            scores.read(["score"])
