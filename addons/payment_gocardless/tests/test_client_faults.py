from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import (
    ProviderMisconfigured,
)
from odoo.addons.payment_gocardless.client import GoCardlessClient
from odoo.addons.payment_gocardless.tests.common import ClientCase

UNCLEAR = ("drop_after", "drop_before", "500", "502", "html_200", "empty_200")


@tagged("post_install", "-at_install")
class TestFaults(ClientCase):
    def test_wrong_credentials_are_the_administrators_business(self):
        for token, code in (("wrong", "401"), ("sandbox_readonly", "403")):
            client = GoCardlessClient(token, self.sandbox.url)
            with self.subTest(code=code), self.assertRaises(ProviderMisconfigured) as caught:
                client.send(self.order)
            self.assertEqual(caught.exception.code, code)
            self.assertNotIn(token, str(caught.exception))

    def test_what_can_not_be_a_token_makes_no_client(self):
        for token in ("", None, "live token", "jeton-é", "live\r\nX-Header: 1"):
            with self.subTest(token=token), self.assertRaises(ProviderMisconfigured):
                GoCardlessClient(token, self.sandbox.url)
