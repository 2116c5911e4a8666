import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.payment_direct_debit.exceptions import ProviderMisconfigured
from odoo.addons.payment_stripe_sepa import const
from odoo.addons.payment_stripe_sepa.tests.common import SECRET, FlowCase, answering

URL = "payment_stripe_sepa.api_base_url"
FORBIDDEN = json.dumps({"error": {"type": "invalid_request_error", "message": "No"}}).encode()


@tagged("post_install", "-at_install")
class TestProvider(FlowCase):
    def _neutralize(self):
        self.env.flush_all()
        with file_open("payment_stripe_sepa/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

    # === CONNECTION CHECK === #

    def _check(self):
        return self.provider.action_debit_check_connection()["params"]

    def _problem(self):
        with self.assertRaises(UserError) as caught:
            self.provider.action_debit_check_connection()
        return str(caught.exception)

    def test_a_good_connection_is_said(self):
        params = self._check()
        self.assertEqual(params["type"], "success")
        self.assertIn("Vision Bac à sable", params["title"])
        self.assertFalse(self.provider.stripe_sepa_own_creditor)

    def test_a_creditor_identifier_of_ones_own_is_filled_in_and_makes_us_announce(self):
        self.sandbox.control("settings", own_creditor_id=True)
        self.assertTrue(self.provider._debit_profile().prenotifies)
        self._check()
        self.assertEqual(self.provider.creditor_identifier, "FR72ZZZ123456")
        self.assertFalse(self.provider._debit_profile().prenotifies)

    def test_a_missing_secret_is_said_although_the_connection_works(self):
        self.provider.debit_webhook_secret = False
        params = self._check()
        self.assertEqual(params["type"], "warning")
        self.assertIn("webhook secret", params["message"])

    def test_each_mistake_is_called_by_its_name(self):
        for key, words in (
            ("sk_test_wrong", "does not know this key"),
            ("sk_live_wrong", "This is a live key"),
            ("rk_live_wrong", "This is a live key"),
            ("pk_test_wrong", "This is no secret key"),
            ("whsec_wrong", "This is no secret key"),
            ("sk_test_wr ong", "malformed"),
            (False, "lacks: Secret Key for SEPA"),
        ):
            with self.subTest(key=key):
                self.provider.stripe_sepa_secret_key = key
                self.assertIn(words, self._problem())
        self.provider.write({"state": "enabled", "stripe_sepa_secret_key": "sk_test_wrong"})
        self.assertIn("This is a test key", self._problem())
        self.provider.state = "disabled"
        self.assertIn("Choose the state", self._problem())

    def test_a_missing_capability_is_said(self):
        self.sandbox.control("settings", sepa_debit_enabled=False)
        self.assertIn("lacks SEPA debits", self._problem())

    def test_an_account_that_is_not_set_up_is_said(self):
        account = {"id": "acct_1", "object": "account", "charges_enabled": False}
        with answering(200, json.dumps(account).encode()) as url:
            self.env["ir.config_parameter"].set_param(URL, url)
            self.assertIn("may not take payments yet", self._problem())

    def test_an_account_without_payouts_and_a_key_that_sees_little_are_no_error(self):
        account = {"id": "acct_1", "object": "account", "payouts_enabled": False}
        with answering(200, json.dumps(account).encode()) as url:
            self.env["ir.config_parameter"].set_param(URL, url)
            params = self._check()
        self.assertEqual((params["type"], params["title"]), ("warning", "Connected to acct_1"))
        self.assertIn("pays nothing out", params["message"])

    def test_a_key_without_rights_is_said(self):
        with answering(403, FORBIDDEN) as url:
            self.env["ir.config_parameter"].set_param(URL, url)
            self.assertIn("lacks rights", self._problem())

    def test_a_host_out_of_reach_is_said(self):
        self.env["ir.config_parameter"].set_param(URL, "http://127.0.0.1:9")
        self.assertIn("out of reach", self._problem())

    def test_only_administrators_check_and_read_the_secrets(self):
        user = new_test_user(
            self.env, "stripe_sepa_finance", groups="payment_direct_debit.group_payment_manager"
        )
        provider = self.provider.with_user(user)
        with self.assertRaises(AccessError):
            provider.action_debit_check_connection()
        with self.assertRaises(AccessError):
            provider.action_stripe_sepa_create_webhook()
        for name in ("stripe_sepa_secret_key", "debit_webhook_secret"):
            with self.assertRaises(AccessError):
                provider.read([name])

    # === WEBHOOK === #

    def test_the_webhook_is_made_with_its_secret_in_place_of_the_former_one(self):
        self.sandbox.control("settings", endpoint_secret="whsec_made")
        for _time in range(2):
            self.provider.action_stripe_sepa_create_webhook()
        (endpoint,) = self.sandbox.read("tables/webhook_endpoints")
        self.assertEqual(endpoint["url"], self.provider.debit_webhook_url)
        self.assertEqual(endpoint["api_version"], const.API_VERSION)
        self.assertEqual(set(endpoint["enabled_events"]), set(const.EVENTS))
        self.assertEqual(self.provider.debit_webhook_secret, "whsec_made")

    def test_the_new_secret_is_in_no_log(self):
        self.sandbox.control("settings", endpoint_secret="whsec_made")
        with self.assertLogs(level="DEBUG") as logs:
            self.provider.action_stripe_sepa_create_webhook()
            self.env.flush_all()
        self.assertTrue(logs.output)
        self.assertFalse([line for line in logs.output if ":stripe:" in line])

    def test_a_webhook_that_stripe_does_not_make_leaves_the_secret_alone(self):
        self.provider.stripe_sepa_secret_key = "rk_test_sandbox_readonly"
        with self.assertRaises(UserError) as caught:
            self.provider.action_stripe_sepa_create_webhook()
        self.assertIn("lacks rights", str(caught.exception))
        self.assertEqual(self.provider.debit_webhook_secret, SECRET)

    # === ENVIRONMENT === #

    def test_another_address_counts_in_test_mode_only(self):
        self.assertEqual(self.provider._debit_api_url(), self.sandbox.url)
        self.provider.state = "enabled"
        self.assertEqual(self.provider._debit_api_url(), "https://api.stripe.com")
        self.env["ir.config_parameter"].set_param(URL, False)
        self.provider.state = "test"
        self.assertEqual(self.provider._debit_api_url(), "https://api.stripe.com")

    def test_a_key_of_the_other_environment_makes_no_client(self):
        self.provider.state = "enabled"
        with self.assertRaises(ProviderMisconfigured):
            self.provider._debit_client()
        self.provider.stripe_sepa_secret_key = "sk_live_1"
        self.assertTrue(self.provider._debit_client())

    def test_a_neutralized_database_holds_no_secret_sends_nothing_and_says_so(self):
        debit = self._debits(self._mandate(), 12.0)
        self._neutralize()
        self.assertFalse(self.provider.stripe_sepa_secret_key)
        self._send(debit)
        self.assertEqual(debit.debit_status, "draft")
        self.assertFalse(self.sandbox.payments())
        self.assertTrue(self.provider.debit_paused)
        self.assertEqual(self._alerts(self.provider).kind, "provider_paused")

    # === PROFILE AND FRAMEWORK === #

    def test_the_profile_says_what_stripe_offers(self):
        profile = self.provider._debit_profile()
        self.assertEqual((profile.schemes, profile.currencies), ({"core"}, {"EUR"}))
        self.assertEqual((profile.min_cents, profile.max_cents), (50, 1_000_000))
        self.assertEqual(profile.lead_days, 5)
        self.assertTrue(profile.prenotifies and profile.resend_is_safe)
        self.assertTrue(profile.can_refund and profile.pays_out)
        self.assertFalse(profile.retries_by_itself or profile.can_cancel)
        self.provider.debit_max_amount = 20_000
        self.assertEqual(self.provider._debit_profile().max_cents, 2_000_000)

    def test_limits_that_can_not_be_are_refused(self):
        for values in (
            {"debit_lead_days": 2},
            {"debit_lead_days": 9},
            {"debit_max_amount": 0},
        ):
            with self.assertRaises(ValidationError):
                self.provider.write(values)
