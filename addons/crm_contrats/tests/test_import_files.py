from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..importing import contracts, mandates, reader
from ..importing.errors import FileRefused
from ..importing.kind import kind_of
from .common import DEMO, ContractCommon, file_of

TODAY = date(2026, 1, 1)


def good(**cells):
    return ContractCommon.row(**cells)


@tagged("post_install", "-at_install")
class TestFiles(BaseCase):
    def refused(self, content):
        with self.assertRaises(FileRefused) as caught:
            contracts.parse(content)
        return caught.exception

    def codes(self, *rows):
        return [(e.row, e.column, e.code) for e in contracts.parse(file_of(*rows)).errors]

    def test_byte_order_mark_line_ends_and_column_order_do_not_matter(self):
        plain = file_of(good())
        self.assertIn(b"\r\n", plain)
        shuffled = file_of(dict(sorted(good().items())))
        for content in (plain, b"\xef\xbb\xbf" + plain, plain.replace(b"\r\n", b"\n"), shuffled):
            self.assertEqual(list(contracts.parse(content).contracts), ["X-1"])

    def test_windows_encoding_names_the_first_bad_line(self):
        content = file_of(good(), good(reference="X-2", client="Hôtel")).decode().encode("cp1252")
        error = self.refused(content)
        self.assertEqual((error.code, error.params["line"]), ("not_utf8", 2))

    def test_nul_bytes_and_utf16_are_refused_with_their_line(self):
        error = self.refused(file_of(good()) + b"a;\0")
        self.assertEqual((error.code, error.params["line"]), ("nul_bytes", 3))
        self.assertEqual(self.refused(file_of(good()).decode().encode("utf-16")).code, "nul_bytes")

    def test_empty_file_header_only_and_huge_file(self):
        self.assertEqual(self.refused(b"\xef\xbb\xbf").code, "empty_file")
        self.assertEqual(self.refused(b" \r\n\r\n").code, "empty_file")
        self.assertEqual(self.refused(";".join(contracts.COLUMNS).encode()).code, "no_rows")
        self.assertEqual(self.refused(b"x" * (50 * 1024 * 1024)).code, "too_large")

    def test_missing_and_double_columns_are_named(self):
        cells = good()
        del cells["unit_price"], cells["billing_day"]
        error = self.refused(file_of(cells))
        self.assertEqual(error.params["columns"], "unit_price, billing_day")
        content = file_of(good()).replace(b"reference;", b"reference;reference;", 1)
        self.assertEqual(self.refused(content).params["columns"], "reference")

    def test_unclosed_quote_does_not_swallow_the_file(self):
        content = file_of(good(), good(reference="X-2"))
        broken = content.replace(b"Boulangerie", b'"Boulangerie', 1)
        self.assertEqual(self.refused(broken).code, "not_csv")

    def test_more_columns_are_reported_and_not_used(self):
        parsed = contracts.parse(file_of(good(colour="red")))
        self.assertEqual(parsed.ignored_columns, ["colour"])

    def test_row_numbers_are_those_of_the_file(self):
        content = file_of(good(label="a\nb"), good(reference="X-2", billing_day="0"))
        content = content.replace(b"\r\n", b"\n").replace(b"\nX-2", b"\n\nX-2")
        self.assertEqual(content.split(b"\n")[4][:3], b"X-2")
        self.assertEqual([e.row for e in contracts.parse(content).errors], [2, 5])

    def test_short_row_is_refused_alone(self):
        parsed = contracts.parse(file_of(good()) + b"X-9;1;C9\r\n")
        self.assertEqual([(e.row, e.code) for e in parsed.errors], [(3, "cell_count")])
        self.assertEqual((list(parsed.contracts), parsed.row_count), (["X-1"], 2))

    def test_same_reference_and_line_is_a_duplicate(self):
        self.assertIn(
            (3, "reference", "duplicate_reference"), self.codes(good(), good(unit_price="5"))
        )

    def test_increasing_lines_make_one_contract(self):
        parsed = contracts.parse(file_of(good(), good(line="2", product="HOST")))
        self.assertEqual(parsed.errors, [])
        self.assertEqual([row.product for row in parsed.contracts["X-1"]], ["MAINT", "HOST"])

    def test_lines_of_a_contract_agree_on_the_contract(self):
        self.assertIn(
            (3, "billing_day", "contract_differs"),
            self.codes(good(), good(line="2", billing_day="6")),
        )

    def test_one_client_code_is_one_client(self):
        self.assertIn(
            (3, "client", "client_differs"),
            self.codes(good(), good(reference="X-2", client="Somebody else")),
        )

    def test_a_bad_line_refuses_its_whole_contract_and_no_other(self):
        content = file_of(
            good(), good(line="2", unit_price="x"), good(reference="X-2", client_code="C2")
        )
        parsed = contracts.parse(content)
        self.assertEqual(list(parsed.contracts), ["X-2"])
        self.assertEqual(
            {(e.row, e.code) for e in parsed.errors}, {(2, "other_row_refused"), (3, "bad_number")}
        )

    def test_a_formula_is_text(self):
        (row,) = contracts.parse(file_of(good(client='=HYPERLINK("x")'))).contracts["X-1"]
        self.assertEqual(row.client, '=HYPERLINK("x")')

    def test_kind_is_read_from_the_header(self):
        self.assertEqual(kind_of((DEMO / "mandates.csv").read_bytes()), "mandates")
        self.assertEqual(kind_of((DEMO / "contracts.csv").read_bytes()), "contracts")
        self.assertEqual(kind_of(b""), "contracts")

    @given(st.binary(max_size=400))
    def test_no_bytes_do_more_than_be_refused(self, content):
        for parse in (contracts.parse, lambda data: mandates.parse(data, TODAY)):
            with self.assertRaises(FileRefused):
                parse(content)

    @given(st.lists(st.text(max_size=12), min_size=len(contracts.COLUMNS), max_size=40))
    def test_no_row_does_more_than_be_refused(self, cells):
        row = dict(zip(contracts.COLUMNS, cells, strict=False))
        try:
            parsed = contracts.parse(file_of(row))
        except FileRefused:
            return
        self.assertTrue(parsed.errors or parsed.contracts)


@tagged("post_install", "-at_install")
class TestDemoFiles(BaseCase):
    def test_the_contracts_of_the_demonstration_are_valid(self):
        parsed = contracts.parse((DEMO / "contracts.csv").read_bytes())
        self.assertEqual(parsed.errors, [])
        self.assertGreaterEqual(len(parsed.contracts), 220)

    def test_every_debited_client_has_one_mandate(self):
        parsed = contracts.parse((DEMO / "contracts.csv").read_bytes())
        debited = {
            rows[0].client_code
            for rows in parsed.contracts.values()
            if rows[0].collection_mode == "automatic"
        }
        held = mandates.parse((DEMO / "mandates.csv").read_bytes(), TODAY.replace(year=2027))
        self.assertEqual(held.errors, [])
        self.assertEqual({row.client_code for row in held.mandates}, debited)
        self.assertEqual(len(held.mandates), len(debited))

    def test_each_bad_mandate_has_its_own_error(self):
        parsed = mandates.parse((DEMO / "bad_mandates.csv").read_bytes(), TODAY.replace(year=2027))
        self.assertEqual(
            [(e.column, e.code) for e in parsed.errors],
            [
                ("iban", "bad_iban"),
                ("signed_on", "missing_value"),
                ("signed_on", "signed_in_future"),
                ("scheme", "bad_choice"),
                ("rum", "bad_rum"),
                ("provider_mandate", "missing_value"),
                ("rum", "duplicate_rum"),
            ],
        )
        self.assertNotIn("iban", repr(parsed.mandates[0]).lower())

    def test_limit_is_below_what_a_worker_can_hold(self):
        self.assertLess(reader.MAX_BYTES, 50 * 1024 * 1024)
