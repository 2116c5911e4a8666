"""What the tests of the rights by remote call share: people, their debits, three ways to ask."""

import xmlrpc.client
from datetime import timedelta

import requests

from odoo import fields
from odoo.tests import HttpCase, JsonRpcException, get_db_name
from odoo.tools import mute_logger

from .common import RepCommon

# Odoo's numbers for AccessDenied and AccessError in XML-RPC.
REFUSED_FAULTS = (3, 4)
LOGGERS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
REFUSED = ("odoo.exceptions.AccessError", "odoo.exceptions.AccessDenied")


class Refused(Exception):
    """The server said that it is not allowed."""


class RpcCommon(HttpCase, RepCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reps = "sales_team.group_sale_salesman,base.group_allow_export"
        cls.rep = cls.person("rpc_rep_one", reps)
        cls.other_rep = cls.person("rpc_rep_two", reps)
        cls.portal = cls.person("rpc_portal", "base.group_portal")
        cls.finance = cls.person("rpc_finance", "payment_direct_debit.group_payment_user")
        elsewhere = cls.env["res.company"].create({"name": "Ailleurs"})
        cls.abroad = cls.person(
            "rpc_abroad",
            "payment_direct_debit.group_payment_manager,base.group_allow_export",
            elsewhere,
        )
        cls.own, cls.others = cls.debited(cls.rep), cls.debited(cls.other_rep)
        cls.account = cls.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": cls.others.partner_id.id}
        )

    def setUp(self):
        super().setUp()
        # Before any `assertRaises`, which takes back what was written within.
        day = fields.Datetime.now() + timedelta(hours=1)
        people = self.rep | self.other_rep | self.portal | self.finance | self.abroad
        self.keys = {
            user: self.env["res.users.apikeys"].with_user(user)._generate("rpc", "test", day)
            for user in people
        }
        # Each refusal is a line in the log.
        self.enterContext(mute_logger("odoo.http", "odoo.models", *LOGGERS))

    # === THREE WAYS TO ASK === #

    def ask(self, user, model, method, ids=(), /, **kwargs):
        """Call a method as a remote program does, by `/json/2` with a key of the user's.

        :raise Refused: for want of rights.
        """
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            json={**({"ids": list(ids)} if ids else {}), **kwargs},
            headers={"Authorization": f"Bearer {self.keys[user]}"},
        )
        body = answer.json()
        if answer.status_code != 200 and isinstance(body, dict) and body.get("name") in REFUSED:
            raise Refused(body["message"])
        self.assertEqual(answer.status_code, 200, f"{model}.{method}: {body}")
        return body

    def ask_xmlrpc(self, user, model, method, *args, **kwargs):
        """The same by XML-RPC, with the password."""
        try:
            return self.xmlrpc_object.execute_kw(
                get_db_name(), user.id, user.login, model, method, args, kwargs
            )
        except xmlrpc.client.Fault as fault:
            if fault.faultCode in REFUSED_FAULTS:
                raise Refused(fault.faultString) from fault
            raise

    def ask_page(self, user, model, method, *args, **kwargs):
        """The same as the web client does, within the user's session."""
        if getattr(self, "session", None) is None or self.session.uid != user.id:
            self.authenticate(user.login, user.login)
        try:
            return self.make_jsonrpc_request(
                "/web/dataset/call_kw",
                {"model": model, "method": method, "args": args, "kwargs": kwargs},
            )
        except JsonRpcException as error:
            if str(error) in REFUSED:
                raise Refused(str(error)) from error
            raise

    def download(self, user, url):
        """Return the answer to a download in the user's session; None for nobody's."""
        self.authenticate(user and user.login, user and user.login)
        try:
            return self.url_open(url, allow_redirects=False)
        except requests.RequestException as error:
            raise AssertionError(url) from error
