from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit_demo.tests.common import DAY
from odoo.addons.payment_direct_debit_demo.tests.test_mandate_register import (
    ACCOUNT,
    SIGNED,
    RegisterCommon,
)


@tagged("post_install", "-at_install")
class TestChangeDialog(RegisterCommon):
    def _change(self, mandate, way, **values):
        wizard = self._wizard(mandate, "payment.mandate.change", way=way, **values)
        return self._run(wizard, "action_change")

    def test_the_same_mandate_where_the_bank_can_else_a_new_one(self):
        mandate = self._mandate()
        wizards = self.env["payment.mandate.change"]
        self.assertEqual(wizards.create({"mandate_id": mandate.id}).way, "amend")
        self.provider.demo_debit_can_amend = False
        self.env.invalidate_all()
        self.assertEqual(wizards.create({"mandate_id": mandate.id}).way, "sign")

    def test_finance_changes_an_account_with_the_debtors_paper(self):
        mandate = self._mandate()
        result = self._change(mandate, "amend")
        self.assertEqual(result["type"], "ir.actions.act_window_close")
        change = mandate.amendment_ids
        self.assertEqual((change.state, change.user_id), ("done", self.finance))
        self.assertTrue(change.evidence)
        self.assertTrue(mandate.iban_masked.endswith(ACCOUNT[-3:]))
        self.assertFalse(self._stored_ibans())

    def test_on_a_mere_word_nothing_is_changed(self):
        mandate = self._mandate()
        for way in ("amend", "register"):
            with self.assertRaisesRegex(UserError, "fraud"):
                self._change(mandate, way, evidence=False)
        self.assertFalse(mandate.amendment_ids)

    def test_a_lost_answer_is_said_and_the_same_account_can_be_sent_again(self):
        mandate = self._mandate()
        self._loses_the_answer("mandate_change_account")
        again = self._change(mandate, "amend")
        self.assertIn("safely", self.env[again["res_model"]].browse(again["res_id"]).message)
        self.assertEqual(mandate.amendment_ids.state, "unknown")

    def test_a_successor_signed_on_paper_replaces_the_mandate_at_once(self):
        mandate = self._mandate()
        result = self._change(mandate, "register")
        successor = self.env["payment.mandate"].browse(result["res_id"])
        self.assertEqual((mandate.state, successor.state), ("replaced", "active"))
        self.assertEqual((successor.replaces_id, mandate.replaced_by_id), (mandate, successor))
        self.assertEqual(successor.signed_on, SIGNED)
        self.assertFalse(self._stored_ibans())

    def test_a_successor_that_the_debtor_shall_sign_gets_its_link(self):
        self.client.email = "client@example.com"
        mandate = self._mandate()
        result = self._change(mandate, "sign", iban=False)
        successor = self.env["payment.mandate"].browse(result["res_id"])
        self.assertEqual((mandate.state, successor.state), ("active", "to_sign"))
        self.assertTrue(successor.signature_expires_on)

    def test_a_mandate_that_is_not_in_use_has_no_account_to_change(self):
        mandate = self._mandate()
        mandate.action_cancel()
        for way in ("amend", "register", "sign"):
            with self.subTest(way=way), self.assertRaisesRegex(UserError, "not in use"):
                self._change(mandate, way)

    def test_a_mandate_is_begun_to_be_replaced_once(self):
        mandate = self._mandate()
        self.assertEqual(mandate._successor(), mandate._successor())


@tagged("post_install", "-at_install")
class TestFollowing(RegisterCommon):
    def _snapshot(self, mandate, status, **values):
        return seam.MandateSnapshot(
            ref=mandate.provider_mandate_ref, status=status, raw_status=f"raw {status}", **values
        )

    def _poll(self):
        with self._committing(self.env["payment.mandate"]) as mandates:
            mandates._cron_poll_mandates(DAY)
        self.env.invalidate_all()

    def _held(self, mandate):
        return self.env["payment.demo.mandate"].search([("ref", "=", mandate.provider_mandate_ref)])

    def test_the_night_follows_what_nobody_told(self):
        mandates = self._mandate() + self._mandate() + self._mandate()
        for mandate, status in zip(mandates, ("cancelled", "suspended", "expired"), strict=True):
            self._held(mandate).status = status
        self._poll()
        self.assertEqual(mandates.mapped("state"), ["cancelled", "suspended", "expired"])

    def test_a_mandate_lost_at_the_bank_stops_no_other(self):
        lost, other = self._mandate(), self._mandate()
        self._held(lost).unlink()
        self._held(other).status = "cancelled"
        self._poll()
        self.assertEqual((lost.state, other.state), ("active", "cancelled"))
        self.assertIn("does not know", lost.history_ids.sorted("id")[-1].reason)

    def test_a_mandate_that_we_blocked_stays_so_whatever_the_bank_calls_it(self):
        mandate = self._mandate()
        mandate._set_state("suspended", "AC04")
        self._poll()
        self.assertEqual(mandate.state, "suspended")

    def test_what_the_bank_suspended_goes_on_when_the_bank_says_so(self):
        mandate = self._mandate()
        self._held(mandate).status = "suspended"
        self._poll()
        self.assertEqual(mandate.state, "suspended")
        self._held(mandate).status = "active"
        self._poll()
        self.assertEqual(mandate.state, "active")

    def test_a_blocked_mandate_goes_on_with_another_account(self):
        by_finance, by_debtor = self._mandate(), self._mandate()
        (by_finance + by_debtor)._set_state("suspended", "AC04")
        wizard = self._wizard(by_finance, "payment.mandate.change", way="amend")
        self._run(wizard, "action_change")
        by_debtor._change_start()
        by_debtor._signature_refresh(DAY)
        self.assertEqual((by_finance.state, by_debtor.state), ("active", "active"))

    def test_a_reinstated_mandate_is_taken_up_again_unless_it_slept_too_long(self):
        mandate = self._mandate()
        mandate._apply_snapshot(self._snapshot(mandate, seam.MANDATE_EXPIRED), DAY)
        mandate._apply_snapshot(self._snapshot(mandate, seam.MANDATE_ACTIVE), DAY)
        self.assertEqual(mandate.state, "active")
        mandate._state_write({"signed_on": SIGNED.replace(year=2020)})
        self.env["payment.mandate"]._cron_expire(DAY)
        mandate._apply_snapshot(self._snapshot(mandate, seam.MANDATE_ACTIVE), DAY)
        self.assertEqual(mandate.state, "expired", "36 months without a debit")

    def test_a_successor_made_by_the_bank_is_found_or_made_once(self):
        mandate = self._mandate()
        new = self.env["payment.demo.mandate"].create(
            {"provider_id": self.provider.id, "rum": "RUM-SUCCESSOR"}
        )
        self._held(mandate).replaced_by_ref = new.ref
        self._held(mandate)._move("cancelled", DAY)._notify()
        self._apply()
        self._poll()
        successor = mandate.replaced_by_id
        self.assertEqual((mandate.state, successor.name), ("replaced", "RUM-SUCCESSOR"))
        self.assertEqual((successor.state, len(successor.token_ids)), ("active", 1))
        self.assertEqual(len(mandate.amendment_ids), 1)

    def test_pages_that_nobody_came_back_from_are_given_up(self):
        mandate = self._mandate()
        change = mandate._note_change(kind="account", origin="debtor", state="asked")
        self.env.flush_all()
        self.env.cr.execute("UPDATE payment_mandate_amendment SET create_date = '2026-01-01'")
        self.env.invalidate_all()
        mandate._drop_old_page_changes()
        self.assertEqual(change.state, "cancelled")
