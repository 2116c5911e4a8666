from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.payment_slimpay import const
from odoo.addons.payment_slimpay.tests.common import FlowCase, answering

URL = "payment_slimpay.api_base_url"
SECRETS = ("slimpay_app_secret", "debit_webhook_secret", "debit_webhook_secret_previous")


@tagged("post_install", "-at_install")
class TestProvider(FlowCase):
    def _neutralize(self):
        self.env.flush_all()
        with file_open("payment_slimpay/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

    # === CONNECTION CHECK === #

    def _check(self):
        return self.provider.action_debit_check_connection()["params"]

    def _problem(self):
        with self.assertRaises(UserError) as caught:
            self.provider.action_debit_check_connection()
        return str(caught.exception)

    def test_a_good_connection_says_which_address_to_notify(self):
        params = self._check()
        self.assertEqual((params["type"], params["title"]), ("success", "Connected to Vision"))
        self.assertIn(self.provider.debit_webhook_url, params["message"])

    def test_a_missing_creditor_identifier_is_said_although_the_connection_works(self):
        self.provider.creditor_identifier = False
        params = self._check()
        self.assertEqual(params["type"], "warning")
        self.assertIn("ICS", params["message"])

    def test_each_mistake_is_called_by_its_name(self):
        good = {name: self.provider[name] for name in ("slimpay_app_name", "slimpay_app_secret")}
        self.provider.slimpay_app_secret = "wrong"
        self.assertIn("does not accept this app name and secret", self._problem())
        self.provider.write({**good, "slimpay_app_name": "nobody"})
        self.assertIn("does not accept this app name and secret", self._problem())
        self.provider.write({**good, "slimpay_creditor_reference": "somebody-else"})
        self.assertIn("may not use the creditor “somebody-else”", self._problem())
        self.provider.slimpay_creditor_reference = " "
        self.assertIn("lacks: Creditor Reference", self._problem())
        self.provider.write({"slimpay_app_name": False, "slimpay_app_secret": False})
        self.assertIn("App Name, App Secret", self._problem())
        self.provider.slimpay_app_secret = "two words"
        self.provider.state = "disabled"
        self.assertIn("Choose the state", self._problem())

    def test_a_creditor_that_slimpay_does_not_know_is_said(self):
        with answering(404, b"") as url:
            self.env["ir.config_parameter"].set_param(URL, url)
            self.assertIn("may not use the creditor", self._problem())

    def test_an_app_of_the_other_environment_is_recognised(self):
        self.env["ir.config_parameter"].set_param(URL, False)
        with answering(401, b"{}") as wrong:
            for state, words in (("test", "of the live"), ("enabled", "of the preproduction")):
                other = "enabled" if state == "test" else "test"
                urls = {state: wrong, other: self.sandbox.url}
                with self.subTest(state), patch.dict(const.API_URLS, urls):
                    self.provider.state = state
                    self.assertIn(words, self._problem())

    def test_a_host_out_of_reach_is_said(self):
        self.env["ir.config_parameter"].set_param(URL, "http://127.0.0.1:9")
        self.assertIn("out of reach", self._problem())

    def test_only_administrators_check_and_read_the_secrets(self):
        user = new_test_user(
            self.env, "slimpay_finance", groups="payment_direct_debit.group_payment_manager"
        )
        provider = self.provider.with_user(user)
        with self.assertRaises(AccessError):
            provider.action_debit_check_connection()
        for name in ("slimpay_app_name", *SECRETS):
            with self.assertRaises(AccessError):
                provider.read([name])

    # === ENVIRONMENT === #

    def test_another_address_counts_in_test_mode_only(self):
        self.assertEqual(self.provider._debit_api_url(), self.sandbox.url)
        self.provider.state = "enabled"
        self.assertEqual(self.provider._debit_api_url(), "https://api.slimpay.net")
        self.env["ir.config_parameter"].set_param(URL, False)
        self.provider.state = "test"
        self.assertEqual(self.provider._debit_api_url(), "https://api.preprod.slimpay.com")

    def test_a_neutralized_database_holds_no_secret_sends_nothing_and_says_so(self):
        debit = self._debits(self._mandate(), 12.0)
        self._neutralize()
        self.assertFalse(self.provider.slimpay_app_secret)
        self._send(debit)
        self.assertEqual(debit.debit_status, "draft")
        self.assertFalse(self.sandbox.payments())
        self.assertTrue(self.provider.debit_paused)
        self.assertEqual(self._alerts(self.provider).kind, "provider_paused")

    # === PROFILE AND FRAMEWORK === #

    def test_the_profile_says_what_slimpay_offers(self):
        profile = self.provider._debit_profile()
        self.assertEqual((profile.schemes, profile.currencies), ({"core"}, {"EUR"}))
        self.assertEqual((profile.min_cents, profile.max_cents), (1, 500_000))
        self.assertEqual(profile.lead_days, 3)
        self.assertTrue(profile.can_cancel and profile.can_refund)
        self.assertFalse(profile.resend_is_safe, "SlimPay has no idempotency keys")
        self.assertFalse(profile.prenotifies or profile.retries_by_itself or profile.pays_out)
        self.provider.debit_max_amount = 20_000
        self.assertEqual(self.provider._debit_profile().max_cents, 2_000_000)

    def test_limits_that_can_not_be_are_refused(self):
        for values in ({"debit_lead_days": 1}, {"debit_max_amount": 0}):
            with self.assertRaises(ValidationError):
                self.provider.write(values)
