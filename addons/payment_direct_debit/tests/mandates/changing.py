"""A debtor's new account, and what becomes of a mandate at its provider: the same table for each.

Where the provider can change the account of a mandate: `Amending`; elsewhere `Succeeding`. The
class beside which they stand gives what `registering` says, and `_mandate`.
"""

from datetime import datetime, timedelta

from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit.pure import iban as iban_tools

from .registering import ACCOUNT, MONDAY, OTHER_ACCOUNT


class Following:
    """`SIGNATURE`: what a debtor fills in on the provider's page, besides his account."""

    allow_inherited_tests_method = True
    SIGNATURE = {}

    def setUp(self):
        super().setUp()
        self.client.write({"email": "client@example.com"})

    def _poll_mandates(self, on=MONDAY):
        """The night: only this provider is asked."""
        others = self.env["payment.provider"].search([("id", "!=", self.provider.id)])
        others.filtered(lambda provider: provider.state != "disabled").state = "disabled"
        with self._committing(self.env["payment.mandate"]) as mandates:
            mandates._cron_poll_mandates(on)
        self.env.invalidate_all()

    def _fills_in(self, url, iban):
        return self.sandbox.sign(url, iban=iban, **self.SIGNATURE)

    def _act(self, mandate, action):
        """Something happens at the provider, of which nobody tells us."""
        self.sandbox.act(action, mandate.provider_mandate_ref)

    def test_a_mandate_cancelled_at_the_provider_is_noticed_in_the_night(self):
        mandate = self._mandate()
        self._act(mandate, "cancel")
        self._poll_mandates()
        self.assertEqual(mandate.state, "cancelled")

    def test_a_night_reads_a_bounded_number_those_waiting_longest_first(self):
        self._payer(self.OTHER_MANDATE, "Paul Durand")
        lately, long_ago = self._mandate(), self._mandate(self.OTHER_MANDATE)
        lately._state_write({"provider_checked_at": datetime(2020, 1, 2)})
        long_ago._state_write({"provider_checked_at": datetime(2020, 1, 1)})
        self.env.flush_all()
        with self._committing(self.env["payment.mandate"]) as mandates:
            mandates._cron_poll_mandates(MONDAY, limit=1)
        self.env.invalidate_all()
        self.assertGreater(long_ago.provider_checked_at, datetime(2020, 1, 2))
        self.assertEqual(lately.provider_checked_at, datetime(2020, 1, 2))

    def test_a_provider_that_is_silent_changes_nothing(self):
        mandate = self._mandate()
        self.sandbox.fault("502", method="GET")
        self._poll_mandates()
        self.assertEqual(mandate.state, "active")


class Amending(Following):
    """`CHANGES`: the request that changes the account, as the stand-in's faults name it."""

    CHANGES = {}

    def _change(self, mandate, iban=ACCOUNT):
        with self._committing(mandate) as sending:
            change = sending._change_account(iban, on=MONDAY)
            ref = change.id
        self.env.invalidate_all()
        return self.env["payment.mandate.amendment"].browse(ref)

    def test_another_account_is_debited_under_the_same_mandate(self):
        mandate = self._mandate()
        before, ref = mandate.iban_masked, mandate.provider_mandate_ref
        change = self._change(mandate)
        self.assertEqual((change.state, change.origin, change.date), ("done", "office", MONDAY))
        self.assertEqual(change.account_before, before)
        self.assertEqual(change.account_after, iban_tools.mask(ACCOUNT))
        self.assertEqual(mandate.iban_masked, iban_tools.mask(ACCOUNT))
        self.assertEqual(mandate.iban_fingerprint, mandate._fingerprint(ACCOUNT))
        self.assertEqual((mandate.state, mandate.provider_mandate_ref), ("active", ref))
        self.assertNotIn(ACCOUNT, str((change.read(), mandate.read())))
        self._poll_mandates()
        self.assertEqual(len(mandate.amendment_ids), 1, "the provider shows what we know")

    def test_the_account_that_is_debited_now_is_no_change(self):
        mandate = self._mandate()
        self._change(mandate)
        with self.assertRaisesRegex(UserError, "debited now"):
            mandate._change_account(ACCOUNT)

    def test_a_lost_answer_is_unknown_and_the_same_again_is_safe(self):
        mandate = self._mandate()
        self.sandbox.fault("drop_after", **self.CHANGES)
        self.assertEqual(self._change(mandate).state, "unknown")
        with self.assertRaisesRegex(UserError, "under way"):
            mandate._change_account(OTHER_ACCOUNT)
        self.assertEqual(self._change(mandate).state, "done")
        self.assertEqual(len(mandate.amendment_ids), 1)

    def test_the_night_finds_out_what_became_of_a_lost_answer(self):
        mandate = self._mandate()
        for fault, iban, state, account in (
            ("drop_after", ACCOUNT, "done", ACCOUNT),
            ("drop_before", OTHER_ACCOUNT, "refused", ACCOUNT),
        ):
            self.sandbox.fault(fault, **self.CHANGES)
            change = self._change(mandate, iban)
            self.env.cr.execute(
                "UPDATE payment_mandate_amendment SET create_date = %s WHERE id = %s",
                [datetime.now() - timedelta(hours=3), change.id],
            )
            with self.subTest(fault=fault):
                self._poll_mandates()
                self.assertEqual(change.state, state)
                self.assertEqual(mandate.iban_masked, iban_tools.mask(account))

    def test_a_mandate_that_has_ended_is_not_changed(self):
        mandate = self._mandate()
        mandate.action_cancel()
        with self.assertRaisesRegex(UserError, "not in use"):
            mandate._change_account(ACCOUNT)

    def test_the_provider_refuses_and_the_former_account_stays(self):
        mandate = self._mandate()
        self._act(mandate, "cancel")
        before = mandate.iban_masked
        self.assertEqual(self._change(mandate).state, "refused")
        self.assertEqual(mandate.iban_masked, before)

    def test_the_debtor_gives_another_account_on_the_providers_page(self):
        mandate = self._mandate()
        before = mandate.iban_masked
        url = mandate._change_start()
        self.assertEqual(mandate._change_start(), url, "the page goes on")
        self.assertFalse(mandate.amendment_ids.account_after)
        mandate._signature_refresh(MONDAY)
        self.assertEqual(mandate.amendment_ids.state, "asked")
        self._fills_in(url, ACCOUNT)
        mandate._signature_refresh(MONDAY)
        change = mandate.amendment_ids
        self.assertEqual((change.state, change.origin), ("done", "debtor"))
        self.assertEqual(change.account_before, before)
        self.assertTrue(mandate.iban_masked.endswith(ACCOUNT[-4:]))
        self.assertEqual(mandate.state, "active")

    def test_a_second_change_gets_a_page_of_its_own(self):
        mandate = self._mandate()
        first = mandate._change_start()
        self._fills_in(first, ACCOUNT)
        mandate._signature_refresh(MONDAY)
        second = mandate._change_start()
        self.assertNotEqual(second, first)
        self._fills_in(second, OTHER_ACCOUNT)
        mandate._signature_refresh(MONDAY)
        self.assertEqual(mandate.amendment_ids.mapped("state"), ["done", "done"])
        self.assertTrue(mandate.iban_masked.endswith(OTHER_ACCOUNT[-4:]))

    def test_an_account_that_the_bank_has_moved_is_noticed_and_noted(self):
        mandate = self._mandate()
        before = mandate.iban_masked
        self._act(mandate, "transfer")
        self._poll_mandates()
        change = mandate.amendment_ids
        self.assertEqual((change.origin, change.state), ("provider", "done"))
        self.assertEqual(change.account_before, before)
        self.assertEqual(change.account_after, mandate.iban_masked)
        self.assertFalse(mandate.iban_fingerprint)


class Succeeding(Following):
    def _sign_successor(self, mandate, iban=ACCOUNT):
        url = mandate._change_start()
        successor = self.env["payment.mandate"].search([("replaces_id", "=", mandate.id)])
        self._fills_in(url, iban)
        successor._signature_refresh(MONDAY)
        return successor

    def _at_provider(self, mandate):
        client = self.provider._debit_client()
        return client.mandate_fetch(mandate.provider_mandate_ref).status

    def test_the_account_of_a_mandate_can_not_be_changed_here(self):
        with self.assertRaisesRegex(UserError, "new one is needed"):
            self._mandate()._change_account(ACCOUNT)

    def test_a_new_mandate_takes_the_place_of_the_former_one_once_it_is_signed(self):
        mandate = self._mandate()
        mandate._change_start()
        self.assertEqual(mandate.state, "active", "debited until the new one is signed")
        successor = self._sign_successor(mandate)
        self.assertEqual(len(successor), 1, "begun once")
        self.assertEqual((successor.state, mandate.state), ("active", "replaced"))
        self.assertEqual(mandate.replaced_by_id, successor)
        self.assertTrue(successor.iban_masked.endswith(ACCOUNT[-2:]))
        self.assertEqual(successor.token_ids.provider_ref, successor.provider_mandate_ref)
        change = mandate.amendment_ids
        self.assertEqual((change.kind, change.successor_id), ("successor", successor))

    def test_the_former_mandate_ends_at_the_provider_when_its_debits_are_final(self):
        mandate = self._mandate()
        debit = self._debits(mandate, 20.0)
        self._send(debit)
        self._sign_successor(mandate)
        self._poll_mandates()
        self.assertEqual(self._at_provider(mandate), "active")
        debit._state_write({"debit_status": "failed", "debit_will_retry": False})
        self.env.flush_all()
        self._poll_mandates()
        self.assertEqual((self._at_provider(mandate), mandate.state), ("cancelled", "replaced"))
        self.assertFalse(mandate.close_at_provider)
        requests = len(self.sandbox.requests())
        self._poll_mandates()
        self.assertEqual(
            len([r for r in self.sandbox.requests()[requests:] if "cancel" in r["path"]]), 0
        )

    def test_a_mandate_that_has_ended_keeps_its_reason_and_knows_its_successor(self):
        mandate = self._mandate()
        url = mandate._change_start()
        successor = self.env["payment.mandate"].search([("replaces_id", "=", mandate.id)])
        mandate.action_cancel()
        self._fills_in(url, ACCOUNT)
        successor._signature_refresh(MONDAY)
        self.assertEqual((mandate.state, mandate.replaced_by_id), ("cancelled", successor))
