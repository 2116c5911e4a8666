"""What the tests of the notices share: a client with a mandate and a schedule to be told."""

from datetime import date

from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.payment_collection.tests.common import CollectionCommon

TODAY = date(2026, 1, 7)
DUES = (date(2026, 2, 4), date(2026, 3, 4), date(2026, 4, 7))


class NoticeCommon(CollectionCommon, MockEmail):
    """A company that announces, a client with a mandate and a schedule of three months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"prenotification_required": True, "email": "compta@example.com", "name": "Lumen SAS"}
        )
        cls.client, cls.mandate = cls.client_with_mandate()
        cls.client.write({"email": "rousseau@example.com", "lang": "en_US"})
        cls.mandate._state_write({"creditor_identifier": "FR72ZZZ123456"})
        cls.schedule = cls.env["payment.installment"].create(
            [
                {
                    "partner_id": cls.client.id,
                    "mandate_id": cls.mandate.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.company.currency_id.id,
                    "amount": 19.99,
                    "due_date": due,
                    "label": f"Maintenance {due:%m/%Y}",
                }
                for due in DUES
            ]
        )

    def announce(self, today=TODAY):
        """Run the daily job; return the notices of the client, the newest first."""
        with self.mock_mail_gateway():
            self.env["payment.notice"]._cron_notices(today)
        return self.notices()

    def notices(self):
        return self.env["payment.notice"].search([("mandate_id", "=", self.mandate.id)])
