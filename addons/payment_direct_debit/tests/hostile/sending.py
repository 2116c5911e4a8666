"""A debit leaves once, whoever sends it and whatever goes wrong around it."""

from dataclasses import replace


class Sending:
    """Mixed into `Sound`."""

    def test_sending_twice_makes_one_debit(self):
        debit = self._sent(49.9)
        self._send(debit)
        self.assertEqual((len(self._there()), len(self._posts())), (1, 1))

    def test_a_debit_of_another_amount_under_our_key_is_never_taken_for_ours(self):
        debit = self._debits(self._mandate(), 49.9)
        order = replace(debit._debit_order(), amount_cents=100)
        self.provider._debit_client().send(order)
        self._send(debit)
        self.stuck = debit
        self.assertEqual(debit.debit_status, "unknown")
        self.assertTrue(debit.history_ids.sorted("id")[-1].reason)
        self.assertFalse(debit.provider_reference)
        self.assertEqual(len(self._there()), 1)

    def test_one_refused_debit_stops_no_other(self):
        gone = self._debits(self._mandate(), 49.9)
        others = self._debits(self._other_mandate(), 10.0, 11.0)
        self.sandbox.act("cancel", self.MANDATE)
        self._send(gone + others)
        self.assertEqual(gone.debit_status, "failed")
        self.assertEqual(set(others.mapped("debit_status")), {"submitted"})
        self.assertEqual(len(self._there()), 2)

    def _other_mandate(self):
        other = self.OTHER_MANDATE
        self._payer(other, "Paul Durand")
        return self._mandate(other)

    def test_wrong_credentials_pause_the_provider_and_keep_the_debits(self):
        debits = self._debits(self._mandate(), 12.0, 13.0)
        right = {name: self.provider[name] for name in self.WRONG_CREDENTIALS}
        self.provider.write(self.WRONG_CREDENTIALS)
        self._send(debits)
        self.assertEqual(set(debits.mapped("debit_status")), {"draft"})
        self.assertTrue(self.provider.debit_paused)
        self.assertFalse(self._there())
        self.provider.write(right)
        self.provider.action_debit_resume()
        self.assertFalse(self._alerts(self.provider).filtered(lambda a: a.state == "open"))

    def test_a_second_attempt_is_not_made_while_one_may_live(self):
        """Nobody makes a second row for an unknown outcome: the first is looked up instead."""
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("drop_after", **self.SEND)
        self._send(debit)
        self._send(debit)
        self.assertEqual((debit.debit_status, len(self._posts())), ("unknown", 1))
