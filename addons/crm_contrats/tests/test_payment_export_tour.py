import base64
import csv
import hashlib
import io
from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.common_tour import TourCommon

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPaymentExportTour(TourCommon, ContractCommon):
    """Finance filters, exports, and finds the export again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tour_user(
            "export_tour", "payment_direct_debit.group_payment_user,base.group_allow_export"
        )
        for script in ("fail:AM04", "collect"):
            client, mandate = cls.client_with_mandate(script)
            contract = cls.active_contract(
                partner_id=client.id,
                mandate_id=mandate.id,
                collection_mode="automatic",
                date_start=date(2026, 2, 1),  # one installment is due
            )
            if script.startswith("fail"):
                cls.first = contract.installment_ids.sorted("due_date")[:1]

    def test_export_what_is_filtered_and_find_it_again(self):
        self.env.flush_all()
        self.execute(MONDAY, WEDNESDAY)
        self.env.invalidate_all()  # the run has an environment of its own
        self.bank_reaches(date(2026, 2, 6))
        failed = self.first.transaction_ids
        self.start_tour("/odoo/payments", "payment_export", login="export_tour", timeout=180)
        export = self.env["payment.export"].search([], limit=1)
        raw = base64.b64decode(export.file)
        self.assertEqual(hashlib.sha256(raw).hexdigest(), export.sha256)
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        self.assertEqual([row["Reference"] for row in rows], [failed.reference])
        self.assertEqual(rows[0]["Status"], "Failed")
        self.assertEqual(rows[0]["Why"], "Insufficient funds")
        self.assertEqual(rows[0]["Contract"], self.first.contract_id.display_name)
