from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.models.foresight import payment_run_preview
from odoo.addons.payment_collection.pure import score as scorecard
from odoo.addons.payment_collection.tests.routing_common import MONDAY, WEDNESDAY, RoutingCommon


@tagged("post_install", "-at_install")
class TestRunPreview(RoutingCommon):
    """A dry run says what a run would do, and does none of it."""

    def planned_run(self):
        return self.env["payment.run"].create(
            {"company_id": self.company.id, "date": MONDAY, "date_until": WEDNESDAY}
        )

    def previewed(self):
        run = self.planned_run()
        run.action_preview()
        return run

    def shares(self, preview):
        """Return {(kind, provider name or reason): (count, amount)} of a preview."""
        return {
            (line.kind, line.provider_id.name or line.hold_reason or ""): (line.count, line.amount)
            for line in preview.line_ids
        }

    def score(self, installment, probability):
        partner = installment.partner_id
        return (
            self.env["payment.payer.score"]
            ._state_writer()
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "score": 50,
                    "probability": probability,
                    "grade": scorecard.grade_of(probability),
                }
            )
        )

    def everything(self):
        """Return what the database knows of installments, debits, invoices and lines."""
        self.env.flush_all()
        known = []
        for table in ("payment_installment", "payment_transaction", "payment_run_line"):
            self.env.cr.execute(f"SELECT t::text FROM {table} t ORDER BY id")
            known.append(self.env.cr.fetchall())
        self.env.cr.execute("SELECT count(*) FROM account_move")
        return [*known, self.env.cr.fetchall()]

    def test_each_provider_and_each_reason_has_its_share(self):
        mine, other = self.installment(amount=100), self.known_to_b(self.installment(amount=50))
        self.route(amount_max=60)
        on_hold, own_way = self.installment(amount=30), self.installment(amount=20)
        on_hold.partner_id.collection_hold = True
        own_way.write({"collection_mode": "one_off", "mandate_id": False})
        preview = self.previewed().preview_ids
        self.assertEqual(
            self.shares(preview),
            {
                ("debit", "PSP A"): (1, 100),
                ("debit", "PSP B"): (1, 50),
                ("held", "client"): (1, 30),
                ("invoice", ""): (1, 20),
            },
        )
        self.assertEqual((preview.due_count, preview.due_amount), (4, 200))
        self.assertEqual((preview.debit_count, preview.debit_amount), (2, 150))
        self.assertEqual((preview.held_count, preview.held_amount), (1, 30))
        by_b = preview.line_ids.filtered(lambda line: line.provider_id == self.psp_b)
        self.assertEqual(by_b.action_view_installments()["domain"], [("id", "in", other.ids)])
        self.assertEqual(mine.state, "planned")

    def test_the_preview_changes_no_installment_and_the_run_then_does_what_it_said(self):
        due = [self.installment() for _number in range(3)]
        due[0].partner_id.collection_hold = True
        due[1]._hold("manual", "Marie")
        due[2].partner_id.collection_hold = True
        due[2]._hold("client", "", MONDAY)
        due[2].partner_id.collection_hold = False  # mended: a run releases it
        before = self.everything()
        run = self.previewed()
        self.assertEqual(self.everything(), before)
        said = self.shares(run.preview_ids)
        self.assertEqual(
            said,
            {
                ("debit", "PSP A"): (1, 120),
                ("held", "client"): (1, 120),
                ("held", "manual"): (1, 120),
            },
        )
        with self.committing() as env:
            run.with_env(env)._execute(MONDAY)
        self.env.invalidate_all()
        self.assertEqual((run.debit_count, run.held_count), (1, 1))
        self.assertEqual([i.state for i in due], ["held", "held", "in_collection"], "as previewed")

    def test_success_is_expected_by_the_payer_scores(self):
        safe, risky, unknown = (self.installment(amount=100) for _number in range(3))
        self.score(safe, 0.01)
        self.score(risky, 0.40)
        preview = self.previewed().preview_ids
        average = 1 - scorecard.neutral().probability
        self.assertAlmostEqual(preview.success_count, 0.99 + 0.60 + average, 1)
        self.assertAlmostEqual(preview.success_amount, 100 * (0.99 + 0.60 + average), 1)
        self.assertEqual(unknown.state, "planned")

    def test_the_cost_is_that_of_the_provider(self):
        self.psp_a.write({"debit_cost_fixed": 0.20, "debit_cost_percent": 1.0})
        self.installment(amount=100)
        self.assertAlmostEqual(self.previewed().preview_ids.expected_cost, 1.20)

    def test_what_a_provider_takes_a_day_counts_over_all_chunks(self):
        self.psp_a.debit_daily_count = 3
        for _number in range(5):
            self.installment()
        with self.patched_chunk(2):
            preview = self.previewed().preview_ids
        self.assertEqual((preview.debit_count, preview.held_count), (3, 2))

    def patched_chunk(self, size):
        return patch.object(payment_run_preview, "CHUNK", size)

    def test_a_preview_replaces_the_former_one(self):
        first = self.installment()
        run = self.previewed()
        first.action_hold()
        self.installment(amount=80)
        run.action_preview()
        self.assertEqual(len(run.preview_ids), 1)
        self.assertEqual(
            self.shares(run.preview_ids),
            {("debit", "PSP A"): (1, 80), ("held", "manual"): (1, 120)},
        )

    def test_a_day_is_previewed_without_a_run(self):
        self.installment()
        preview = self.env["payment.run.preview"].create(
            {"company_id": self.company.id, "date": MONDAY}
        )
        self.assertGreaterEqual(preview.date_until, WEDNESDAY)
        preview.action_preview()
        self.assertEqual(preview.debit_count, 1)
        self.assertFalse(self.env["payment.run"].search([("company_id", "=", self.company.id)]))

    def test_a_run_that_has_begun_is_not_previewed(self):
        run = self.previewed()
        run._set_state("running")
        with self.assertRaises(UserError):
            run.action_preview()

    def test_queries_do_not_grow_with_the_installments(self):
        counts = []
        for size in (10, 90):
            preview = self.env["payment.run.preview"].create(
                {"company_id": self.company.id, "date": MONDAY, "date_until": WEDNESDAY}
            )
            for _number in range(size):
                self.installment()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            preview.action_preview()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(preview.debit_count, 100)
        self.assertLessEqual(counts[1], counts[0], "one chunk each")

    def test_finance_previews_and_nobody_else_sees_it(self):
        self.installment()
        values = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        finance = new_test_user(
            self.env, "finance", "payment_direct_debit.group_payment_user", **values
        )
        rep = new_test_user(self.env, "rep", "sales_team.group_sale_salesman", **values)
        run = self.planned_run()
        run.with_user(finance).action_preview()
        line = run.preview_ids.line_ids
        self.assertEqual(line.with_user(finance).label, "PSP A")
        with self.assertRaises(AccessError):
            line.with_user(finance).write({"count": 7})
        for records in (run, run.preview_ids, line):
            with self.assertRaises(AccessError):
                records.with_user(rep).read(["display_name"])
        with self.assertRaises(AccessError):
            run.with_user(rep).action_preview()
