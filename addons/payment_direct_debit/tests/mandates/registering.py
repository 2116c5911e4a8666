"""Mandates signed on paper, at any provider that takes them: the same table for each.

The class beside which it stands gives `provider`, `client`, `company`, `sandbox`, `_committing`,
`_debits` and `_send`.
"""

from datetime import date, datetime

from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit.pure import iban as iban_tools

MONDAY = date(2026, 3, 2)
# In the stand-in's time, after which it is looked for.
MORNING = datetime(2026, 3, 2, 9)
SIGNED = date(2026, 2, 20)
ACCOUNT = "FR1420041010050500013M02606"
OTHER_ACCOUNT = "DE89370400440532013000"


class Registering:
    """`MAKES`: the request by which the provider makes the mandate, as the stand-in's faults
    name it; `KEEPS_RUM`: whether our reference is the provider's too."""

    allow_inherited_tests_method = True
    MAKES = {}
    KEEPS_RUM = True

    def setUp(self):
        super().setUp()
        self.client.write({"email": "client@example.com", "street": "1 rue de la Paix"})
        self.client.write({"zip": "75002", "city": "Paris"})
        self.before = len(self._theirs())

    def _theirs(self):
        return self.sandbox.read("tables/mandates")

    def _made(self):
        return len(self._theirs()) - self.before

    def _draft(self, **values):
        return self.env["payment.mandate"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                **values,
            }
        )

    def _register(self, mandate, iban=ACCOUNT):
        with self._committing(mandate) as sending:
            message = sending._register_signed(iban, "Zoé Lefèvre", SIGNED, MONDAY)
        mandate.invalidate_recordset()
        return message

    def _find(self, mandate):
        with self._committing(mandate) as asking:
            asking._registration_find(MONDAY)
        mandate.invalidate_recordset()

    def _lost(self, fault="drop_after"):
        mandate = self._draft()
        self.sandbox.fault(fault, **self.MAKES)
        message = self._register(mandate)
        self.assertIn("safely", message)
        self.assertTrue(mandate.registration_pending)
        self.assertEqual(mandate.state, "draft")
        mandate._state_write({"registration_sent_at": MORNING})
        self.env.flush_all()
        return mandate

    def test_a_paper_mandate_is_active_at_once_with_its_token(self):
        mandate = self._draft()
        rum = mandate.name
        self.assertEqual(self._register(mandate), "")
        self.assertEqual((mandate.state, mandate.signature_method), ("active", "paper"))
        self.assertEqual(mandate.signed_on, SIGNED)
        self.assertEqual(mandate.token_ids.provider_ref, mandate.provider_mandate_ref)
        self.assertEqual(self._made(), 1)
        self.assertEqual(mandate.name == rum, self.KEEPS_RUM)
        self.assertEqual(self._theirs()[-1].get("reference", mandate.name), mandate.name)

    def test_it_can_be_debited(self):
        mandate = self._draft()
        self._register(mandate)
        debit = self._debits(mandate, 20.0)
        self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")

    def test_of_the_account_only_a_mask_and_a_fingerprint_stay(self):
        mandate = self._draft()
        with self.assertLogs(level="DEBUG") as logs:
            self._register(mandate)
        self.assertEqual(mandate.iban_masked, iban_tools.mask(ACCOUNT))
        self.assertEqual(mandate.iban_fingerprint, mandate._fingerprint(ACCOUNT))
        shown = str((mandate.read(), mandate.history_ids.read(), mandate.token_ids.read()))
        for text in (shown, "\n".join(logs.output)):
            self.assertNotIn(ACCOUNT, text)
            self.assertNotIn(ACCOUNT[4:], text)

    def test_a_lost_answer_is_unknown_and_the_same_again_makes_no_second_one(self):
        mandate = self._lost()
        self.assertEqual(self._made(), 1)
        self.assertEqual(self._register(mandate), "")
        self.assertEqual((mandate.state, mandate.registration_pending), ("active", False))
        self.assertEqual(self._made(), 1)

    def test_a_lost_answer_is_found_out_without_the_account(self):
        mandate = self._lost()
        self._find(mandate)
        self.assertEqual((mandate.state, mandate.registration_pending), ("active", False))
        self.assertEqual(mandate.iban_masked, iban_tools.mask(ACCOUNT))
        self.assertEqual(self._made(), 1)

    def test_a_lost_request_is_sent_again_once(self):
        mandate = self._lost("drop_before")
        self.assertEqual(self._made(), 0)
        self.assertEqual(self._register(mandate), "")
        self.assertEqual(self._made(), 1)

    def test_what_the_provider_surely_lacks_may_be_begun_anew_after_an_hour(self):
        mandate = self._lost("drop_before")
        self._find(mandate)
        self.assertFalse(mandate.registration_pending or mandate.iban_masked)
        self.assertEqual(self._register(mandate, OTHER_ACCOUNT), "")
        self.assertEqual(mandate.iban_masked, iban_tools.mask(OTHER_ACCOUNT))
        self.assertEqual(self._made(), 1)

    def test_while_it_is_unknown_nothing_else_may_happen_to_it(self):
        mandate = self._lost()
        for action in (
            lambda: self._register(mandate, OTHER_ACCOUNT),
            mandate.action_request_signature,
            mandate.action_send_signature_link,
            mandate.action_cancel,
        ):
            with self.assertRaises(UserError):
                action()
        self.assertEqual(self._made(), 1)

    def test_a_busy_provider_leaves_the_draft_as_it_was(self):
        mandate = self._draft()
        self.sandbox.fault("429", **self.MAKES)
        self.assertTrue(self._register(mandate))
        self.assertFalse(mandate.registration_pending or mandate.iban_fingerprint)
        self.assertEqual(mandate.state, "draft")
        self.assertEqual(self._register(mandate), "")

    def test_what_can_not_be_right_never_reaches_the_provider(self):
        late = self.env["payment.mandate"].sudo()
        cases = (
            ("FR1420041010050500013M02607", SIGNED),
            ("", SIGNED),
            (ACCOUNT, False),
            (ACCOUNT, date(2026, 3, 3)),
            (ACCOUNT, date(2023, 3, 1)),
        )
        for iban, signed in cases:
            mandate = late.browse(self._draft().id)
            with self.subTest(iban=iban[-4:], signed=signed):
                with self.assertRaises(UserError) as caught:
                    mandate._register_signed(iban, "Zoé", signed, MONDAY)
                self.assertNotIn(iban[4:] or "-", str(caught.exception))
        self.assertEqual(self._made(), 0)

    def test_a_mandate_in_use_is_not_registered_again(self):
        mandate = self._draft()
        self._register(mandate)
        with self.assertRaisesRegex(UserError, "signed already"):
            mandate._register_signed(ACCOUNT, "Zoé", SIGNED, MONDAY)
