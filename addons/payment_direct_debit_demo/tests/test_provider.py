from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit_demo.tests.common import DAY, DebitCommon


@tagged("post_install", "-at_install")
class TestDemoProvider(DebitCommon):
    """The demo bank takes no money, so it must never stand where money is expected."""

    def test_the_demo_bank_is_never_enabled(self):
        with self.assertRaisesRegex(ValidationError, "never"):
            self.provider.state = "enabled"

    def test_nothing_is_sent_to_the_demo_bank_beside_a_live_provider(self):
        debit = self._debit()
        profile = type(self.provider)._debit_profile
        live = self.env["payment.provider"].create(
            {"name": "Real bank", "code": "none", "company_id": self.company.id}
        )
        live.state = "enabled"
        self.patch(
            type(self.provider),
            "_debit_profile",
            lambda provider: seam.DebitProfile() if provider == live else profile(provider),
        )
        self.env.invalidate_all()
        self._send(debit)
        self.assertEqual(debit.debit_status, "draft")
        self.assertTrue(self.provider.debit_paused)
        self.assertIn("Real bank", self._alerts(self.provider).message)

    def test_a_live_provider_of_another_company_does_not_matter(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["payment.provider"].create(
            {"name": "Real", "code": "none", "company_id": other.id, "state": "enabled"}
        )
        debit = self._debit()
        self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")

    def test_a_neutralized_copy_sends_nothing(self):
        debit = self._debit()
        self.env.flush_all()
        for addon in ("payment_direct_debit", "payment_direct_debit_demo"):
            with file_open(f"{addon}/data/neutralize.sql") as script:
                self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual(self.provider.state, "disabled")
        self.assertTrue(self.provider.debit_paused)
        crons = (
            self.env["ir.cron"]
            .with_context(active_test=False)
            .search([("name", "ilike", "Direct debit:")])
        )
        self.assertTrue(crons)
        self.assertFalse(any(crons.mapped("active")))
        self._send(debit)
        self.assertEqual(debit.debit_status, "draft")

    def test_a_script_that_the_bank_can_not_read_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no step"):
            self._mandate("collect; explode")

    def test_the_button_brings_the_bank_and_the_debit_to_the_next_day(self):
        debit = self._debit()
        self._send(debit)
        self.provider.demo_debit_today = DAY.replace(day=3)
        self.provider.action_demo_next_day()
        self.assertEqual(self.provider.demo_debit_today, DAY)
        self.assertEqual(debit.debit_status, "collected")


@tagged("post_install", "-at_install")
class TestCompanies(DebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.colleague = new_test_user(
            cls.env,
            "colleague",
            groups="payment_direct_debit.group_payment_user",
            company_id=cls.elsewhere.id,
            company_ids=[Command.set(cls.elsewhere.ids)],
        )

    def test_finance_sees_nothing_of_another_company(self):
        debit = self._settled("fail:ZZ99")
        debit._debit_alert("drift", "for a test")
        for model in (
            "payment.mandate",
            "payment.event",
            "payment.return",
            "payment.alert",
            "payment.transaction",
            "payment.history",
        ):
            with self.subTest(model=model):
                ours = self.env[model].search([])
                self.assertTrue(ours)
                seen = self.env[model].with_user(self.colleague).search([("id", "in", ours.ids)])
                self.assertFalse(seen)

    def test_debits_of_two_companies_go_into_their_own_books(self):
        second = self._create_company(name="Second", country_id=self.company.country_id.id)
        provider = self._provider(second, name="Second bank")
        client = self.env["res.partner"].create({"name": "Shared client"})
        ours = self._debits(self._mandate(partner=client))
        theirs = self._debits(
            self._mandate(partner=client, provider=provider),
            invoices=[self._bill(partner=client, company=second)],
        )
        self._send(ours + theirs)
        (self.provider + provider)._demo_advance(DAY)
        self._apply()
        self.assertEqual(ours.debit_line_ids.company_id, self.company)
        self.assertEqual(theirs.debit_line_ids.company_id, second)
        self.assertEqual(set((ours + theirs).invoice_ids.mapped("amount_residual")), {0.0})

    def test_a_mandate_is_held_by_a_provider_of_its_company(self):
        elsewhere = self._provider(self.elsewhere, name="Elsewhere bank", state="disabled")
        with self.assertRaisesRegex(UserError, "Elsewhere"):
            self.env["payment.mandate"].create(
                {
                    "partner_id": self.client.id,
                    "company_id": self.company.id,
                    "provider_id": elsewhere.id,
                }
            )
