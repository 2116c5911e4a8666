"""What the tests of exports share: payments of finance, and the files made of them."""

import base64
import csv
import hashlib
import io
import json

from odoo.addons.payment_collection.tests.common_page import PageCommon

FINANCE = "payment_direct_debit.group_payment_user"
EXPORT = "base.group_allow_export"


class ExportCommon(PageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.person("export_clerk", f"{FINANCE},{EXPORT}")
        cls.clerk.lang = "fr_FR"

    def wizard(self, user=None, **values):
        """Return the window that asks what to export, filled in by finance."""
        env = self.env(user=user or self.clerk)
        return env["payment.export.wizard"].create({"file_format": "csv", **values})

    def export(self, user=None, domain=(), **values):
        """Return an export of payments, made or waiting."""
        wizard = self.wizard(user, domain=json.dumps(list(domain)), **values)
        action = wizard.action_export()
        return self.env["payment.export"].browse(action["res_id"])

    def content(self, export):
        """Return the bytes of an export's file, which are those it has the fingerprint of."""
        export.invalidate_recordset()
        raw = base64.b64decode(export.with_context(bin_size=False).file)
        self.assertEqual(hashlib.sha256(raw).hexdigest(), export.sha256)
        return raw

    def rows(self, export, delimiter=";"):
        """Return the rows of a CSV export as dicts."""
        text = self.content(export).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
