"""Cells, files and totals of exports, without a database."""

import csv
import io
import tempfile
import unittest
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from odoo.addons.payment_collection.pure import export_cells, export_files
from odoo.addons.payment_collection.pure.export_cells import Column, Row
from odoo.addons.payment_collection.pure.export_tally import Tally

COLUMNS = [Column("Client"), Column("Amount", "amount"), Column("Asked For", "date")]
ROW = ("Société « Été »; filiale", Decimal("-1234.50"), date(2026, 2, 4))


class TestCells(unittest.TestCase):
    def test_a_text_that_a_spreadsheet_would_compute_is_quoted(self):
        for text in ("=1+1", "+33 6", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"):
            self.assertEqual(export_cells.csv_cell(text), f"'{text}", text)

    def test_an_amount_stays_a_number_also_below_zero(self):
        self.assertEqual(export_cells.csv_cell(Decimal("-12.50")), "-12.50")
        self.assertEqual(export_cells.csv_cell(Decimal("-12.50"), ","), "-12,50")

    def test_nothing_is_an_empty_cell_and_zero_is_not(self):
        self.assertEqual(export_cells.csv_cell(None), "")
        self.assertEqual(export_cells.csv_cell(False), "")
        self.assertEqual(export_cells.csv_cell(Decimal("0.00")), "0.00")

    def test_an_account_number_in_a_text_is_masked(self):
        cleaned = export_cells.clean("Virement FR76 3000 6000 0112 3456 7890 189 reçu")
        self.assertIn("189 reçu", cleaned)
        for digits in ("3000", "0112", "3456"):
            self.assertNotIn(digits, cleaned)

    def test_a_moment_becomes_its_day(self):
        self.assertEqual(export_cells.clean(datetime(2026, 2, 4, 12)), date(2026, 2, 4))


class TestFiles(unittest.TestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "export"

    def written(self, file, *rows):
        for row in rows:
            file.add(row)
        file.close()
        return self.path.read_bytes()

    def test_a_french_csv_has_semicolons_decimal_commas_and_a_mark_for_excel(self):
        raw = self.written(export_files.CsvFile(self.path, COLUMNS, ","), ROW)
        self.assertTrue(raw.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
        self.assertEqual(rows[1], ["Société « Été »; filiale", "-1234,50", "2026-02-04"])

    def test_an_english_csv_has_commas_and_decimal_points(self):
        raw = self.written(export_files.CsvFile(self.path, COLUMNS), ROW)
        self.assertIn(b'"Amount"'.strip(b'"') + b",Asked For\r\n", raw)
        self.assertIn(b"-1234.50,2026-02-04\r\n", raw)

    def test_a_workbook_has_numbers_days_and_no_formula(self):
        self.written(export_files.XlsxFile(self.path, COLUMNS), ROW, ("=1+1", Decimal(0), None))
        with zipfile.ZipFile(self.path) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertIn("<v>-1234.5</v>", sheet)
        self.assertNotIn("<f>", sheet)
        self.assertIn("=1+1", sheet)

    def test_a_full_sheet_is_followed_by_another(self):
        self.written(export_files.XlsxFile(self.path, COLUMNS, rows=3), *[ROW] * 5)
        with zipfile.ZipFile(self.path) as book:
            sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/")]
        self.assertEqual(len(sheets), 3)

    def test_the_fingerprint_is_the_one_of_the_standard(self):
        # FIPS 180-4, the example of one block.
        self.assertEqual(
            export_files.sha256(io.BytesIO(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        )


class TestTally(unittest.TestCase):
    def test_currencies_are_never_added(self):
        tally = Tally()
        for group, currency, amount in (
            ("Collected", "EUR", "10.10"),
            ("Failed", "EUR", "0.20"),
            ("Failed", "CHF", "5"),
        ):
            tally.add(Row((), group, currency, Decimal(amount)))
        self.assertEqual(tally.count, 3)
        self.assertEqual(tally.totals(), {"EUR": "10.30", "CHF": "5"})
        self.assertEqual(
            tally.groups(),
            [["Collected", 1, {"EUR": "10.10"}], ["Failed", 2, {"EUR": "0.20", "CHF": "5"}]],
        )
