from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, split_every

from odoo.addons.payment_collection.models.installment.payment_installment_guards import GUARDS
from odoo.addons.payment_collection.models.routing.payment_route_facts import PREVIEW_USAGE
from odoo.addons.payment_collection.pure import score as scorecard
from odoo.addons.payment_collection.pure.foresight import Share
from odoo.addons.payment_direct_debit.pure import money

CHUNK = 500


class PaymentRunPreview(models.Model):
    """A dry run: what a run of a day would do, without touching a single installment.

    The same guards and rules as in a run decide. What shows only when an invoice is made or a
    provider is called is not known here.
    """

    _name = "payment.run.preview"
    _description = "Collection Preview"
    _order = "date desc, id desc"
    _check_company_auto = True

    run_id = fields.Many2one(
        "payment.run", readonly=True, check_company=True, index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Day", required=True, default=fields.Date.context_today)
    date_until = fields.Date(
        string="Due Up To",
        required=True,
        compute="_compute_date_until",
        store=True,
        precompute=True,
        readonly=False,
        help="Installments due up to this day are looked at.",
    )
    previewed_at = fields.Datetime(readonly=True)
    due_count = fields.Integer(string="Due", readonly=True)
    due_amount = fields.Monetary(string="Amount Due", readonly=True)
    debit_count = fields.Integer(string="To Be Debited", readonly=True)
    debit_amount = fields.Monetary(string="Amount to Debit", readonly=True)
    held_count = fields.Integer(string="To Be Held", readonly=True)
    held_amount = fields.Monetary(string="Amount Held", readonly=True)
    success_count = fields.Float(
        string="Expected to Succeed",
        digits=(16, 1),
        readonly=True,
        help="By the payer scores: the debits, each counted with its chance to succeed.",
    )
    success_amount = fields.Monetary(string="Amount Expected", readonly=True)
    expected_cost = fields.Monetary(readonly=True)
    line_ids = fields.One2many("payment.run.preview.line", "preview_id", readonly=True)

    _one_a_run = models.UniqueIndex("(run_id) WHERE run_id IS NOT NULL")

    @api.depends("company_id", "date")
    def _compute_date_until(self):
        for preview in self.filtered("date"):
            preview.date_until = self.env["payment.run"]._default_until(
                preview.company_id, preview.date
            )

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for preview in self:
            day = preview.date and format_date(self.env, preview.date, date_format="d MMMM y")
            preview.display_name = day and self.env._("Preview of %(day)s", day=day)

    def action_preview(self):
        """Decide about everything that is due, and show it; the former result is replaced."""
        self.check_access("write")
        for preview in self:
            if preview.run_id and preview.run_id.state != "planned":
                raise UserError(
                    self.env._("%(run)s has begun already.", run=preview.run_id.display_name)
                )
            preview.sudo()._preview()
        return True

    # === DECIDING === #

    def _preview(self):
        shares, routes = {}, self.env["payment.route"].sudo()
        usage = routes._usage_of(self.company_id, self.date)
        installments = (
            self.env["payment.installment"]
            .sudo()
            .with_company(self.company_id)
            .with_context(**{PREVIEW_USAGE: usage})
        )
        providers = self.env["payment.provider"].search([("company_id", "=", self.company_id.id)])
        states = routes._provider_states(providers, self.date)
        for numbers in split_every(CHUNK, self._due_numbers(), tuple):
            chunk = installments.browse(numbers)
            chances = self._chances(chunk.partner_id.commercial_partner_id)
            for installment, key in self._decide(chunk):
                client = installment.partner_id.commercial_partner_id
                shares.setdefault(key, Share()).add(
                    installment.id,
                    money.to_cents(installment.amount, installment.currency_id.decimal_places),
                    state=states.get(key[1]) if key[0] == "debit" else None,
                    chance=chances.get(client.id, 1 - scorecard.neutral().probability),
                )
            chunk.invalidate_recordset(flush=False)  # so many are not needed at once
        self._write_result(shares)

    def _due_numbers(self):
        """Return the ids of what a run would look at, in its order; what is held included."""
        run = self.run_id or self.env["payment.run"].new(
            {
                "company_id": self.company_id.id,
                "date": self.date,
                "date_until": self.date_until,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT i.id FROM payment_installment i
                    WHERE %s OR i.company_id = %s AND i.state = 'held'
                      AND (i.announced_date IS NULL OR i.announced_date <= %s)
                      AND NOT (i.collection_mode = 'one_off' AND i.invoice_id IS NOT NULL)
                      AND CASE WHEN EXISTS (
                              SELECT 1 FROM payment_transaction t
                               WHERE t.installment_id = i.id AND t.debit_status != 'cancelled')
                          THEN i.retry_on <= %s ELSE i.due_date <= %s END
                    ORDER BY i.due_date, i.id""",
                run._due_and_undecided(),
                self.company_id.id,
                self.date_until,
                self.date,
                self.date_until,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _decide(self, chunk):
        """Return (installment, (kind, provider id or None, reason or "")) for each of a chunk."""
        by_hand = chunk.filtered(lambda i: i.state == "held" and i.hold_reason == "manual")
        routed = (chunk - by_hand)._routed(self.date)
        reasons = routed._hold_reasons(
            self.date, {i.id: i._requested_date(self.date) for i in routed}, guards=GUARDS
        )
        decided = [(installment, ("held", None, "manual")) for installment in by_hand]
        for installment in routed:
            if reason := reasons[installment.id]:
                key = ("held", None, reason[0])
            elif installment.collection_mode == "automatic":
                key = ("debit", installment._collecting_provider().id, "")
            else:
                key = ("invoice", None, "")
            decided.append((installment, key))
        return decided

    def _chances(self, clients):
        """Return {client id: how likely the next debit succeeds}, of those with a score."""
        rows = (
            self.env["payment.payer.score"]
            .sudo()
            .search_fetch(
                [("company_id", "=", self.company_id.id), ("partner_id", "in", clients.ids)],
                ["partner_id", "probability"],
            )
        )
        return {row.partner_id.id: 1 - row.probability for row in rows}

    def _write_result(self, shares):
        digits = self.currency_id.decimal_places
        lines = [
            {"kind": kind, "provider_id": provider, "hold_reason": reason, **share.values(digits)}
            for (kind, provider, reason), share in shares.items()
        ]

        def total(name, *kinds):
            return sum(line[name] for line in lines if line["kind"] in kinds)

        self.line_ids.unlink()
        self.write(
            {
                "previewed_at": fields.Datetime.now(),
                "due_count": total("count", "debit", "invoice", "held"),
                "due_amount": total("amount", "debit", "invoice", "held"),
                "debit_count": total("count", "debit"),
                "debit_amount": total("amount", "debit"),
                "held_count": total("count", "held"),
                "held_amount": total("amount", "held"),
                "success_count": total("success_count", "debit"),
                "success_amount": total("success_amount", "debit"),
                "expected_cost": total("expected_cost", "debit"),
                "line_ids": [Command.create(line) for line in lines],
            }
        )
