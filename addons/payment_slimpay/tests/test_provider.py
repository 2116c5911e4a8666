from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.payment_direct_debit.exceptions import ProviderMisconfigured
from odoo.addons.payment_slimpay import const
from odoo.addons.payment_slimpay.tests.common import MANDATE, FlowCase, answering

URL = "payment_slimpay.api_base_url"
SECRETS = ("slimpay_app_secret", "slimpay_webhook_secret", "slimpay_webhook_secret_previous")


@tagged("post_install", "-at_install")
class TestProvider(FlowCase):
    def _neutralize(self):
        self.env.flush_all()
        with file_open("payment_slimpay/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

    # === CONNECTION CHECK === #

    def _check(self):
        return self.provider.action_slimpay_check_connection()["params"]

    def _problem(self):
        with self.assertRaises(UserError) as caught:
            self.provider.action_slimpay_check_connection()
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
            provider.action_slimpay_check_connection()
        for name in ("slimpay_app_name", *SECRETS):
            with self.assertRaises(AccessError):
                provider.read([name])

    # === ENVIRONMENT === #

    def test_another_address_counts_in_test_mode_only(self):
        self.assertEqual(self.provider._slimpay_url(), self.sandbox.url)
        self.provider.state = "enabled"
        self.assertEqual(self.provider._slimpay_url(), "https://api.slimpay.net")
        self.env["ir.config_parameter"].set_param(URL, False)
        self.provider.state = "test"
        self.assertEqual(self.provider._slimpay_url(), "https://api.preprod.slimpay.com")

    def test_a_disabled_provider_has_no_client(self):
        self.provider.state = "disabled"
        with self.assertRaises(ProviderMisconfigured):
            self.provider._debit_client()

    def test_a_copy_of_the_record_holds_no_secret(self):
        copy = self.provider.copy()
        self.assertFalse(any(copy[name] for name in SECRETS))

    def test_resetting_the_credentials_wipes_every_secret(self):
        self.provider.slimpay_webhook_secret_previous = "old"
        self.provider.action_reset_credentials()
        self.assertFalse(any(self.provider[name] for name in SECRETS))

    def test_a_neutralized_database_holds_no_secret_sends_nothing_and_says_so(self):
        debit = self._debits(self._mandate(), 12.0)
        self.provider.slimpay_webhook_secret_previous = "old"
        self._neutralize()
        self.assertFalse(any(self.provider[name] for name in SECRETS))
        self._send(debit)
        self.assertEqual(debit.debit_status, "draft")
        self.assertFalse(self.sandbox.payments())
        self.assertTrue(self.provider.debit_paused)
        self.assertEqual(self._alerts(self.provider).kind, "provider_paused")

    def test_rights_lost_while_sending_pause_the_provider_and_keep_the_debits(self):
        debits = self._debits(self._mandate(), 12.0, 13.0)
        secret = self.provider.slimpay_app_secret
        self.provider.slimpay_app_secret = "wrong"
        self._send(debits)
        self.assertEqual(set(debits.mapped("debit_status")), {"draft"})
        self.assertTrue(self.provider.debit_paused)
        self.provider.slimpay_app_secret = secret
        self.provider.action_debit_resume()
        self.assertFalse(self._alerts(self.provider).filtered(lambda a: a.state == "open"))

    # === PROFILE AND FRAMEWORK === #

    def test_the_profile_says_what_slimpay_offers(self):
        profile = self.provider._debit_profile()
        self.assertEqual((profile.schemes, profile.currencies), ({"core"}, {"EUR"}))
        self.assertEqual((profile.min_cents, profile.max_cents), (1, 500_000))
        self.assertEqual(profile.lead_days, 3)
        self.assertTrue(profile.can_cancel and profile.can_refund)
        self.assertFalse(profile.resend_is_safe, "SlimPay has no idempotency keys")
        self.assertFalse(profile.prenotifies or profile.retries_by_itself or profile.pays_out)
        self.provider.slimpay_max_amount = 20_000
        self.assertEqual(self.provider._debit_profile().max_cents, 2_000_000)

    def test_limits_that_can_not_be_are_refused(self):
        for values in ({"slimpay_lead_days": 1}, {"slimpay_max_amount": 0}):
            with self.assertRaises(ValidationError):
                self.provider.write(values)

    def test_other_providers_are_left_alone(self):
        other = self.env["payment.provider"].create({"name": "Other", "code": "none"})
        self.assertIsNone(other._debit_profile())
        self.assertFalse(other._debit_webhook_url())
        with self.assertRaises(ProviderMisconfigured):
            other._debit_client()

    def test_every_company_has_its_own_record_after_the_installation(self):
        provider = self.env.ref("payment_slimpay.payment_provider_slimpay")
        self.assertEqual((provider.code, provider.state), ("slimpay", "disabled"))
        self.assertTrue(provider.image_128)
        self.assertIn("sepa_direct_debit", provider._get_default_payment_method_codes())
        method = self.env["account.payment.method"].search([("code", "=", "slimpay")])
        self.assertEqual(method.payment_type, "inbound")

    def test_nobody_is_offered_slimpay_in_a_payment_form(self):
        self.provider.is_published = True
        found = self.env["payment.provider"]._get_compatible_providers(
            self.company.id, self.client.id, 10.0, currency_id=self.euro.id
        )
        self.assertNotIn(self.provider, found)

    def test_the_form_shows_no_secret(self):
        view = self.env["payment.provider"].get_view(
            self.env.ref("payment.payment_provider_form").id, "form"
        )
        for name in SECRETS:
            tag = view["arch"].split(f'<field name="{name}"')[1].split("/>")[0]
            self.assertIn('password="True"', tag)

    def test_a_mandate_of_another_environment_can_not_be_taken_over(self):
        self.sandbox.reset()
        self.assertIn("could not be read", self._mandate(MANDATE))
