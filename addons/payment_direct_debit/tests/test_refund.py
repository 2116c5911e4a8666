from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_direct_debit.tests.common import EngineCommon


@tagged("post_install", "-at_install")
class TestRefund(EngineCommon):
    """What needs no provider; what does is tested in an addon of one."""

    def _refund(self, debit, amount, user=None):
        refunds = self.env["payment.refund"].with_user(user or self.finance)
        return refunds.create({"transaction_id": debit.id, "amount": amount})

    def test_refunds_are_numbered_after_their_debit_and_each_has_a_key(self):
        debit = self._debit("collected")
        refunds = self._refund(debit, 2.0) + self._refund(debit, 3.0)
        self.assertEqual(
            refunds.mapped("reference"), [f"{debit.reference}-R1", f"{debit.reference}-R2"]
        )
        self.assertEqual(len(set(refunds.sudo().mapped("refund_key"))), 2)

    def test_several_refunds_made_at_once_are_numbered_too(self):
        debit = self._debit("collected")
        refunds = self.env["payment.refund"].create(
            [{"transaction_id": debit.id, "amount": amount} for amount in (1.0, 2.0, 3.0)]
        )
        self.assertEqual(len(set(refunds.mapped("reference"))), 3)

    def test_only_a_direct_debit_is_refunded_here(self):
        payment = self._debit("draft")
        payment._state_write({"debit_status": False})
        with self.assertRaises(ValidationError):
            self._refund(payment, 1.0)

    def test_a_provider_without_refunds_sends_none(self):
        refund = self._refund(self._debit("collected", debit_settled_date=date(2026, 1, 9)), 1.0)
        with self.assertRaises(UserError):
            refund._queue(date(2026, 5, 4))

    def test_a_refund_keeps_its_debit(self):
        refund = self._refund(self._debit("collected"), 1.0)
        with self.assertRaises(UserError):
            refund.transaction_id = self._debit("collected")

    def test_a_draft_may_be_deleted_and_what_was_queued_may_not(self):
        debit = self._debit("collected")
        self._refund(debit, 1.0).unlink()
        queued = self._refund(debit, 1.0)
        queued._set_state("queued")
        with self.assertRaises(UserError):
            queued.unlink()

    def test_refunds_of_other_companies_are_not_seen(self):
        refund = self._refund(self._debit("collected"), 1.0)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="payment_direct_debit.group_payment_manager",
            company_id=elsewhere.id,
            company_ids=elsewhere.ids,
        )
        with self.assertRaises(AccessError):
            refund.with_user(stranger).read(["amount"])

    def test_a_refund_is_never_born_sent(self):
        debit = self._debit("collected")
        for values in ({"state": "queued"}, {"provider_ref": "RF1"}, {"reference": "X"}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.env["payment.refund"].with_user(self.finance).create(
                    {"transaction_id": debit.id, "amount": 1.0, **values}
                )
