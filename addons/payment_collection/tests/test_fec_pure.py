"""The columns and the words of the FEC, as the text of 2013 asks for them."""

import unittest
from datetime import date
from decimal import Decimal

from odoo.addons.payment_collection.pure import fec

ENTRY = fec.Line(
    journal_code="BNK1",
    journal_name="Banque",
    number="BNK1/2026/00001",
    day=date(2026, 2, 4),
    account="411100",
    account_name="Clients",
    auxiliary="C001",
    auxiliary_name="Ateliers Rousseau",
    piece="Prélèvement 1",
    piece_day=date(2026, 2, 4),
    label="Prélèvement 1",
    debit=Decimal("0.00"),
    credit=Decimal("1234.50"),
    matching="27",
    matching_day=date(2026, 2, 6),
)


class TestFecRow(unittest.TestCase):
    def test_a_row_has_the_eighteen_columns_in_order(self):
        self.assertEqual(len(fec.COLUMNS), 18)
        self.assertEqual(
            dict(zip(fec.COLUMNS, fec.row(ENTRY), strict=True)),
            {
                "JournalCode": "BNK1",
                "JournalLib": "Banque",
                "EcritureNum": "BNK1/2026/00001",
                "EcritureDate": "20260204",
                "CompteNum": "411100",
                "CompteLib": "Clients",
                "CompAuxNum": "C001",
                "CompAuxLib": "Ateliers Rousseau",
                "PieceRef": "Prélèvement 1",
                "PieceDate": "20260204",
                "EcritureLib": "Prélèvement 1",
                "Debit": "0,00",
                "Credit": "1234,50",
                "EcritureLet": "27",
                "DateLet": "20260206",
                "ValidDate": "20260204",
                "Montantdevise": "",
                "Idevise": "",
            },
        )

    def test_an_amount_in_another_currency_has_its_code(self):
        foreign = ENTRY._replace(foreign_amount=Decimal("-20.5"), foreign_currency="USD")
        self.assertEqual(fec.row(foreign)[-2:], ("-20,50", "USD"))

    def test_a_text_can_not_open_a_column_or_a_line(self):
        dirty = ENTRY._replace(label="Loyer\tfévrier|2026\r\nsuite\u2028fin")
        self.assertEqual(fec.row(dirty)[10], "Loyer février 2026 suite fin")

    def test_what_would_make_the_file_invalid_is_named(self):
        for values, problem in (
            ({"number": "/"}, "number"),
            ({"journal_code": ""}, "journal"),
            ({"account": "41"}, "account"),
            ({"account": "CLI411"}, "account"),
            ({"label": "\t"}, "label"),
            ({"piece": ""}, "label"),
        ):
            with self.subTest(values=values), self.assertRaises(fec.FecError) as caught:
                fec.row(ENTRY._replace(**values))
            self.assertEqual(caught.exception.problem, problem)


class TestBalance(unittest.TestCase):
    def test_entries_that_balance_are_summed(self):
        balance = fec.Balance()
        for number in ("A", "B"):
            balance.add(ENTRY._replace(number=number))
            balance.add(ENTRY._replace(number=number, debit=ENTRY.credit, credit=Decimal(0)))
        balance.close()
        self.assertEqual((balance.debit, balance.credit), (Decimal("2469.00"), Decimal("2469.00")))

    def test_the_entry_that_does_not_balance_is_named(self):
        balance = fec.Balance()
        balance.add(ENTRY)
        with self.assertRaises(fec.FecError) as caught:
            balance.add(ENTRY._replace(number="NEXT"))
        self.assertEqual(
            (caught.exception.problem, caught.exception.where), ("unbalanced", ENTRY.number)
        )

    def test_the_last_entry_counts_too(self):
        balance = fec.Balance()
        balance.add(ENTRY)
        with self.assertRaises(fec.FecError):
            balance.close()


class TestSiren(unittest.TestCase):
    def test_it_is_read_from_a_siren_a_siret_or_a_vat_number(self):
        for number in ("732 829 320", "73282932000074", "FR44732829320", "fr 44 732829320"):
            self.assertEqual(fec.siren(number), "732829320", number)

    def test_a_mistyped_or_foreign_number_gives_none(self):
        for number in ("732829321", "BE0477472701", "", None, "7328293200", "à venir"):
            self.assertEqual(fec.siren(number), "", number)

    def test_the_file_is_named_after_the_company_and_the_last_day(self):
        name = fec.file_name("732829320", date(2026, 12, 31))
        self.assertEqual(name, "732829320FEC20261231.txt")
