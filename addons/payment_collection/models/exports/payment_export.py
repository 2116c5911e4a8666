from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

# What a file is and says of itself; once it is made, nobody changes it.
MADE = frozenset(
    {"record_count", "totals", "breakdown", "sha256", "file_name", "file_size", "finished_at"}
)
ASKED = frozenset(
    {
        "name",
        "company_id",
        "user_id",
        "kind",
        "file_format",
        "domain",
        "filter_text",
        "columns",
        "lang",
        "run_id",
        "date_from",
        "date_to",
        "journal_ids",
        "asked_at",
    }
)
WORK = frozenset({"file", "error", "tries", "done_count", "to_do_count", "file_removed_on"})


class PaymentExport(models.Model):
    """Who took which data out, when: the filter, what the file holds, and its fingerprint.

    Nobody writes it but its own methods, and nobody deletes it: it is the trace of data that has
    left. The file is removed after the time that the company sets, the record stays.
    """

    _name = "payment.export"
    _description = "Export"
    _inherit = ["payment.state.mixin", "bus.listener.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _state_transitions = frozenset(
        {
            ("draft", "queued"),
            ("draft", "running"),
            ("draft", "cancelled"),
            ("queued", "running"),
            ("queued", "cancelled"),
            ("queued", "failed"),
            ("running", "done"),
            ("running", "failed"),
            ("running", "cancelled"),
            ("failed", "queued"),
        }
    )
    _state_guarded = MADE | ASKED | WORK

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="Asked By", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("payments", "Payments"),
            ("fec", "Accounting entries (FEC)"),
            ("run", "Debits of a run"),
        ],
        required=True,
        readonly=True,
    )
    file_format = fields.Selection(
        [("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("fec", "FEC")],
        string="Format",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Waiting"),
            ("running", "Being made"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    domain = fields.Text(
        readonly=True,
        help="The filter as the server applies it, on top of the rights of who asked.",
    )
    filter_text = fields.Char(string="Filter", readonly=True, help="The filter in words.")
    columns = fields.Text(readonly=True, help="Names of the columns, in order.")
    lang = fields.Char(readonly=True, help="Language of titles, words and numbers in the file.")
    run_id = fields.Many2one("payment.run", readonly=True, check_company=True, index=True)
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)
    journal_ids = fields.Many2many("account.journal", string="Journals", readonly=True)

    asked_at = fields.Datetime(string="Asked On", readonly=True)
    finished_at = fields.Datetime(string="Made On", readonly=True)
    error = fields.Text(string="What Went Wrong", readonly=True)
    tries = fields.Integer(readonly=True)
    to_do_count = fields.Integer(string="Rows", readonly=True)
    done_count = fields.Integer(string="Rows Written", readonly=True)

    record_count = fields.Integer(string="Lines", readonly=True)
    totals = fields.Json(readonly=True, help="{currency: amount as a decimal text}")
    breakdown = fields.Json(readonly=True, help="[[group, rows, {currency: amount}]]")
    total_text = fields.Char(string="Total", compute="_compute_texts")
    breakdown_text = fields.Text(string="Of Which", compute="_compute_texts")
    sha256 = fields.Char(string="SHA-256", readonly=True)
    sha256_short = fields.Char(string="Fingerprint", compute="_compute_sha256_short")
    file = fields.Binary(attachment=True, readonly=True, copy=False)
    file_name = fields.Char(readonly=True)
    file_size = fields.Integer(readonly=True, help="Bytes.")
    has_file = fields.Boolean(compute="_compute_has_file")
    file_removed_on = fields.Date(readonly=True)

    @api.depends("totals", "breakdown")
    @api.depends_context("lang")
    def _compute_texts(self):
        currencies = {c.name: c for c in self.env["res.currency"].search([])}

        def words(totals):
            return " + ".join(
                currencies[code].format(float(amount)) if code in currencies else f"{amount} {code}"
                for code, amount in sorted((totals or {}).items())
                if Decimal(amount)
            )

        for export in self:
            export.total_text = words(export.totals)
            export.breakdown_text = "\n".join(
                self.env._(
                    "%(group)s: %(count)s", group=group, count=formatLang(self.env, count, 0)
                )
                + (f" · {amount}" if (amount := words(totals)) else "")
                for group, count, totals in export.breakdown or []
            )

    @api.depends("sha256")
    def _compute_sha256_short(self):
        for export in self:
            export.sha256_short = (export.sha256 or "")[:8]

    @api.depends("state", "file_removed_on")
    def _compute_has_file(self):
        for export in self:
            export.has_file = export.state == "done" and not export.file_removed_on

    def write(self, vals):
        """Write; what a file says of itself is written once, with the file.

        :raise AccessError: a figure, or the fingerprint, of a file that exists would change.
        """
        replaced = vals.get("file") and self.filtered("sha256")
        if replaced or (MADE & vals.keys() and self.filtered("sha256")):
            raise AccessError(self.env._("An export does not change once its file is made."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("An export is the trace of data that was taken out: it is not deleted.")
        )

    def copy_data(self, default=None):
        """Refuse: “Export again” asks for a new one, by who presses it."""
        raise UserError(self.env._("Use “Export again”: it makes a new export in your name."))
