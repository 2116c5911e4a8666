from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import (
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_slimpay.client import SlimPayClient
from odoo.addons.payment_slimpay.tests.common import ClientCase, answering

# Whether the payment is made by then.
UNCLEAR = {
    "drop_after": True,
    "drop_before": False,
    "500": False,
    "502": False,
    "504": True,
    "html_200": True,
    "empty_200": True,
}
SEND = {"method": "POST", "path": "^/payments/in$"}


@tagged("post_install", "-at_install")
class TestFaults(ClientCase):
    def test_a_look_that_fails_sends_nothing(self):
        for kind in (*UNCLEAR, "429"):
            self.sandbox.fault(kind, method="GET", path="^/payments$")
            with self.subTest(fault=kind), self.assertRaises(DebitRetryable):
                self.client.send(self.order)
        self.assertFalse(self._posts())

    def test_a_look_that_is_refused_proves_nothing(self):
        for status in (400, 404, 422):
            with answering(status, b'{"code": 901, "message": "no"}') as url:
                client = self._client(base_url=url)
                for look in (client.find, client.send):
                    with self.subTest(status=status), self.assertRaises(DebitRetryable):
                        look(self.order)

    def test_wrong_credentials_are_the_administrators_business(self):
        cases = (
            ({"app_secret": "wrong"}, "401"),
            ({"app_name": "nobody"}, "401"),
            ({"creditor": "somebody-else"}, "904"),
        )
        for values, code in cases:
            with self.subTest(code=code), self.assertRaises(ProviderMisconfigured) as caught:
                self._client(**values).send(self.order)
            self.assertEqual(caught.exception.code, code)
            self.assertNotIn("wrong", str(caught.exception))
        self.assertFalse(self.sandbox.payments())

    def test_what_can_not_be_a_credential_makes_no_client(self):
        for name in ("app_name", "app_secret", "creditor"):
            for value in ("", None, "two words", "clé", "a\r\nX-Header: 1"):
                with self.subTest(**{name: value}), self.assertRaises(ProviderMisconfigured):
                    SlimPayClient(**{**self.app, name: value}, base_url=self.sandbox.url)


@tagged("post_install", "-at_install")
class TestToken(ClientCase):
    def _tokens(self):
        return len(self.sandbox.requests("POST", "/oauth/token"))

    def test_one_token_serves_many_calls_and_clients(self):
        self.client.account()
        before = self._tokens()
        for _time in range(3):
            self._client().account()
        self.assertEqual(self._tokens(), before)

    def test_a_token_that_ended_early_is_replaced_and_the_write_made_once(self):
        self.client.find(self.order)
        self.sandbox.act("expire", "tokens")
        self.client.find(self.order)
        before = self._tokens()
        address = self.client._http.address("create-payins")
        self.sandbox.act("expire", "tokens")
        self.client.send(self.order)
        self.assertEqual(self._tokens(), before + 1)
        self.assertEqual((len(self.sandbox.payments()), len(self._posts())), (1, 1))
        self.assertTrue(address.endswith("/payments/in"))

    def test_a_token_is_renewed_before_its_end(self):
        self.sandbox.act("expire", "tokens")
        self.sandbox.control("settings", token_seconds=60, token_clock="real")
        self.client.account()
        before = self._tokens()
        self.client.account()
        self.assertEqual(self._tokens(), before + 1)

    def test_without_a_token_a_write_has_surely_not_been_made(self):
        self.client.find(self.order)
        for kind in (*UNCLEAR, "429"):
            self.sandbox.act("expire", "tokens")
            self.sandbox.fault(kind, method="POST", path="oauth")
            with self.subTest(fault=kind), self.assertRaises(DebitRetryable):
                self.client._create("create-payins", {})
        self.assertFalse(self._posts())

    def test_a_changed_secret_does_not_live_on_in_an_old_token(self):
        self.client.account()
        with self.assertRaises(ProviderMisconfigured):
            self._client(app_secret="wrong").account()

    def test_a_session_cookie_is_not_kept(self):
        with self.assertRaises(DebitRefused):
            self.client._create("create-orders", {})
        self.assertFalse(self.client._http._connection.session().cookies)
