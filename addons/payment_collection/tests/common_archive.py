"""What the tests of archives and retention share: years later."""

from datetime import date

from odoo.addons.payment_collection.tests.common_page import PageCommon

# More than 24 months, and more than the 13 months of the debtor, after the debits.
YEARS_LATER = date(2028, 6, 1)


class ArchiveCommon(PageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.person("archive_manager", "payment_direct_debit.group_payment_manager")
        cls.passes = cls.env["payment.retention.pass"]

    def night(self, today=YEARS_LATER):
        """Do what the nights do: archive, and remove what has had its time."""
        self.payments._cron_archive(today)
        self.passes._cron_retention(today)

    def archived(self, *scripts):
        """Return debits that a night has archived."""
        debits = self.debited(*scripts)
        self.night()
        self.assertTrue(all(debits.mapped("payment_archived_on")))
        return debits

    def assert_back(self, payments):
        self.assertFalse(any(payments.mapped("payment_archived_on")), "still in the archives")
        self.assertTrue(all(payments.mapped("payment_back_on")))
        self.assertIn("Back from the archives", " ".join(payments.history_ids.mapped("reason")))
