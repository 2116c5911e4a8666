from xmlrpc.client import Fault

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_direct_debit.models import payment_state_mixin
from odoo.addons.payment_direct_debit.tests.common import EngineCommon

FORGED = {payment_state_mixin._WRITER_KEY: True}


@tagged("post_install", "-at_install")
class TestRemoteForgery(EngineCommon, HttpCase):
    """What an integrator can send over the wire changes no state."""

    def _xmlrpc(self, method, *args, **kwargs):
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname,
            self.finance.id,
            "finance-password",
            "payment.mandate",
            method,
            list(args),
            kwargs,
        )

    def _json2(self, method, **body):
        if not hasattr(self, "key"):
            keys = self.env["res.users.apikeys"].with_user(self.finance).sudo()
            self.key = keys._generate(None, "for the test", None)
        return self.url_open(
            f"/json/2/payment.mandate/{method}",
            json=body,
            headers={"Authorization": f"Bearer {self.key}"},
        )

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_xmlrpc_forges_no_state(self):
        mandate = self._mandate()
        for context in ({}, FORGED):
            with self.assertRaisesRegex(Fault, "their own actions|change by"):
                self._xmlrpc("write", mandate.ids, {"state": "active"}, context=context)
            with self.assertRaisesRegex(Fault, "can not be created"):
                values = {"partner_id": self.debtor.id, "state": "active"}
                self._xmlrpc("create", [values], context=context)
        with self.assertRaisesRegex(Fault, "[Pp]rivate"):
            self._xmlrpc("_set_state", mandate.ids, "active")
        with self.assertRaisesRegex(Fault, "[Pp]rivate"):
            self._xmlrpc("_register_existing", [])

    @mute_logger("odoo.http")
    def test_json2_forges_no_state(self):
        mandate = self._mandate()
        for context in ({}, FORGED):
            forged = {"ids": mandate.ids, "vals": {"state": "active"}, "context": context}
            answer = self._json2("write", **forged)
            self.assertEqual(answer.status_code, 403, answer.text)
        answer = self._json2("_set_state", ids=mandate.ids, state="active")
        self.assertIn(answer.status_code, (403, 404, 422))
        mandate.invalidate_recordset()
        self.assertEqual(mandate.state, "draft")

    @mute_logger("odoo.addons.rpc.controllers.xmlrpc")
    def test_the_same_verbs_as_in_the_screens_work(self):
        mandate = self._mandate()
        self._xmlrpc("action_request_signature", mandate.ids)
        mandate.invalidate_recordset()
        self.assertEqual(mandate.state, "to_sign")
        answer = self._json2("read", ids=mandate.ids, fields=["state"])
        self.assertEqual(answer.json()[0]["state"], "to_sign")

    def test_a_signature_link_with_another_token_leads_nowhere(self):
        mandate, other = self._mandate(), self._mandate()
        mandate.action_request_signature()
        good = mandate._signature_url().split("/")
        route = f"/payment/mandate/sign/{mandate.id}"
        for token in (other._signature_token(), "x", good[-1][:-1], "%C3%A9" * 8):
            for path in (f"{route}/{token}", f"{route}/{token}/back"):
                with self.subTest(path=path):
                    self.assertEqual(self.url_open(path).status_code, 404)
        self.assertEqual(self.url_open(f"{route}/{good[-1]}/back").status_code, 200)
        gone = f"/payment/mandate/sign/{other.id + 1_000_000}/{good[-1]}"
        self.assertEqual(self.url_open(gone).status_code, 404)
