from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.payment_collection.pure import score as scorecard

CHUNK = 1000
# A slide of one grade a week is seen as well as a fall in one night.
ALERT_DAYS = 30
ALERT_STEPS = 2


class PaymentPayerScore(models.Model):
    """All scores, every night: read in bulk, and only what changed is written."""

    _inherit = "payment.payer.score"

    @api.model
    def _cron_scores(self, today=None):
        """Score every client of every company anew; daily.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        cron = self.env["ir.cron"]
        in_cron = bool(self.env.context.get("ir_cron_progress_id"))
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        payers = {company: self._payers(company, today) for company in companies}
        left = sum(map(len, payers.values()))
        for company, ids in payers.items():
            scores = self.with_company(company)
            scores._forget(company, ids, today)
            for chunk in split_every(CHUNK, ids, list):
                scores._score(company, chunk, today)
                left -= len(chunk)
                if in_cron:
                    # A score stands alone: what is done is kept when the night is cut short.
                    cron._commit_progress(len(chunk), remaining=left)

    @api.model
    def _score(self, company, partner_ids, on):
        """Score clients of a company anew; a constant number of queries for up to a hundred.

        :param company: whose history counts.
        :param list partner_ids: commercial partners.
        :param date on: the engine's date.
        :return: the scores, in no order.
        """
        results = {
            partner_id: (past, scorecard.score(past))
            for partner_id, past in self._histories(company, partner_ids, on).items()
        }
        scores = self.sudo()
        known = scores.search([("company_id", "=", company.id), ("partner_id", "in", partner_ids)])
        for record in known:
            record._take_result(*results.pop(record.partner_id.id), on)
        former = known._apply_effective(on)
        known._alert_worse(former, on)
        return known | scores._state_writer().create(
            [
                {
                    "partner_id": partner_id,
                    "company_id": company.id,
                    "score": result.points,
                    "probability": result.probability,
                    "grade": result.grade,
                    **self._result_values(past, result),
                    "computed_on": on,
                }
                for partner_id, (past, result) in results.items()
            ]
        )

    def _take_result(self, past, result, on):
        """Write what changed; an override that is over ends here."""
        values = self._result_values(past, result)
        changed = {name: value for name, value in values.items() if self[name] != value}
        if "computed_score" in changed or "reasons" in changed:
            changed["computed_on"] = on
        if self.override_until and self.override_until < on:
            changed.update(override_score=0, override_reason=False, override_until=False)
            changed["override_by_id"] = False
        if changed:
            self._state_write(changed)

    @api.model
    def _result_values(self, past, result):
        return {
            "computed_score": result.points,
            "debit_count": past.decided,
            # Rounded, so that a day more does not make every score a new one every night.
            "reasons": [
                [r.name, r.value if r.value is None else self._rounded(r), r.points]
                for r in result.reasons
            ],
        }

    @api.model
    def _rounded(self, reason):
        if reason.name == "amount_ratio":
            return round(reason.value, 1)
        return int(reason.value)

    @api.model
    def _forget(self, company, partner_ids, on):
        """Delete the scores of those with whom there is nothing any more: no mandate, no debt."""
        self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "not in", partner_ids),
                "|",
                ("override_until", "=", False),
                ("override_until", "<", on),
            ]
        ).unlink()

    # === ALERTS === #

    def _alert_worse(self, former, on):
        """Tell a person of clients that got much worse; what got better is not open any more.

        :param dict former: {record: former grade} of those whose grade changed.
        :param date on: the engine's date.
        """
        fallen = self.browse(
            [r.id for r, grade in former.items() if scorecard.steps_down(grade, r.grade) > 0]
        )
        risen = self.browse([r.id for r in former]) - fallen
        if risen:
            self.env["payment.alert"]._close_alerts("payer_worse", risen)
        if not fallen:
            return
        before = fallen._best_grades(on)
        messages = {}
        for record in fallen:
            best = min(before.get(record.id, former[record]), former[record])
            down = scorecard.steps_down(best, record.grade)
            if down >= ALERT_STEPS or record.grade == scorecard.WORST_GRADE:
                messages[record] = self.env._(
                    "%(client)s went from grade %(before)s to %(after)s: look at the reasons before"
                    " the next debit.",
                    client=record.partner_id.display_name,
                    before=best,
                    after=record.grade,
                )
        self.env["payment.alert"]._raise_missing("payer_worse", messages)

    def _best_grades(self, on):
        """Return {score id: best grade it had, within the days that alerts look back}."""
        return {
            score_id: best
            for score_id, best in self.env["payment.history"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("date", ">=", fields.Date.subtract(on, days=ALERT_DAYS)),
                    ("from_state", "in", [grade for grade, _ in scorecard.GRADES]),
                ],
                ["res_id"],
                ["from_state:min"],
            )
        }
