import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.payment_gocardless import const
from odoo.addons.payment_gocardless.tests.common import FlowCase, answering

URL = "payment_gocardless.api_base_url"
UNAUTHORISED = json.dumps({"error": {"type": "invalid_api_usage", "code": 401}}).encode()


@tagged("post_install", "-at_install")
class TestProvider(FlowCase):
    def _neutralize(self):
        self.env.flush_all()
        with file_open("payment_gocardless/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

    # === CONNECTION CHECK === #

    def _check(self):
        return self.provider.action_debit_check_connection()["params"]

    def _problem(self):
        with self.assertRaises(UserError) as caught:
            self.provider.action_debit_check_connection()
        return str(caught.exception)

    def test_a_good_connection_fills_in_the_creditor(self):
        self.sandbox.control("settings", minimum_advance_notice=5)
        self.assertEqual(self._check()["type"], "success")
        self.assertEqual(self.provider.creditor_identifier, "FR72ZZZ123456")
        self.assertEqual(self.provider.debit_lead_days, 5)

    def test_a_missing_secret_is_said_although_the_connection_works(self):
        self.provider.debit_webhook_secret = False
        params = self._check()
        self.assertEqual(params["type"], "warning")
        self.assertIn("webhook secret", params["message"])

    def test_each_mistake_is_called_by_its_name(self):
        self.provider.gocardless_access_token = "wrong"
        self.assertIn("does not know this access token", self._problem())
        self.provider.gocardless_access_token = False
        self.assertIn("lacks: Access Token", self._problem())
        self.provider.state = "disabled"
        self.assertIn("Choose the state", self._problem())

    def test_an_account_without_creditor_or_without_sepa_is_said(self):
        uk = {"id": "CR1", "name": "Ltd", "scheme_identifiers": [{"scheme": "bacs"}]}
        for creditors, words in (([], "no creditor"), ([uk], "no SEPA Core identifier")):
            content = json.dumps({"creditors": creditors}).encode()
            with self.subTest(words), answering(200, content) as url:
                self.env["ir.config_parameter"].set_param(URL, url)
                self.assertIn(words, self._problem())

    def test_a_token_of_the_other_environment_is_recognised(self):
        with answering(401, UNAUTHORISED) as wrong:
            for state, words in (("test", "live environment"), ("enabled", "for the sandbox")):
                other = "enabled" if state == "test" else "test"
                urls = {state: wrong, other: self.sandbox.url}
                self.env["ir.config_parameter"].set_param(URL, False)
                with self.subTest(state), patch.dict(const.API_URLS, urls):
                    self.provider.state = state
                    self.assertIn(words, self._problem())

    def test_a_host_out_of_reach_is_said(self):
        self.env["ir.config_parameter"].set_param(URL, "http://127.0.0.1:9")
        self.assertIn("out of reach", self._problem())

    def test_only_administrators_check_and_read_the_secrets(self):
        user = new_test_user(
            self.env, "gocardless_finance", groups="payment_direct_debit.group_payment_manager"
        )
        provider = self.provider.with_user(user)
        with self.assertRaises(AccessError):
            provider.action_debit_check_connection()
        for name in ("gocardless_access_token", "debit_webhook_secret"):
            with self.assertRaises(AccessError):
                provider.read([name])

    # === ENVIRONMENT === #

    def test_another_address_counts_in_test_mode_only(self):
        self.assertEqual(self.provider._debit_api_url(), self.sandbox.url)
        self.provider.state = "enabled"
        self.assertEqual(self.provider._debit_api_url(), "https://api.gocardless.com")
        self.env["ir.config_parameter"].set_param(URL, False)
        self.provider.state = "test"
        self.assertEqual(self.provider._debit_api_url(), "https://api-sandbox.gocardless.com")

    def test_a_neutralized_database_holds_no_secret_sends_nothing_and_says_so(self):
        debit = self._debits(self._mandate(), 12.0)
        self._neutralize()
        self.assertFalse(self.provider.gocardless_access_token)
        self._send(debit)
        self.assertEqual(debit.debit_status, "draft")
        self.assertFalse(self.sandbox.payments())
        self.assertTrue(self.provider.debit_paused)
        self.assertEqual(self._alerts(self.provider).kind, "provider_paused")

    # === PROFILE AND FRAMEWORK === #

    def test_the_profile_says_what_gocardless_offers(self):
        profile = self.provider._debit_profile()
        self.assertEqual((profile.schemes, profile.currencies), ({"core"}, {"EUR"}))
        self.assertEqual((profile.min_cents, profile.max_cents), (100, 500_000))
        self.assertEqual(profile.lead_days, 3)
        self.assertTrue(profile.prenotifies and profile.can_cancel and profile.resend_is_safe)
        self.assertFalse(profile.retries_by_itself)
        self.provider.debit_max_amount = 20_000
        self.assertEqual(self.provider._debit_profile().max_cents, 2_000_000)

    def test_limits_that_can_not_be_are_refused(self):
        for values in ({"debit_lead_days": 1}, {"debit_max_amount": 0}):
            with self.assertRaises(ValidationError):
                self.provider.write(values)
