from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from odoo.addons.payment_collection.pure import score as scorecard

_lt = LazyTranslate(__name__)

GRADES = [(grade, grade) for grade in "ABCDE"]
OVERRIDE_FIELDS = ("override_score", "override_reason", "override_until")

# One sentence for each characteristic of the card, and one where nothing is known about it.
SENTENCES = {
    "funds_recent": _lt("Lack of funds in the last six months: %(value)s"),
    "funds_older": _lt("Lack of funds, from two years to six months ago: %(value)s"),
    "refused": _lt("Refused or disputed by the client in the last two years: %(value)s"),
    "account": _lt("Account or mandate could not be debited, with the mandate in use: %(value)s"),
    "streak": _lt("Debits collected in a row since the last failure: %(value)s"),
    "days_late": _lt("Days from due to paid, on average of a year: %(value)s"),
    "unpaid": _lt("Debited in vain and still owed: %(value)s"),
    "amount_ratio": _lt("Next amount, compared with the usual one: × %(value)s"),
    "client_months": _lt("Months as a client: %(value)s"),
    "mandate_months": _lt("Months since the mandate was signed: %(value)s"),
}
NOTHING_KNOWN = {
    "streak": _lt("No debit has succeeded or failed yet"),
    "days_late": _lt("Nothing was paid in the last year"),
    "amount_ratio": _lt("No usual amount to compare the next one with"),
    "client_months": _lt("Not known since when this is a client"),
    "mandate_months": _lt("No active mandate"),
}


class PaymentPayerScore(models.Model):
    """How safe the next debit of a client is, and why; by his own history with this company.

    The grade is guarded as a state: it changes by the nightly count or by a person's override only,
    and each change is in the history.
    """

    _name = "payment.payer.score"
    _description = "Payer Score"
    _inherit = ["payment.state.mixin"]
    _order = "score, id"

    _state_field = "grade"
    _state_initial = ()
    _state_transitions = frozenset(
        (before, after) for before, _ in GRADES for after, _ in GRADES if before != after
    )
    _state_guarded = frozenset(
        {
            "partner_id",
            "company_id",
            "score",
            "probability",
            "computed_score",
            "computed_on",
            "debit_count",
            "reasons",
            "override_by_id",
        }
    )

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    score = fields.Integer(readonly=True, aggregator="avg", help="0 to 100; 100 is the safest.")
    grade = fields.Selection(GRADES, required=True, readonly=True, index=True)
    probability = fields.Float(
        string="Expected Failures",
        readonly=True,
        aggregator="avg",
        help="How likely the next debit is to fail or to come back, for a reason of the client's.",
    )
    computed_score = fields.Integer(
        readonly=True, aggregator="avg", help="By the history alone, whatever a person has set."
    )
    computed_on = fields.Date(string="Changed On", readonly=True)
    debit_count = fields.Integer(
        string="Debits Counted", readonly=True, help="With an outcome, in the last two years."
    )
    reasons = fields.Json(string="Points", readonly=True)
    reason_text = fields.Text(string="Reasons", compute="_compute_reason_text")
    override_score = fields.Integer(aggregator=None)
    override_reason = fields.Char()
    override_until = fields.Date(help="Until this day included, the score set by a person holds.")
    override_by_id = fields.Many2one("res.users", string="Set By", readonly=True)

    _payer_uniq = models.UniqueIndex("(partner_id, company_id)")
    _company_score_idx = models.Index("(company_id, score)")

    @api.depends("partner_id", "grade")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.partner_id.display_name} · {record.grade}"

    @api.depends("reasons", "debit_count", "override_until", "override_reason")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for record in self:
            record.reason_text = "\n".join(record._reason_lines())

    def _reason_lines(self):
        """Return the reasons as sentences in the user's language, heaviest first."""
        self.ensure_one()
        lines = []
        if self.override_until:
            lines.append(self.env._("Set by a person: %(reason)s", reason=self.override_reason))
        if not self.debit_count:
            lines.append(self.env._("No debit counted yet: the score of an average new client."))
        for name, value, points in self.reasons or []:
            if value is not None:
                sentence = self.env._(SENTENCES[name])
                sentence %= {"value": f"{value:g}"}
            elif self.debit_count:
                sentence = self.env._(NOTHING_KNOWN[name])
            else:
                continue
            lines.append(f"{points:+d}  {sentence}")
        return lines

    # === OVERRIDE === #

    @api.constrains(*OVERRIDE_FIELDS)
    def _check_override(self):
        for record in self:
            if not 0 <= record.override_score <= 100:
                raise ValidationError(self.env._("A score is a number from 0 to 100."))
            if record.override_until and not (record.override_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(client)s: say why the score is set by hand.",
                        client=record.partner_id.display_name,
                    )
                )

    def write(self, vals):
        if not set(OVERRIDE_FIELDS) & vals.keys() or self._state_is_writer():
            return super().write(vals)
        result = super().write(vals)
        self._state_write({"override_by_id": self.env.uid})
        today = fields.Date.context_today(self)
        for record in self:
            record._state_note(record._override_note(), today)
        self._apply_effective(today)
        return result

    def _override_note(self):
        if not self.override_until:
            return self.env._("Override ended")
        return self.env._(
            "Set to %(score)s until %(until)s: %(reason)s",
            score=self.override_score,
            until=fields.Date.to_string(self.override_until),
            reason=self.override_reason,
        )

    def action_end_override(self):
        """Let the history decide again."""
        self.write(dict.fromkeys(OVERRIDE_FIELDS, False))

    def _effective_points(self, on):
        """Return the score that holds on a day: a person's, or the history's."""
        self.ensure_one()
        overridden = self.override_until and self.override_until >= on
        return self.override_score if overridden else self.computed_score

    def _apply_effective(self, on):
        """Bring score, probability and grade in line with what holds on a day.

        :param date on: the engine's date.
        :return: {record: former grade} of those whose grade changed.
        """
        moves, former = {}, {}
        for record in self:
            points = record._effective_points(on)
            probability = scorecard.probability_of(points)
            if record.score != points:
                record._state_write({"score": points, "probability": probability})
            grade = scorecard.grade_of(probability)
            if record.grade != grade:
                former[record] = record.grade
                moves[grade] = moves.get(grade, self.browse()) | record
        for grade, records in moves.items():
            records._set_state(grade, on=on)
        return former
