from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.payment_collection.models.archives import payment_transaction_archiving
from odoo.addons.payment_collection.tests.common_archive import YEARS_LATER, ArchiveCommon


@tagged("post_install", "-at_install")
class TestArchiving(ArchiveCommon):
    """What is over and old leaves the daily view; nothing else does."""

    def domain(self, action):
        action = self.env.ref(f"payment_collection.{action}")
        return safe_eval(action.domain)

    def test_what_is_over_moves_from_the_page_to_the_archives(self):
        debit = self.debited()
        page, archives = self.domain("payment_page_action"), self.domain("payment_archive_action")
        self.assertTrue(debit.filtered_domain(page))
        self.night()
        self.assertEqual(debit.payment_archived_on, YEARS_LATER)
        self.assertEqual(debit.payment_archive_year, "2026")
        self.assertNotIn(debit, self.payments.search(page))
        self.assertIn(debit, self.payments.search(archives))
        figures = self.payments.get_payment_figures([*page, ("id", "=", debit.id)])["figures"]
        self.assertFalse(figures["collected"])

    def test_young_payments_stay_and_so_do_all_without_a_limit(self):
        debit = self.debited()
        self.night(date(2028, 2, 4))
        self.assertFalse(debit.payment_archived_on, "24 months to the day")
        self.company.archive_after_months = 0
        self.night()
        self.assertFalse(debit.payment_archived_on)

    def test_what_the_client_may_still_contest_stays(self):
        debit = self.debited()
        self.company.archive_after_months = 1
        self.night(date(2027, 3, 4))
        self.assertFalse(debit.payment_archived_on, "13 months, this day included")
        self.night(date(2027, 3, 5))
        self.assertTrue(debit.payment_archived_on)

    def test_what_is_owed_or_under_way_stays(self):
        owed, sent = self.debited("fail:AM04", "fail:AM04 ; collect")
        self.attempt(sent.installment_id, 2)
        self.night()
        self.assertFalse(owed.payment_archived_on)
        self.assertFalse(any(sent.installment_id.transaction_ids.mapped("payment_archived_on")))
        owed.installment_id._set_state("paid")
        self.night()
        self.assertTrue(owed.payment_archived_on, "owed no more, and its dunning is over")

    def test_an_alert_or_a_refund_keeps_a_payment_in_view(self):
        alerted, refunded, plain = self.debited("collect", "collect", "collect")
        alerted._debit_alert("drift", "look at it")
        refund = self.env["payment.refund"].create(
            {"transaction_id": refunded.id, "amount": 10, "confirm_within_8_weeks": True}
        )
        self.night()
        self.assertEqual(
            [bool(d.payment_archived_on) for d in (alerted, refunded, plain)], [False, False, True]
        )
        self.env["payment.alert"]._close_alerts("drift", alerted)
        refund.action_cancel()
        self.night()
        self.assertTrue(alerted.payment_archived_on and refunded.payment_archived_on)

    def test_what_was_not_paid_online_stays_as_long_as_its_invoice_is_open(self):
        invoice = self.init_invoice("out_invoice", amounts=[60], post=True, company=self.company)
        payment = self.online(invoice_ids=[(6, 0, invoice.ids)])
        payment._set_error("refused")
        payment._state_write({"payment_day": date(2026, 2, 4)})
        self.night()
        self.assertFalse(payment.payment_archived_on)
        invoice.button_cancel()
        self.night()
        self.assertTrue(payment.payment_archived_on)

    def test_a_night_takes_all_in_few_statements_and_leaves_a_trace(self):
        debits = self.debited(*["collect"] * 5)
        self.passes.search([]).unlink()
        with patch.object(payment_transaction_archiving, "CHUNK", 2):
            self.payments._cron_archive(YEARS_LATER)
        self.assertTrue(all(debits.mapped("payment_archived_on")))
        trace = self.passes.search([("company_id", "=", self.company.id)])
        self.assertEqual((trace.subject, trace.count, trace.before.year), ("archive", 5, 2026))
        self.payments._cron_archive(YEARS_LATER)
        self.assertEqual(len(self.passes.search([("company_id", "=", self.company.id)])), 1)

    def test_the_preview_counts_what_the_night_would_take(self):
        self.debited("collect", "fail:AM04")
        before = self.payments._archive_before(24, YEARS_LATER)
        count = self.payments._archive_count(self.company, before, YEARS_LATER)
        self.assertEqual(count, self.payments._archive_chunk(self.company, before, YEARS_LATER))

    def test_the_cycle_still_shows_it(self):
        debit = self.archived()
        cycle = self.env["payment.cycle"].with_user(self.finance)
        steps = cycle.get_cycle("payment.installment", debit.installment_id.id)["steps"]
        shown = [record["id"] for step in steps for record in step["records"]]
        self.assertIn(debit.id, shown)


@tagged("post_install", "-at_install")
class TestBackFromTheArchives(ArchiveCommon):
    """Whatever happens to an archived payment is seen in the daily view."""

    def test_a_late_chargeback_comes_back_by_itself(self):
        debit = self.archived("collect,return:MD01+300")
        self.bank_reaches(date(2028, 6, 2))
        self.assertEqual(debit.payment_status, "returned")
        self.assert_back(debit)
        self.assertFalse(debit.payment_archive_year)

    def test_a_debt_that_lives_again_brings_all_its_attempts(self):
        first = self.debited("fail:AM04 ; collect")
        self.attempt(first.installment_id, 2)._debit_fail("test", date(2026, 2, 4), "AM04")
        first.installment_id._set_state("paid")
        both = first.installment_id.transaction_ids
        self.night()
        self.assertTrue(all(both.mapped("payment_archived_on")))
        first.installment_id._set_state("disputed")
        self.assert_back(both)

    def test_an_alert_or_a_refund_brings_it_back(self):
        alerted, about_debt, refunded = self.archived("collect", "collect", "collect")
        alerts = self.env["payment.alert"]
        alerts._raise_alert("drift", alerted, "look at it")
        self.assert_back(alerted)
        alerts._raise_alert("not_applied", about_debt.installment_id, "look at it")
        self.assert_back(about_debt)
        self.env["payment.refund"].create({"transaction_id": refunded.id, "amount": 10})
        self.assert_back(refunded)

    def test_what_came_back_stays_as_long_as_a_new_payment(self):
        debit = self.archived()
        debit._archive_leave("Back from the archives: test")
        back = debit.payment_back_on
        self.night(back.replace(year=back.year + 1))
        self.assertFalse(debit.payment_archived_on)
        self.night(back.replace(year=back.year + 3))
        self.assertTrue(debit.payment_archived_on)

    def test_only_a_manager_brings_it_back_and_the_history_says_who(self):
        debit = self.archived()
        with self.assertRaises(AccessError):
            debit.with_user(self.finance).action_payment_bring_back()
        debit.with_user(self.manager).action_payment_bring_back()
        self.assert_not_archived_by(debit, self.manager)

    def assert_not_archived_by(self, debit, user):
        self.assertFalse(debit.payment_archived_on)
        line = debit.history_ids[:1]
        self.assertEqual((line.reason, line.user_id), ("Brought back from the archives", user))


@tagged("post_install", "-at_install")
class TestArchiveRights(ArchiveCommon):
    def test_nothing_is_done_to_what_is_archived(self):
        debit = self.archived()
        for action in ("retry", "hold", "release", "resync", "link", "refund"):
            with self.subTest(action=action):
                opened = getattr(debit.with_user(self.manager), f"action_page_{action}")()
                wizard = self.env[opened["res_model"]].browse(opened["res_id"])
                line = wizard.line_ids
                self.assertTrue(line.is_left_out)
                self.assertIn("In the archives", line.effect)
                wizard.with_user(self.manager).action_confirm()
                self.assertTrue(debit.payment_archived_on)

    def test_nobody_archives_or_brings_back_by_writing(self):
        debit = self.archived()
        online = self.online()
        for payment in (debit, online):
            for values in (
                {"payment_archived_on": False},
                {"payment_archived_on": "2026-01-01"},
                {"payment_archive_year": "2020"},
                {"payment_back_on": "2026-01-01"},
            ):
                with self.subTest(values=values), self.assertRaises(AccessError):
                    payment.with_user(self.manager).write(values)

    def test_others_reach_nothing_through_the_archives(self):
        debit = self.archived()
        rep = self.person("archive_rep", "base.group_user,base.group_allow_export")
        portal = self.person("archive_portal", "base.group_portal,base.group_allow_export")
        archived = [("payment_archived_on", "!=", False)]
        for user in (rep, portal):
            theirs = self.payments.with_user(user)
            for ask in (
                lambda t=theirs: t.search_read(archived, ["mandate_id"]),
                lambda t=theirs: t._read_group(archived, ["payment_archive_year"], ["__count"]),
                lambda t=theirs: t.browse(debit.id).export_data(["mandate_id/iban_masked"]),
                lambda t=theirs: t.browse(debit.id).read(["amount"]),
                lambda t=theirs: t.browse(debit.id).action_payment_bring_back(),
                lambda t=theirs: t.env["payment.retention.pass"].search([]),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    ask()
        self.assertTrue(debit.payment_archived_on)

    def test_other_companies_see_neither_payments_nor_passes(self):
        debit = self.archived()
        other = self.env["res.company"].create({"name": "Autre"})
        self.manager.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        elsewhere = self.payments.with_context(allowed_company_ids=other.ids).with_user(
            self.manager
        )
        self.assertFalse(elsewhere.search([("payment_archived_on", "!=", False)]))
        with self.assertRaises(AccessError):
            elsewhere.browse(debit.id).action_payment_bring_back()
        passes = elsewhere.env["payment.retention.pass"]
        self.assertFalse(passes.search([]))
        for values in ({"count": 0}, {"subject": "event"}):
            with self.assertRaises(AccessError):
                self.passes.search([], limit=1).with_user(self.finance).write(values)

    def test_the_report_of_reps_still_has_it_and_says_so(self):
        debit = self.archived()
        self.env.flush_all()
        row = self.env["payment.status.report"].browse(debit.id)
        self.assertEqual(row.archived_on, YEARS_LATER)
