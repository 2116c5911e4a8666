"""Amounts and words arrive as they were meant, and other amounts are never believed."""

from odoo.addons.payment_direct_debit.pure import money

from .servers import between, rewritten
from .world import MONDAY

AMOUNTS = (0.29, 1.15, 8.20, 19.99, 4.35, 1000.10, 9999.99)
LABEL = "Abonnement « été » – Œuvre n° 7, Łódź 🎉 straße, échéance de décembre"
NAME = "Zoë Ångström-Łukasiewicz 🎉 d’Été"


class Money:
    """Mixed into `Sound`."""

    def test_amounts_arrive_exactly(self):
        """Those too small for the provider are exact too, and do not leave."""
        self.allow_large_debits()
        debits = self._debits(self._mandate(), *AMOUNTS)
        self._send(debits)
        there = {self.reference_there(row): self.cents_there(row) for row in self._there()}
        for debit, amount in zip(debits, AMOUNTS, strict=True):
            cents = money.to_cents(amount, 2)
            with self.subTest(amount):
                self.assertEqual(cents, int(f"{amount:.2f}".replace(".", "")))
                self.assertEqual(debit._debit_order().amount_cents, cents)
                leaves = cents >= self.LEAST_CENTS
                self.assertEqual(debit.debit_status, "submitted" if leaves else "failed")
                self.assertEqual(there.get(self.reference_of(debit)), cents if leaves else None)

    def test_more_than_the_largest_amount_never_leaves(self):
        self.allow_large_debits()
        debit = self._debits(self._mandate(), 20_000.01)
        self._send(debit)
        self.assertEqual(debit.debit_status, "failed")
        self.assertFalse(self._posts())

    def test_a_debit_in_another_currency_never_leaves_and_stops_no_other(self):
        debits = self._debits(self._mandate(), 49.9, 10.0)
        debits[0]._state_writer().currency_id = self.env.ref("base.USD")
        self._send(debits)
        self.assertEqual(debits.mapped("debit_status"), ["failed", "submitted"])
        self.assertEqual(len(self._posts()), 1)

    def _assert_not_believed(self, **wrong):
        """What is told again and again about another amount or currency pays nothing."""
        debit = self._sent(49.9)
        self.sandbox.advance(self.COLLECTED_DAY)

        def lie(_method, _path, status, body):
            return status, rewritten(body, **wrong)

        with between(self.sandbox.url, lie) as line, self._led_to(line):
            for number in range(3):
                self._hear([self.event(number, debit.provider_reference)])
                self._apply(self.COLLECTED_DAY)
                self.assertEqual((debit.debit_status, debit.state), ("submitted", "pending"))
                self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
                self.assertFalse(debit.debit_line_ids)
        alerts = self._alerts(debit)
        self.assertEqual((alerts.kind, alerts.state), ("amount_mismatch", "open"))
        self._hear([self.event(9, debit.provider_reference)])
        self._apply(self.COLLECTED_DAY)
        self.assertEqual(debit.debit_status, "collected", "the truth is believed afterwards")

    def test_a_wrong_amount_that_is_redelivered_pays_nothing(self):
        self._assert_not_believed(amount=100)

    def test_a_wrong_currency_that_is_redelivered_pays_nothing(self):
        self._assert_not_believed(currency="USD")

    def test_a_wrong_amount_in_the_answer_leaves_the_outcome_unknown(self):
        debit = self._debits(self._mandate(), 49.9)

        def lie(method, _path, status, body):
            return status, rewritten(body, amount=100) if method == "POST" else body

        with between(self.sandbox.url, lie) as line, self._led_to(line):
            self._send(debit)
        self.assertEqual((debit.debit_status, len(self._there())), ("unknown", 1))
        self.assertEqual(self._alerts(debit).kind, "amount_mismatch")

    # === WORDS === #

    def test_accents_and_emoji_of_a_label_arrive_as_far_as_they_may(self):
        debit = self._debits(self._mandate(), 49.9, debit_description=LABEL)
        self._send(debit)
        (row,) = self._there(debit)
        self.assertEqual(self.label_there(row), self.label_of(LABEL))
        self.assertIn("decembre", self.label_there(row).replace("é", "e"))

    def test_a_label_that_is_too_long_is_cut_and_the_request_is_whole(self):
        debits = self._debits(self._mandate(), 49.9, debit_description="é🎉" * 600)
        debits += self._debits(debits.mandate_id, 10.0, debit_description="🎉/")
        self._send(debits)
        self.assertEqual(set(debits.mapped("debit_status")), {"submitted"})
        self.assertEqual(len(self._there()), 2)

    def test_accents_and_emoji_of_a_name_arrive_as_far_as_they_may(self):
        self.client.name = NAME
        mandate = self.env["payment.mandate"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
            }
        )
        mandate.action_request_signature()
        self.assertTrue(mandate._signature_start())
        self.assertEqual(self.names_asked(), self.name_of(NAME))
        self.assertFalse(mandate._signature_refresh(MONDAY))
