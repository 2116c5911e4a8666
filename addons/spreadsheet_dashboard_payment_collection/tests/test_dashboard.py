import io
import json
import re
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import config
from odoo.tools.translate import extract_spreadsheet_terms

from odoo.addons.payment_collection.tests.common_page import PageCommon

LINK = re.compile(r"\[(.+)\]\(odoo://ir_menu_xml_id/([\w.]+)\)")
VALUE = re.compile(r'PIVOT\.VALUE\((\d+),"(\w+)"\)')
SPILL = re.compile(r"=PIVOT\((\d+),")


@tagged("post_install", "-at_install")
class TestDashboard(PageCommon):
    """Everything that the file names exists, and finance gets an answer to all that it asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("spreadsheet_dashboard_payment_collection.dashboard_payments")
        cls.data = json.loads(cls.dashboard.spreadsheet_data)
        cls.report = cls.env["payment.collection.report"].with_user(cls.finance)
        cls.cells = [cell for sheet in cls.data["sheets"] for cell in sheet["cells"].values()]
        cls.charts = [figure["data"] for sheet in cls.data["sheets"] for figure in sheet["figures"]]

    def asked(self, domain, groups, measures):
        """Return what one pivot or chart asks the server for."""
        specs = [
            measure
            if measure == "__count"
            else f"{measure}:{self.report._fields[measure].aggregator}"
            for measure in measures
        ]
        return self.report.formatted_read_grouping_sets(domain, [[], groups], specs)

    def test_the_pivots_are_answered(self):
        self.debited("collect", "fail:AM04")
        for pivot in self.data["pivots"].values():
            groups = [
                ":".join(filter(None, (row["fieldName"], row.get("granularity"))))
                for row in pivot["rows"]
            ]
            measures = [measure["fieldName"] for measure in pivot["measures"]]
            with self.subTest(pivot=pivot["name"]):
                total, _groups = self.asked(pivot["domain"], groups, measures)
                self.assertEqual(len(total), 1)
                self.assertIn(pivot.get("sortedColumn", {}).get("measure"), (None, *measures))

    def test_the_charts_are_answered(self):
        self.debited("fail:AM04")
        asked = [chart for chart in self.charts if chart["type"].startswith("odoo_")]
        self.assertTrue(asked)
        for chart in asked:
            meta, search = chart["metaData"], chart["searchParams"]
            self.assertEqual(meta["resModel"], self.report._name)
            self.asked(search["domain"], meta["groupBy"], [meta["measure"]])

    def test_formulas_name_pivots_and_measures_that_are_there(self):
        formulas = [cell for cell in self.cells if "PIVOT" in cell]
        spilled = {SPILL.match(cell)[1] for cell in formulas if SPILL.match(cell)}
        valued = {pair for cell in formulas for pair in VALUE.findall(cell)}
        self.assertEqual(spilled | {pivot for pivot, _name in valued}, set(self.data["pivots"]))
        for pivot, name in valued:
            known = {measure["id"] for measure in self.data["pivots"][pivot]["measures"]}
            self.assertIn(name, known)

    def test_filters_fit_and_the_figures_of_before_are_a_period_older(self):
        filters = {row["id"] for row in self.data["globalFilters"]}
        sources = [*self.data["pivots"].values()]
        sources += [chart for chart in self.charts if "fieldMatching" in chart]
        for source in sources:
            matching = source["fieldMatching"]
            self.assertLessEqual(set(matching), filters)
            self.assertIn("provider", matching)
            for match in matching.values():
                self.assertEqual(self.report._fields[match["chain"]].type, match["type"])
        offsets = [self.data["pivots"][key]["fieldMatching"]["period"]["offset"] for key in "12"]
        self.assertEqual(offsets, [0, -1])

    def test_links_lead_to_menus_of_finance(self):
        xmlids = set(self.data["chartOdooMenusReferences"].values())
        xmlids |= {LINK.fullmatch(cell)[2] for cell in self.cells if cell.startswith("[")}
        visible = self.env["ir.ui.menu"].with_user(self.finance)._visible_menu_ids()
        for xmlid in xmlids:
            menu = self.env.ref(xmlid)
            self.assertTrue(menu.action, xmlid)
            self.assertIn(menu.id, visible)
        figures = {chart["chartId"] for chart in self.charts}
        self.assertLessEqual(set(self.data["chartOdooMenusReferences"]), figures)

    def test_core_finds_nothing_wrong(self):
        # Core looks at the fields and menus of a file in test mode only.
        with patch.dict(config.options, {"test_enable": True}):
            self.dashboard._check_spreadsheet_data()

    def test_every_word_on_it_is_exported_for_translation(self):
        terms = {
            message
            for _line, _function, message, _comments in extract_spreadsheet_terms(
                io.BytesIO(json.dumps(self.data).encode()), [], [], {}
            )
        }
        titles = {chart["title"]["text"] for chart in self.charts} - {""}
        links = {LINK.fullmatch(cell)[1] for cell in self.cells if cell.startswith("[")}
        labels = {row["label"] for row in self.data["globalFilters"]}
        self.assertLessEqual(titles | links | labels, terms)
        words = [cell for cell in self.cells if not cell.startswith(("=", "["))]
        self.assertFalse(words, "plain text in a cell is never translated")

    def test_it_is_for_finance_only(self):
        self.assertIn(
            self.dashboard, self.env[self.dashboard._name].with_user(self.finance).search([])
        )
        rep = self.person("dash_rep", "sales_team.group_sale_salesman_all_leads")
        theirs = self.env[self.dashboard._name].with_user(rep)
        self.assertNotIn(self.dashboard, theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.browse(self.dashboard.id).read(["name", "spreadsheet_data"])

    def test_finance_opens_it_first(self):
        menus = self.env["ir.ui.menu"].with_user(self.finance).load_menus(False)
        root = self.env.ref("payment_direct_debit.menu_root")
        first = menus[menus[root.id]["children"][0]]
        self.assertEqual(
            first["id"], self.env.ref("spreadsheet_dashboard_payment_collection.dashboard_menu").id
        )
        action = self.env["ir.actions.client"].browse(first["action_id"])
        self.assertEqual(action.params, {"dashboard_id": self.dashboard.id})
