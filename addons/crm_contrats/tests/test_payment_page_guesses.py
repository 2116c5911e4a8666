import json

from odoo import http
from odoo.tests import tagged

from .common_rpc import Refused, RpcCommon
from .test_payment_page_rpc import DENIED, expectations

# Conditions that would tell bank data by yes or no, one letter after the other.
GUESSES = (
    ("payment.installment", [("mandate_id.iban_masked", "like", "FR76")]),
    ("payment.installment", [("mandate_id", "!=", False)]),
    ("payment.installment", [("transaction_ids.provider_reference", "like", "1")]),
    ("payment.installment", [("contract_id.mandate_id.name", "like", "RUM")]),
    ("payment.installment", [("hold_detail", "like", "RUM")]),
    ("payment.installment", [("dunning_ids.state", "=", "running")]),
    ("payment.installment", [("history_ids.reason", "like", "FR76")]),
    ("crm.contract", [("mandate_id.name", "like", "RUM")]),
    ("crm.contract", [("installment_ids.mandate_id", "any", [("iban_masked", "like", "FR")])]),
    ("crm.contract", [("history_ids.reason", "like", "FR76")]),
    ("payment.status.report", [("installment_id.mandate_id.iban_masked", "like", "FR76")]),
    ("payment.status.report", [("contract_id.mandate_id", "!=", False)]),
    ("payment.status.report", [("partner_id.payer_score", ">", 50)]),
    ("res.partner", [("payer_score", ">", 50)]),
)
# Of the own tokens only, see the table; and what is on the journals.
NAMED_BY_ODOO = {
    "payment.token.provider_id",
    "payment.token.mandate_id",
    "account.payment.method.line.payment_provider_id",  # the name of a provider
}
# The same by sorting and by grouping.
ORDERS = (
    ("payment.installment", "mandate_id"),
    ("payment.installment", "hold_detail"),
    ("crm.contract", "mandate_id"),
)


@tagged("post_install", "-at_install")
class TestPaymentPageGuesses(RpcCommon):
    """What is not read can not be found out either: by conditions, sorting, actions, downloads."""

    def test_no_condition_tells_bank_data(self):
        for model, domain in GUESSES:
            for method in ("search_count", "search_read"):
                with self.subTest(model=model, domain=domain), self.assertRaises(Refused):
                    self.ask(self.rep, model, method, domain=domain)
            by_group = {"domain": domain, "groupby": [], "aggregates": ["__count"]}
            with self.subTest(model=model, by_group=domain), self.assertRaises(Refused):
                self.ask(self.rep, model, "formatted_read_group", **by_group)

    def test_no_order_and_no_group_tells_bank_data(self):
        for model, name in ORDERS:
            for method, kwargs in (
                ("search_read", {"order": name, "fields": ["id"]}),
                ("formatted_read_group", {"groupby": [name], "aggregates": ["__count"]}),
                ("formatted_read_group", {"groupby": [], "aggregates": [f"{name}:count_distinct"]}),
                ("web_read_group", {"groupby": [name], "aggregates": ["__count"]}),
                ("web_search_read", {"specification": {name: {"fields": {"display_name": {}}}}}),
            ):
                told = self.subTest(model=model, field=name, method=method)
                with told, self.assertRaises(Refused):
                    self.ask(self.rep, model, method, domain=[], **kwargs)

    def test_an_account_number_can_not_be_guessed_through_the_client(self):
        client = self.others.partner_id.id
        for start in ("FR76", "FR99"):
            found = self.ask(
                self.rep,
                "res.partner",
                "search_count",
                domain=[("id", "=", client), ("bank_ids.acc_number", "like", start)],
            )
            self.assertEqual(found, 0)
        read = self.ask(self.rep, "res.partner", "read", [client], fields=["bank_ids"])
        self.assertEqual(read[0]["bank_ids"], [])

    def test_no_field_of_a_readable_model_names_a_record_that_is_not(self):
        """A many2one is read with its name: on what a rep or a client may read, none leads to
        what the table keeps from him."""
        table = expectations(self.env)
        kept = {name for name, expected in table.items() if expected["rep"] == DENIED}
        for user in (self.rep, self.portal):
            named = set()
            for name, model in self.env.items():
                seen = model.with_user(user)
                if model._abstract or name in kept or not seen.has_access("read"):
                    continue
                for field, told in seen.fields_get(attributes=["relation", "type"]).items():
                    if told["type"] == "many2one" and told.get("relation") in kept:
                        named.add(f"{name}.{field}")
            self.assertEqual(named - NAMED_BY_ODOO, set(), user.login)

    def test_the_cycle_answers_for_what_one_may_read_only(self):
        debit = self.others
        foreign = (
            debit,
            debit.mandate_id,
            debit.return_ids,
            debit.installment_id,
            debit.installment_id.contract_id,
            debit.installment_id.invoice_id,
        )
        for record in foreign:
            where = {"model": record._name, "res_id": record.id}
            for method in ("get_cycle", "get_events"):
                for user in (self.rep, self.portal, self.abroad):
                    told = self.subTest(model=record._name, user=user.login)
                    with told, self.assertRaises(Refused):
                        self.ask(user, "payment.cycle", method, **where)
        own = self.own.installment_id.contract_id
        answer = self.ask(
            self.rep, "payment.cycle", "get_cycle", model="crm.contract", res_id=own.id
        )
        text = json.dumps(answer)
        for secret in (self.own.mandate_id.name, self.own.mandate_id.iban_masked, "demo"):
            self.assertNotIn(secret or "-", text)
        events = self.ask(
            self.rep, "payment.cycle", "get_events", model="crm.contract", res_id=own.id, limit=500
        )
        self.assertEqual({event["kind"] for event in events["events"]}, {"payment"})

    def test_figures_and_actions_are_finances(self):
        for user in (self.rep, self.portal):
            with self.assertRaises(Refused):
                self.ask(user, "payment.transaction", "get_payment_figures", domain=[])
            for action in ("retry", "hold", "release", "resync", "link", "refund"):
                with self.subTest(action=action), self.assertRaises(Refused):
                    self.ask(user, "payment.transaction", f"action_page_{action}", self.others.ids)
            for action in ("action_hold", "action_release", "action_retry"):
                with self.subTest(action=action), self.assertRaises(Refused):
                    self.ask(user, "payment.installment", action, self.own.installment_id.ids)
        figures = self.ask(self.abroad, "payment.transaction", "get_payment_figures", domain=[])
        self.assertFalse(any(figures["figures"].values()))

    def test_no_rep_runs_the_page_s_own_actions(self):
        action = self.env.ref("payment_collection.payment_page_action_refund")
        self.authenticate(self.rep.login, self.rep.login)
        with self.assertRaisesRegex(Exception, "AccessError"):
            self.make_jsonrpc_request(
                "/web/action/run",
                {
                    "action_id": action.id,
                    "context": {
                        "active_model": "payment.transaction",
                        "active_ids": self.others.ids,
                    },
                },
            )

    def test_no_download_gives_it_away(self):
        mandate = self.others.mandate_id
        paper = self.env["ir.attachment"].create(
            {
                "name": "mandat.pdf",
                "raw": b"%PDF IBAN FR76",
                "res_model": mandate._name,
                "res_id": mandate.id,
            }
        )
        invoice = self.others.installment_id.invoice_id
        urls = (
            f"/web/content/{paper.id}",
            f"/web/content/payment.mandate/{mandate.id}/name",
            f"/web/image/payment.mandate/{mandate.id}/name",
            f"/report/html/account.report_invoice/{invoice.id}",
            f"/my/invoices/{invoice.id}",
        )
        for user in (self.rep, self.portal, self.abroad, None):
            for url in urls:
                with self.subTest(url=url, user=user and user.login):
                    answer = self.download(user, url)
                    self.assertNotIn("FR76", answer.text)
                    self.assertNotIn(mandate.name, answer.text)
                    self.assertNotIn(invoice.name, answer.text)
        self.assertEqual(self.download(self.finance, urls[0]).status_code, 200)

    def test_an_export_of_the_page_is_refused(self):
        self.authenticate(self.rep.login, self.rep.login)
        for model in ("payment.transaction", "payment.mandate", "payment.event"):
            wanted = {
                "model": model,
                "fields": [{"name": "display_name", "label": "Name", "type": "char"}],
                "ids": self.env[model].sudo().search([], limit=1).ids,
                "domain": [],
                "groupby": [],
                "import_compat": False,
                "context": {},
            }
            answer = self.url_open(
                "/web/export/csv",
                data={"data": json.dumps(wanted), "csrf_token": http.Request.csrf_token(self)},
            )
            with self.subTest(model=model):
                self.assertNotEqual(answer.status_code, 200)
