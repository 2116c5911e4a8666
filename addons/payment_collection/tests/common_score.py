"""What the tests of payer scores share; no tests."""

from datetime import date

from odoo.addons.payment_collection.pure import score as scorecard
from odoo.addons.payment_collection.tests.common import WEDNESDAY, CollectionCommon

AFTER = date(2026, 2, 10)


class ScoreCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scores = cls.env["payment.payer.score"]
        cls.average = scorecard.neutral()

    def score_of(self, partner):
        return self.scores.search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )

    def count(self, partner, on=AFTER):
        """Count one client anew, and return the score."""
        self.scores._score(self.company, partner.ids, on)
        return self.score_of(partner)

    @classmethod
    def paid_year(cls, partners, failed=False):
        """Give clients an installment for each of 12 months, as if debited and paid in time."""
        months = [date(2025, month, 5) for month in range(2, 13)] + [date(2026, 1, 5)]
        cls.env["payment.installment"]._state_writer().create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.company.currency_id.id,
                    "amount": 50,
                    "due_date": day,
                    "state": "unpaid" if failed else "paid",
                    "paid_on": not failed and day,
                }
                for partner in partners
                for day in months
            ]
        )

    def collect(self, script):
        """Let one debit happen for real; return the client."""
        installment = self.installment(script)
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertNotIn(installment.state, ("held", "in_collection"), installment.hold_detail)
        return installment.partner_id
