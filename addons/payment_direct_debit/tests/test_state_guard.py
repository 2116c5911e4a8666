from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit.models import payment_state_mixin
from odoo.addons.payment_direct_debit.tests.common import DAY, EngineCommon


@tagged("post_install", "-at_install")
class TestStateGuard(EngineCommon):
    """States are walked, never written; what happened stays on record."""

    def test_nobody_writes_a_state(self):
        mandate, debit = self._mandate(), self._debit()
        for user in (self.env.user, self.finance):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    mandate.with_user(user).write({"state": "active"})
                with self.assertRaises(AccessError):
                    debit.with_user(user).sudo().write({"debit_status": "collected"})

    def test_nobody_creates_a_record_in_a_later_state(self):
        with self.assertRaises(AccessError):
            self.env["payment.mandate"].with_user(self.finance).create(
                {"partner_id": self.debtor.id, "state": "active"}
            )

    def test_nobody_creates_a_record_with_what_the_engine_fills_in(self):
        with self.assertRaisesRegex(AccessError, "provider_mandate_ref"):
            self.env["payment.mandate"].with_user(self.finance).create(
                {"partner_id": self.debtor.id, "provider_mandate_ref": "MD-of-another"}
            )

    def test_a_context_key_opens_nothing(self):
        key = payment_state_mixin._WRITER_KEY
        mandate = self._mandate()
        for value in (True, 1, "payment_state_writer", {}, [object()]):
            with self.subTest(value=value), self.assertRaises(AccessError):
                mandate.with_context(**{key: value}).write({"state": "active"})

    def test_a_debit_is_made_by_the_engine_only(self):
        values = {
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "partner_id": self.debtor.id,
            "amount": 1.0,
            "currency_id": self.env.ref("base.EUR").id,
            "reference": "FORGED",
        }
        with self.assertRaises(AccessError):
            self.env["payment.transaction"].create({**values, "debit_status": "draft"})
        with self.assertRaises(AccessError):
            self.env["payment.transaction"].create({**values, "debit_key": "mine"})

    def test_the_terms_of_a_debit_stay(self):
        debit = self._debit().with_user(self.finance)
        for field, value in (
            ("amount", 1.0),
            ("state", "done"),
            ("provider_reference", "DD1"),
            ("token_id", False),
            ("debit_requested_date", date(2020, 1, 1)),
            ("debit_settled_date", date(2020, 1, 1)),
            ("debit_next_check", "2099-01-01 00:00:00"),
        ):
            with self.subTest(field=field), self.assertRaises(AccessError):
                debit.write({field: value})

    def test_a_transition_that_does_not_exist_is_refused_for_all(self):
        good, bad = self._mandate(), self._mandate("active")
        with self.assertRaisesRegex(UserError, "can not become"):
            (good + bad)._set_state("to_sign")
        self.assertEqual(good.state, "draft")

    def test_each_move_leaves_one_line(self):
        mandates = self._mandate() + self._mandate()
        moved = mandates._set_state("to_sign", "asked for", on=DAY)
        self.assertEqual(moved, mandates)
        self.assertFalse(mandates._set_state("to_sign"), "those there already stay")
        for mandate in mandates:
            self.assertRecordValues(
                mandate.history_ids,
                [
                    {
                        "from_state": "draft",
                        "to_state": "to_sign",
                        "reason": "asked for",
                        "date": DAY,
                        "company_id": mandate.company_id.id,
                    }
                ],
            )

    def test_a_note_moves_nothing(self):
        mandate = self._mandate()
        mandate._state_note("somebody called", on=DAY)
        self.assertEqual(mandate.history_ids.mapped("to_state"), ["draft"])

    def test_history_can_not_be_rewritten(self):
        mandate = self._mandate("active")
        line = mandate.history_ids[0].with_user(self.finance)
        self.assertTrue(line.reason is not None)
        for change in (
            lambda: line.write({"reason": "nothing happened"}),
            line.unlink,
            lambda: line.create({"res_model": "payment.mandate", "res_id": 1, "date": DAY}),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_debit_is_never_deleted(self):
        with self.assertRaisesRegex(ValidationError, "proof"):
            self._debit().unlink()

    def test_a_debit_of_nothing_is_refused(self):
        for amount in (0, -5, 0.001):
            with self.subTest(amount=amount), self.assertRaisesRegex(ValidationError, "above zero"):
                self._debit(amount=amount)

    def test_a_mandate_of_another_client_is_refused(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRaisesRegex(ValidationError, "can not be used to debit"):
            self._debit(partner=stranger)
