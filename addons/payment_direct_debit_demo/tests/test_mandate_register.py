import base64
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_direct_debit.exceptions import DebitOutcomeUnknown, DebitRefused
from odoo.addons.payment_direct_debit_demo.client import DemoClient
from odoo.addons.payment_direct_debit_demo.tests.common import DebitCommon

ACCOUNT = "FR1420041010050500013M02606"
PAPER = base64.b64encode(b"%PDF-1.4 signed")
SIGNED = date(2026, 1, 5)


class RegisterCommon(DebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._user("finance", "payment_direct_debit.group_payment_user")

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env,
            f"mandates_{login}",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _draft(self):
        return self.env["payment.mandate"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
            }
        )

    def _wizard(self, mandate, model="payment.mandate.register", user=None, **values):
        return (
            self.env[model]
            .with_user(user or self.finance)
            .create(
                {
                    "mandate_id": mandate.id,
                    "iban": ACCOUNT,
                    "account_holder": "Zoé Lefèvre",
                    "signed_on": SIGNED,
                    "evidence": PAPER,
                    "evidence_name": "mandate.pdf",
                    **values,
                }
            )
        )

    def _run(self, wizard, action="action_register"):
        with self._committing(wizard) as running:
            result = getattr(running, action)()
        self.env.invalidate_all()
        return result

    def _stored_ibans(self):
        """Return what the tables of the dialogs still hold of account numbers."""
        self.env.cr.execute(
            """SELECT iban FROM payment_mandate_register WHERE iban IS NOT NULL
               UNION ALL SELECT iban FROM payment_mandate_change WHERE iban IS NOT NULL"""
        )
        return self.env.cr.fetchall()

    def _loses_the_answer(self, name):
        original = getattr(DemoClient, name)

        def lost(client, *arguments):
            original(client, *arguments)
            raise DebitOutcomeUnknown("no answer")

        self.patch(DemoClient, name, lost)


@tagged("post_install", "-at_install")
class TestRegisterDialog(RegisterCommon):
    def test_finance_registers_a_signed_paper_which_is_kept(self):
        mandate = self._draft()
        result = self._run(self._wizard(mandate))
        self.assertEqual(result["type"], "ir.actions.act_window_close")
        self.assertEqual((mandate.state, mandate.signed_on), ("active", SIGNED))
        self.assertEqual(mandate.with_user(self.finance).evidence, PAPER)
        self.assertEqual(mandate.account_holder, "Zoé Lefèvre")
        self.assertTrue(mandate.token_ids)
        self.assertFalse(self._stored_ibans())

    def test_after_a_lost_answer_the_dialog_says_so_and_can_be_sent_again(self):
        mandate = self._draft()
        self._loses_the_answer("mandate_register")
        again = self._run(self._wizard(mandate))
        dialog = self.env[again["res_model"]].browse(again["res_id"])
        self.assertIn("safely", dialog.message)
        self.assertFalse(self._stored_ibans())
        self.assertTrue(mandate.registration_pending)
        self.patch(DemoClient, "mandate_register", DemoClient.mandate_register)
        mandate._registration_find()
        held = self.env["payment.demo.mandate"].search([("rum", "=", mandate.name)])
        self.assertEqual((mandate.state, len(held)), ("active", 1))

    def test_the_cron_finds_out_what_became_of_it(self):
        mandate = self._draft()
        self._loses_the_answer("mandate_register")
        self._run(self._wizard(mandate))
        with self._committing(self.env["payment.mandate"]) as mandates:
            mandates._cron_refresh_signatures()
        self.env.invalidate_all()
        self.assertEqual(mandate.state, "active")

    def test_a_refusal_is_shown_and_leaves_a_draft(self):
        mandate = self._draft()

        def refuse(client, order):
            raise DebitRefused(f"no debits from {order.iban}", code="AG01")

        self.patch(DemoClient, "mandate_register", refuse)
        again = self._run(self._wizard(mandate))
        message = self.env[again["res_model"]].browse(again["res_id"]).message
        self.assertIn("has not registered", message)
        self.assertNotIn(ACCOUNT, message + str(mandate.history_ids.read()))
        self.assertEqual((mandate.state, mandate.iban_masked), ("draft", False))
        self.assertFalse(self._stored_ibans())

    def test_what_is_no_iban_is_written_nowhere(self):
        with self.assertRaisesRegex(UserError, "check digits"):
            self._wizard(self._draft(), iban="FR1420041010050500013M02607")
        wizard = self._wizard(self._draft(), iban=False)
        with self.assertRaisesRegex(UserError, "country"):
            wizard.iban = "US1420041010050500013M02606"

    def test_without_the_paper_or_the_account_nothing_is_sent(self):
        for name in ("evidence", "iban"):
            mandate = self._draft()
            with self.subTest(name=name), self.assertRaises(UserError):
                self._wizard(mandate, **{name: False}).action_register()
            self.assertFalse(mandate.registration_sent_at)

    def test_a_registration_that_is_surely_not_there_is_let_go_after_an_hour(self):
        mandate = self._draft()

        def never_left(client, order):
            raise DebitOutcomeUnknown("no answer")

        self.patch(DemoClient, "mandate_register", never_left)
        self._run(self._wizard(mandate))
        mandate._registration_find()
        self.assertTrue(mandate.registration_pending, "it may still arrive")
        mandate._state_write({"registration_sent_at": datetime(2026, 1, 1)})
        mandate._registration_find()
        self.assertFalse(mandate.registration_pending)
        self.assertIn("Not registered", mandate.history_ids.sorted("id")[-1].reason)

    def test_a_scheme_that_the_provider_does_not_offer_is_refused(self):
        mandate = self._draft()
        self.assertIn("b2b", self.provider._debit_profile().schemes)
        self.assertFalse(mandate._scheme_problem(self.provider, "b2b"))


@tagged("post_install", "-at_install")
class TestMandateRights(RegisterCommon):
    def test_each_role_sees_what_it_may(self):
        mandate = self._mandate()
        self._run(self._wizard(mandate, "payment.mandate.change", way="amend"), "action_change")
        change = mandate.amendment_ids
        for login, group, may in (
            ("user", "payment_direct_debit.group_payment_user", True),
            ("manager", "payment_direct_debit.group_payment_manager", True),
            ("clerk", "base.group_user", False),
            ("rep", "sales_team.group_sale_salesman", False),
            ("client", "base.group_portal", False),
            ("visitor", "base.group_public", False),
        ):
            if group.startswith("sales_team") and "crm.team" not in self.env:
                continue
            user = self._user(login, group)
            with self.subTest(login=login):
                for record in (mandate, change):
                    if may:
                        self.assertTrue(record.with_user(user).read(["state"]))
                    else:
                        with self.assertRaises(AccessError):
                            record.with_user(user).read(["state"])
                if may:
                    self.assertTrue(self._wizard(self._draft(), user=user))
                    continue
                for model in ("payment.mandate.register", "payment.mandate.change"):
                    with self.assertRaises(AccessError):
                        self._wizard(mandate, model, user=user)

    def test_nobody_forges_an_amendment_nor_deletes_one(self):
        mandate = self._mandate()
        self._run(self._wizard(mandate, "payment.mandate.change", way="amend"), "action_change")
        change = mandate.amendment_ids.with_user(self.finance)
        values = {
            "mandate_id": mandate.id,
            "date": SIGNED,
            "kind": "account",
            "origin": "debtor",
            "state": "done",
        }
        for attempt in (
            lambda: change.create(values),
            lambda: change.sudo().create(values),
            lambda: change.write({"account_after": "FR76"}),
            lambda: change.sudo().write({"state": "refused"}),
            change.unlink,
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_finance_of_another_company_sees_nothing(self):
        mandate = self._mandate()
        mandate._note_change(kind="account", origin="provider", state="done")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "mandates_elsewhere",
            groups="payment_direct_debit.group_payment_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        model = self.env["payment.mandate.amendment"].with_user(stranger)
        self.assertFalse(model.search([]) & mandate.amendment_ids)

    def test_what_sends_account_numbers_can_not_be_called_from_afar(self):
        for name in ("_register_signed", "_change_account", "_change_start", "_replace_by"):
            self.assertTrue(name.startswith("_"))
            self.assertTrue(getattr(type(self.env["payment.mandate"]), name)._api_private)
