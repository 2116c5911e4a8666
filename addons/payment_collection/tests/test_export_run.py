from collections import defaultdict
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_export import ExportCommon


@tagged("post_install", "-at_install")
class TestExportRun(ExportCommon):
    """The list of a run's debits says what the run says of itself."""

    def setUp(self):
        super().setUp()
        self.paid = self.installment("collect", 120.0)
        self.refused = self.installment("fail:AM04", 80.0)
        self.held = self.installment("collect", 50.0)
        self.held.partner_id.collection_hold = True
        self.run_made = self.execute()
        self.env.invalidate_all()

    def exported(self, **values):
        action = self.run_made.with_user(self.clerk).action_export()
        context = action["context"]
        wizard = self.wizard(kind=context["default_kind"], run_id=context["default_run_id"])
        wizard.write(values)
        return self.env["payment.export"].browse(wizard.action_export()["res_id"])

    def test_the_sums_are_the_counters_of_the_run(self):
        export = self.exported()
        run = self.run_made
        found = {count: totals["EUR"] for _group, count, totals in export.breakdown}
        self.assertEqual(found, {2: "200.00", 1: "50.00"})
        self.assertEqual((run.debit_count, run.debit_amount), (2, 200.0))
        self.assertEqual((run.held_count, run.held_amount), (1, 50.0))
        self.assertEqual(export.record_count, run.decided_count)
        self.assertEqual(export.totals, {"EUR": "250.00"})

    def test_rows_have_mandate_outcome_and_reason_also_of_what_is_held(self):
        self.clerk.lang = "en_US"
        rows = {row["Installment"]: row for row in self.rows(self.exported(), ",")}
        held = rows[self.held.display_name]
        self.assertEqual(held["Decision"], "Held")
        self.assertTrue(held["Why"])
        self.assertEqual(held["Mandate (RUM)"], self.held.mandate_id.name)
        paid = rows[self.paid.display_name]
        self.assertEqual(
            (paid["Decision"], paid["Amount"], paid["Provider"]),
            ("Debited", "120.00", self.provider.name),
        )
        sums = defaultdict(Decimal)
        for row in rows.values():
            sums[row["Decision"]] += Decimal(row["Amount"])
        self.assertEqual(sums["Debited"], Decimal("200.00"))

    def test_reopen_goes_to_the_run(self):
        action = self.exported().with_user(self.clerk).action_reopen()
        self.assertEqual((action["res_model"], action["res_id"]), ("payment.run", self.run_made.id))
