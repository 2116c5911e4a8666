"""The provider's record: what it keeps secret, when it is silent, whom it is shown to."""

from odoo.addons.payment_direct_debit.exceptions import ProviderMisconfigured


class Records:
    """Mixed into `Sound`."""

    def _secret_fields(self):
        return (*self.WRONG_CREDENTIALS, self.SECRET_FIELD)

    def test_a_disabled_provider_has_no_client(self):
        self.provider.state = "disabled"
        with self.assertRaises(ProviderMisconfigured):
            self.provider._debit_client()

    def test_a_copy_of_the_record_and_a_reset_hold_no_secret(self):
        copy = self.provider.copy()
        self.assertFalse(any(copy[name] for name in self._secret_fields()))
        self.provider.action_reset_credentials()
        self.assertFalse(any(self.provider[name] for name in self._secret_fields()))

    def test_every_company_has_its_own_record_after_the_installation(self):
        provider = self.env.ref(f"payment_{self.code}.payment_provider_{self.code}")
        self.assertEqual((provider.code, provider.state), (self.code, "disabled"))
        self.assertTrue(provider.image_128)
        self.assertIn("sepa_direct_debit", provider._get_default_payment_method_codes())
        method = self.env["account.payment.method"].search([("code", "=", self.code)])
        self.assertEqual(method.payment_type, "inbound")

    def test_nobody_is_offered_it_in_a_payment_form(self):
        self.provider.is_published = True
        found = self.env["payment.provider"]._get_compatible_providers(
            self.company.id, self.client.id, 10.0, currency_id=self.euro.id
        )
        self.assertNotIn(self.provider, found)

    def test_the_form_shows_no_secret(self):
        form = self.env.ref("payment.payment_provider_form")
        view = self.env["payment.provider"].get_view(form.id, "form")
        for name in self._secret_fields():
            tag = view["arch"].split(f'<field name="{name}"')[1].split("/>")[0]
            self.assertIn('password="True"', tag)

    def test_a_mandate_of_another_environment_can_not_be_taken_over(self):
        self.sandbox.reset()
        self.assertIn("could not be read", self._mandate())
