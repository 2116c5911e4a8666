from odoo.tests import tagged

from .common_rpc import Refused, RpcCommon

DENIED, EMPTY, OWN, SHARED = "denied", "empty", "own", "shared"

# Who reads what by default: nobody but finance, and finance of its own companies only. A model
# that is not here is held to this, so that a new one is covered from its first day.
DEFAULT = {"rep": DENIED, "portal": DENIED, "abroad": EMPTY}
EXPECTED = {
    # What a rep may know of his clients' payments; the words for it are everybody's.
    "payment.status.report": {"rep": OWN},
    "payment.installment": {"rep": OWN},
    "payment.reason.code": {"rep": SHARED, "abroad": SHARED},
    # Settings that come with the suite, of no company.
    "payment.retry.policy": {"abroad": SHARED},
    "payment.retry.step": {"abroad": SHARED},
    # Odoo's own rule: each user the tokens of his own partner.
    "payment.token": {"rep": EMPTY, "portal": EMPTY},
    # Accounts of the companies, which stand on every invoice; see the rule of crm_contrats.
    "res.partner.bank": {"rep": OWN},
}
# What Odoo has of these is its own; what we add to them is held to the table.
ODOO_MODELS = ("payment.transaction", "payment.token", "payment.provider", "res.partner.bank")

# Asked without rights, each of these must be refused. The ids are guessed.
READS = (
    ("search_read", {"domain": [], "fields": ["id"], "limit": 5}, False),
    ("search_count", {"domain": []}, False),
    ("name_search", {"name": "", "limit": 5}, False),
    ("formatted_read_group", {"domain": [], "groupby": [], "aggregates": ["__count"]}, False),
    ("web_search_read", {"domain": [], "specification": {"display_name": {}}}, False),
    ("read", {"fields": ["display_name"]}, True),
    ("web_read", {"specification": {"display_name": {}}}, True),
    ("export_data", {"fields_to_export": ["display_name"]}, True),
)


def expectations(env):
    """Return {model: {who: what he reads}} of every model that holds payments or bank data."""
    names = {
        name
        for name, model in env.registry.items()
        if name.startswith("payment.")
        and not model._abstract
        and model._original_module.startswith(("payment_", "crm_"))
    }
    return {name: DEFAULT | EXPECTED.get(name, {}) for name in sorted(names.union(ODOO_MODELS))}


@tagged("post_install", "-at_install")
class TestPaymentPageRpc(RpcCommon):
    """What somebody can not see on the page, no remote call gives him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = expectations(cls.env)

    def guessed(self, model):
        """Return ids that exist where there are any: finding one out must not help."""
        return self.env[model].sudo().search([], limit=2).ids or [1, 2]

    def who(self, role):
        return {"rep": self.rep, "portal": self.portal, "abroad": self.abroad}[role]

    def test_the_table_knows_no_model_that_is_gone(self):
        unknown = set(EXPECTED) - set(self.table)
        self.assertFalse(unknown)
        self.assertGreater(len(self.table), 30)

    def test_who_has_no_right_is_refused_by_every_reading_call(self):
        for model, expected in self.table.items():
            for role in ("rep", "portal"):
                if expected[role] != DENIED:
                    continue
                # One gate for all of them: the portal's users are asked for a few.
                reads = READS if role == "rep" else READS[:2] + READS[5:6]
                for method, kwargs, with_ids in reads:
                    ids = self.guessed(model) if with_ids else ()
                    told = self.subTest(model=model, role=role, method=method)
                    with told, self.assertRaises(Refused):
                        self.ask(self.who(role), model, method, ids, **kwargs)

    def test_the_other_doors_are_closed_too(self):
        for model, expected in self.table.items():
            if expected["rep"] != DENIED:
                continue
            with self.subTest(model=model), self.assertRaises(Refused):
                self.ask_xmlrpc(self.rep, model, "search_read", [], ["id"])
            with self.subTest(model=model), self.assertRaises(Refused):
                self.ask_page(self.rep, model, "web_search_read", [], {"id": {}})

    def test_finance_of_another_company_finds_nothing_of_ours(self):
        for model, expected in self.table.items():
            if expected["abroad"] != EMPTY:
                continue
            with self.subTest(model=model):
                # Wizards, and models for the administrator only, are refused altogether.
                try:
                    self.assertEqual(self.ask(self.abroad, model, "search_count", domain=[]), 0)
                except Refused:
                    continue
                ids = self.env[model].sudo().search([], limit=2).ids
                if not ids:
                    continue
                for method, kwargs, with_ids in READS:
                    if with_ids:
                        with self.assertRaises(Refused):
                            self.ask(self.abroad, model, method, ids, **kwargs)

    def test_nobody_without_a_name_reads_anything(self):
        public = self.env.ref("base.public_user")
        for model in self.table:
            with self.subTest(model=model):
                seen = self.env[model].with_user(public).with_context(allowed_company_ids=[])
                self.assertFalse(seen.has_access("read") and seen.search_count([]))
        for url in ("/json/2/payment.transaction/search_read", "/json/2/payment.cycle/get_cycle"):
            answer = self.url_open(url, json={"domain": []})
            self.assertEqual(answer.status_code, 401)

    def test_a_rep_finds_his_own_rows_and_no_others(self):
        rows = {
            "payment.status.report": (self.own.id, self.others.id),
            "payment.installment": (self.own.installment_id.id, self.others.installment_id.id),
        }
        for model, (own, foreign) in rows.items():
            with self.subTest(model=model):
                seen = [
                    r["id"] for r in self.ask(self.rep, model, "search_read", domain=[], fields=[])
                ]
                self.assertIn(own, seen)
                self.assertNotIn(foreign, seen)
                found = self.ask(self.other_rep, model, "search_count", domain=[("id", "=", own)])
                self.assertEqual(found, 0)
                for method, kwargs, with_ids in READS:
                    if with_ids:
                        with self.assertRaises(Refused):
                            self.ask(self.rep, model, method, [foreign], **kwargs)

    def test_a_token_and_an_account_of_a_client_are_nobodys_but_finances(self):
        token = self.others.token_id
        self.assertTrue(token)
        for model, record in (("payment.token", token), ("res.partner.bank", self.account)):
            for user in (self.rep, self.other_rep, self.portal):
                with self.subTest(model=model, user=user.login), self.assertRaises(Refused):
                    self.ask(user, model, "read", record.ids, fields=["display_name"])
        found = self.ask(
            self.finance, "res.partner.bank", "search_count", domain=[("id", "=", self.account.id)]
        )
        self.assertEqual(found, 1)
