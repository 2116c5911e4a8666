from datetime import date
from pathlib import Path

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_collection.models.exports import payment_export_fec as source
from odoo.addons.payment_collection.tests.common_export import ExportCommon

GOLDEN = Path(__file__).parent / "golden" / "fec.txt"


@tagged("post_install", "-at_install")
class TestExportFec(ExportCommon):
    """The accounting entries of chosen journals, in the form of the FEC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.company_registry = "73282932000074"
        cls.journal = cls.env["account.journal"].create(
            {"name": "Prélèvements|SEPA", "code": "PRL", "type": "general"}
        )
        accounts = cls.env["account.account"]
        cls.clients = accounts.create(
            {
                "code": "411777",
                "name": "Clients à prélever",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        cls.transit = accounts.create(
            {"code": "511777", "name": "Prélèvements à encaisser", "account_type": "asset_current"}
        )
        cls.debtor = cls.env["res.partner"].create({"name": "Ateliers Rousseau", "ref": "C001"})
        cls.euro = cls.company.currency_id

    def entry(self, label="Prélèvement de février", day=date(2026, 2, 4), amount=120.5, post=True):
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal.id,
                "date": day,
                "ref": "Virement\tPRL-1",
                "line_ids": [
                    Command.create({"name": label, "account_id": self.transit.id, "debit": amount}),
                    Command.create(
                        {
                            "name": label,
                            "account_id": self.clients.id,
                            "partner_id": self.debtor.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def fec(self, **values):
        values = {
            "kind": "fec",
            "date_from": date(2026, 2, 1),
            "date_to": date(2026, 2, 28),
            "journal_ids": [Command.set(self.journal.ids)],
            **values,
        }
        return self.export(**values)

    def test_the_file_is_the_golden_one(self):
        self.entry(day=date(2026, 2, 6), label="Reçu de FR76 3000 6000 0112 3456 7890 189")
        self.entry()
        self.entry(day=date(2026, 3, 1))
        self.entry(post=False)
        self.patch(source, "ENTRIES", 1)
        export = self.fec()
        self.assertEqual(export.file_name, "732829320FEC20260228.txt")
        self.assertEqual(self.content(export).decode(), GOLDEN.read_bytes().decode())
        self.assertEqual((export.record_count, export.totals), (4, {"EUR": "241.00"}))

    def test_a_matched_line_has_its_letters(self):
        entry = self.entry()
        invoice = self.entry(amount=-120.5, label="Facture")
        (entry + invoice).line_ids.filtered(
            lambda line: line.account_id == self.clients
        ).reconcile()
        rows = [line.split("\t") for line in self.content(self.fec()).decode().splitlines()]
        matched = [row for row in rows[1:] if row[4] == "411777"]
        self.assertEqual(len({row[13] for row in matched}), 1)
        self.assertTrue(all(row[13] and len(row[14]) == 8 for row in matched))

    def test_a_company_without_a_siren_is_told_what_to_set(self):
        self.entry()
        self.company.company_registry = self.company.vat = False
        with self.assertRaisesRegex(UserError, "SIREN"):
            self.fec()

    def test_what_would_make_an_invalid_file_is_refused_with_the_entry(self):
        entry = self.entry()
        self.transit.code = "TR"
        with self.assertRaisesRegex(UserError, entry.name):
            self.fec()

    def test_an_entry_that_does_not_balance_is_refused(self):
        entry = self.entry()
        # Odoo does not let it happen; a hand in the database does.
        self.env.cr.execute(
            "UPDATE account_move_line SET debit = 1, balance = 1 WHERE move_id = %s AND debit > 0",
            [entry.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "diffèrent"):
            self.fec()

    def test_a_period_and_journals_are_needed(self):
        with self.assertRaisesRegex(UserError, "day"):
            self.fec(date_to=date(2026, 1, 1))
        with self.assertRaisesRegex(UserError, "journals"):
            self.fec(journal_ids=[Command.clear()])

    def test_the_journals_of_payments_are_proposed(self):
        wizard = self.wizard(kind="fec")
        self.assertIn(self.provider.journal_id, wizard.journal_ids)
        self.assertNotIn(self.company_data["default_journal_sale"], wizard.journal_ids)
