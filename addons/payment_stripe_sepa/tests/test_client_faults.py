from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import (
    ProviderMisconfigured,
)
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient
from odoo.addons.payment_stripe_sepa.tests.common import ClientCase

UNCLEAR = ("drop_after", "drop_before", "500", "502", "html_200", "empty_200")


@tagged("post_install", "-at_install")
class TestFaults(ClientCase):
    def test_wrong_credentials_are_the_administrators_business(self):
        for token, code in (("sk_test_wrong", "401"), ("rk_test_sandbox_readonly", "403")):
            client = StripeSepaClient(token, self.sandbox.url)
            with self.subTest(code=code), self.assertRaises(ProviderMisconfigured) as caught:
                client.send(self.order)
            self.assertEqual(caught.exception.code, code)
            self.assertNotIn(token, str(caught.exception))

    def test_what_can_not_be_a_token_makes_no_client(self):
        for token in ("", None, "pk_test_1", "sk_test_", "sk_test_é", "sk_test_1\r\nX-Header: 1"):
            with self.subTest(token=token), self.assertRaises(ProviderMisconfigured):
                StripeSepaClient(token, self.sandbox.url)
