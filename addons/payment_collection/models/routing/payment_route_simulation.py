from collections import Counter

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.payment_collection.models.routing.payment_route_facts import MONEY_NOT_IN
from odoo.addons.payment_collection.pure import routing, routing_data
from odoo.addons.payment_collection.pure.tally import Tally

# A debit that was cancelled was not one in the end.
REAL = ("submitted", "unknown", "collected", "paid_out", "failed", "returned")
# Told one by one, with the whole way of the choice; the lines count all of them.
EXAMPLES = 20
# Reasons whose figure is the rule's own; that of the others is each debit's.
OF_THE_RULE = ("amount_below", "amount_above", "share", "cap_count", "cap_amount")


class PaymentRouteSimulation(models.Model):
    """The rules over real debits of the past: who would have taken them, at what cost."""

    _name = "payment.route.simulation"
    _description = "Routing Simulation"
    _order = "id desc"
    _rec_name = "date_from"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._last_month()[0],
        help="Debits asked for from this day on.",
    )
    date_to = fields.Date(string="Up To", required=True, default=lambda self: self._last_month()[1])
    with_drafts = fields.Boolean(string="Include Drafts", default=True)
    simulated_at = fields.Datetime(readonly=True)
    debit_count = fields.Integer(string="Debits", readonly=True)
    moved_count = fields.Integer(
        string="Elsewhere",
        readonly=True,
        help="Debits that another provider would have taken than the one that did.",
    )
    expected_cost = fields.Monetary(readonly=True)
    actual_cost = fields.Monetary(string="Real Cost", readonly=True)
    line_ids = fields.One2many("payment.route.simulation.line", "simulation_id", readonly=True)
    rule_summary = fields.Json(readonly=True)
    examples = fields.Json(readonly=True)
    examples_text = fields.Html(string="Why", compute="_compute_examples_text", sanitize=False)
    rule_text = fields.Html(string="Rules", compute="_compute_rule_text", sanitize=False)

    _dates_in_order = models.Constraint(
        "CHECK(date_from <= date_to)", "The first day comes before the last one."
    )

    @api.model
    def _last_month(self):
        first = fields.Date.context_today(self).replace(day=1)
        return first - relativedelta(months=1), first - relativedelta(days=1)

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for simulation in self:
            simulation.display_name = self.env._(
                "Debits from %(first)s to %(last)s",
                first=format_date(self.env, simulation.date_from),
                last=format_date(self.env, simulation.date_to),
            )

    @api.depends("rule_summary")
    @api.depends_context("lang")
    def _compute_rule_text(self):
        texts = self.env["payment.route"]._explanation_texts()
        for simulation in self:
            rows = Markup()
            for rule, whys in simulation.rule_summary or ():
                whys = ", ".join(
                    f"{count} × {texts[code] % {'detail': detail}}" for code, detail, count in whys
                )
                rows += Markup("<tr><td><b>%s</b></td><td>%s</td></tr>") % (rule, whys)
            simulation.rule_text = rows and Markup("<table class='table'>%s</table>") % rows

    @api.depends("examples")
    @api.depends_context("lang")
    def _compute_examples_text(self):
        """Say of single debits who would take them, and what was decided step by step."""
        routes = self.env["payment.route"]
        for simulation in self:
            rows = Markup()
            for told in simulation.examples or ():
                steps = Markup("<br/>").join(routes._explanation_lines(told["steps"]))
                cells = (told["client"], told["amount"], told["taken_by"], told["goes_to"] or "–")
                rows += Markup("<tr>%s<td>%s</td></tr>") % (
                    Markup().join(Markup("<td>%s</td>") % cell for cell in cells),
                    steps,
                )
            heads = (
                self.env._("Client"),
                self.env._("Amount"),
                self.env._("Taken by"),
                self.env._("Would go to"),
                self.env._("Why"),
            )
            head = Markup().join(Markup("<th scope='col'>%s</th>") % name for name in heads)
            simulation.examples_text = rows and Markup(
                "<div class='table-responsive'><table class='table table-sm'>"
                "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
            ) % (head, rows)

    def action_view_debits(self):
        """Open the debits that the simulation was made with."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Debits"),
            "res_model": "payment.transaction",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("payment_collection.payment_page_view_list").id, "list"),
                (
                    self.env.ref("payment_direct_debit.payment_transaction_view_form_debit").id,
                    "form",
                ),
            ],
            "domain": self._debits_domain(),
        }

    def action_simulate(self):
        """Run the rules over the debits of the period and show the result."""
        self.ensure_one()
        self.check_access("write")
        self.sudo()._simulate()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulation"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_activate(self):
        """Put the drafts in force that this simulation was made with."""
        self.ensure_one()
        drafts = self.env["payment.route"].search(
            [("company_id", "=", self.company_id.id), ("state", "=", "draft")]
        )
        if not drafts:
            raise UserError(self.env._("There is no draft to activate."))
        drafts.action_activate()

    def _debits(self):
        """Return the company's real debits of the period."""
        return (
            self.env["payment.transaction"]
            .sudo()
            .search(self._debits_domain(), order="debit_requested_date, id")
        )

    def _debits_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("debit_status", "in", REAL),
            ("mandate_id", "!=", False),
            ("debit_requested_date", ">=", self.date_from),
            ("debit_requested_date", "<=", self.date_to),
        ]

    def _simulate(self):
        debits = self._debits()
        routes, rules = self.env["payment.route"]._rules_of(self.company_id, self.with_drafts)
        candidates = routes._candidates(debits, routes, self.date_from)
        providers = debits.provider_id.browse(
            {
                *debits.provider_id.ids,
                *routes.provider_id.ids,
                *(n for c in candidates for n in c.registered),
            }
        )
        following = fields.Date.add(self.date_to, days=1)
        states = self.env["payment.route"]._provider_states(providers, following, ideal=True)
        decisions, usages = [], {}
        for debit, candidate in zip(debits, candidates, strict=True):
            # Caps are those of a day.
            usage = usages.setdefault(debit.debit_requested_date, routing_data.Usage())
            decisions += routing.decide_all([candidate], rules, states, usage)
        self._write_result(debits, candidates, decisions, states)

    def _write_result(self, debits, candidates, decisions, states):
        lines = {number: Tally() for number in states}
        steps, moved = {}, 0
        for debit, candidate, decision in zip(debits, candidates, decisions, strict=True):
            lines.setdefault(decision.provider, Tally()).expect(
                candidate.amount_cents, states.get(decision.provider)
            )
            lines.setdefault(debit.provider_id.id, Tally()).was(
                candidate.amount_cents,
                debit.debit_status in MONEY_NOT_IN,
                states.get(debit.provider_id.id),
            )
            moved += decision.provider != debit.provider_id.id
            for step in decision.steps:
                if step.rule:
                    why = (step.code, step.detail if step.code in OF_THE_RULE else "…")
                    steps.setdefault((step.rule, step.rule_name), Counter())[why] += 1
        digits = self.currency_id.decimal_places
        values = [
            {"provider_id": number, **tally.values(digits)}
            for number, tally in lines.items()
            if not tally.is_empty()
        ]
        self.line_ids.unlink()
        self.write(
            {
                "simulated_at": fields.Datetime.now(),
                "debit_count": len(debits),
                "moved_count": moved,
                "expected_cost": sum(line["expected_cost"] for line in values),
                "actual_cost": sum(line["actual_cost"] for line in values),
                "line_ids": [Command.create(line) for line in values],
                "examples": self._examples(debits, decisions),
                "rule_summary": [
                    [name, [[*why, count] for why, count in whys.most_common()]]
                    for (_rule, name), whys in steps.items()
                ],
            }
        )

    def _examples(self, debits, decisions):
        """Return the first debits as plain data: those that would go elsewhere, then others."""
        routes = self.env["payment.route"]
        pairs = list(zip(debits, decisions, strict=True))
        moved = [pair for pair in pairs if pair[1].provider != pair[0].provider_id.id]
        shown = moved[:EXAMPLES] or pairs[:EXAMPLES]
        names = {
            p.id: p.name
            for p in debits.provider_id.browse({d.provider for _d, d in shown if d.provider})
        }
        return [
            {
                "client": debit.partner_id.display_name,
                "amount": debit.currency_id.format(debit.amount),
                "taken_by": debit.provider_id.name,
                "goes_to": names.get(decision.provider, ""),
                "steps": routes._explanation(decision),
            }
            for debit, decision in shown
        ]
