from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.payment_direct_debit.exceptions import ProviderMisconfigured

SECRETS = ("debit_webhook_secret", "debit_webhook_secret_previous")


@tagged("post_install", "-at_install")
class TestProviderSetup(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Transfers", "code": "none", "state": "test", **dict.fromkeys(SECRETS, "s")}
        )

    def test_a_provider_without_mandates_is_left_alone(self):
        self.assertIsNone(self.provider._debit_setup())
        self.assertFalse(self.provider.debit_webhook_url)
        self.assertFalse(self.provider._debit_api_url() or self.provider._debit_is_stand_in())
        self.assertFalse(self.provider.support_tokenization)
        self.provider.write({"debit_lead_days": -1, "debit_max_amount": -1})
        with self.assertRaises(ProviderMisconfigured):
            self.provider._debit_client()
        with self.assertRaises(UserError):
            self.provider.action_debit_check_connection()

    def test_no_address_answers_for_it(self):
        for code, number in (
            ("none", self.provider.id),
            ("other", self.provider.id),
            ("none", self.provider.id + 1000),
        ):
            url = f"/payment/{code}/webhook/{number}"
            self.assertEqual(self.url_open(url, data=b"{}", method="POST").status_code, 404)

    def test_only_administrators_read_the_secrets_and_check(self):
        user = new_test_user(
            self.env, "setup_finance", groups="payment_direct_debit.group_payment_manager"
        )
        provider = self.provider.with_user(user)
        for name in SECRETS:
            with self.assertRaises(AccessError):
                provider.read([name])
        with self.assertRaises(AccessError):
            provider.action_debit_check_connection()

    def test_neither_a_copy_of_the_record_nor_of_the_database_holds_a_secret(self):
        self.assertFalse(any(self.provider.copy()[name] for name in SECRETS))
        self.env.flush_all()
        with file_open("payment_direct_debit/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(any(self.provider[name] for name in SECRETS))
