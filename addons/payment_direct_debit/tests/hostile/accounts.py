"""Bank accounts of every country of SEPA, and what nobody may read in a log."""

import re

from stdnum.iso7064 import mod_97_10

from odoo.addons.payment_direct_debit.pure import iban as iban_tools
from odoo.addons.payment_direct_debit.pure.iban_registry import BBAN_STRUCTURES

from .world import IBAN, MONDAY

FILLERS = {"n": "1234567890", "a": "ABCDEFGHIJ", "c": "1234567890"}
# Examples of the IBAN registry, where the banks of the country have check digits of their own.
PUBLISHED = {
    "BE": "BE71096123456769",
    "ES": "ES9121000418450200051332",
    "ME": "ME25505000012345678951",
    "NO": "NO9386011117947",
}


def example(country):
    """Return an IBAN of the country that is right as far as anybody can tell."""
    if country in PUBLISHED:
        return PUBLISHED[country]
    parts = re.findall(r"(\d+)([nac])", BBAN_STRUCTURES[country])
    bban = "".join((FILLERS[kind] * 4)[: int(size)] for size, kind in parts)
    return country + mod_97_10.calc_check_digits(bban + country) + bban


class Accounts:
    """Mixed into `Sound`."""

    def test_a_mandate_on_an_account_of_each_sepa_country_is_taken_over_and_masked(self):
        countries = sorted(iban_tools.SEPA_IBAN_PREFIXES)
        self.numbers += [example(country) for country in countries]
        refs = {country: f"{self.MANDATE}{country}" for country in countries}
        values = []
        for country in countries:
            self._payer(refs[country], f"Zoé {country}", example(country))
            values.append(
                self._mandate_values(refs[country], self.client) | {"iban": example(country)}
            )
        mandates = self.env["payment.mandate"]._register_existing(values, MONDAY)
        for country, mandate in zip(countries, mandates, strict=True):
            with self.subTest(country):
                number = example(country)
                self.assertEqual(iban_tools.validate(number), number)
                self.assertNotIsInstance(mandate, str, mandate)
                self.assertEqual((mandate.state, mandate.iban_country), ("active", country))
                self.assertEqual(mandate.iban_masked, iban_tools.mask(number))
                self.assertFalse(self._shown(mandate, number))
                self.assertFalse(self._shown(mandate.token_ids, number))

    def _shown(self, record, number):
        """The fields of a record in which an account number stands in full."""
        return [
            name
            for name, value in record.read(load=None)[0].items()
            if isinstance(value, str) and number[4:] in value
        ]

    def test_the_signed_account_is_known_by_its_end(self):
        mandate = self.env["payment.mandate"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
            }
        )
        mandate.action_request_signature()
        self.sign_page(mandate._signature_start(), IBAN)
        self.assertTrue(mandate._signature_refresh(MONDAY))
        self.assertEqual(mandate.state, "active")
        self.assertTrue(IBAN.endswith(mandate.iban_masked[-2:]))
        self.assertFalse(self._shown(mandate, IBAN))

    def test_a_mandate_on_another_account_is_not_taken_over(self):
        answer = self._mandate(iban=example("DE"))
        self.numbers.append(example("DE"))
        self.assertIn("another bank account", answer)

    def test_the_log_tells_the_requests_and_neither_secret_nor_account(self):
        """Every row ends with this; here a whole life is known to have been logged."""
        debits = self._debits(self._mandate(), 49.9, 10.0)
        self.sandbox.fault("502", **self.SEND)
        self._send(debits)
        self._resolve(debits)
        self._days_until(self.COLLECTED_DAY)
        self.sandbox.fault("drop_before", method="GET")
        debits._debit_refresh()
        self.provider.write(self.WRONG_CREDENTIALS)
        self._send(self._debits(debits.mandate_id, 11.0))
        self.assertTrue(self.provider.debit_paused)
        path = self.SEND["path"].strip("^$")
        self.assertTrue([line for line in self.log.lines if path in line])

    def test_history_and_inbox_hold_no_account_number(self):
        self.sandbox.plan("any", "failed:AM04")
        debit = self._sent(49.9)
        self._days_until(self.RETURNED_DAY)
        self._hear(self.notified())
        kept = [*self._events().mapped("payload"), *debit.history_ids.mapped("reason")]
        self.assertTrue(self._events())
        self.assertFalse([text for text in kept if text and IBAN[4:] in text])
