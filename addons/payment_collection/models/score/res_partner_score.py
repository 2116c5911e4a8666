import operator

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.payment_collection.models.score.payment_payer_score import GRADES
from odoo.addons.payment_collection.pure import payday
from odoo.addons.payment_collection.pure import score as scorecard

COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, values: value in values,
}


class ResPartner(models.Model):
    """The client's score with the current company, and his best day."""

    _inherit = "res.partner"

    payer_score = fields.Integer(
        compute="_compute_payer_score",
        search="_search_payer_score",
        groups="payment_direct_debit.group_payment_user",
        help="0 to 100; 100 is the safest. A client without history has that of an average new"
        " client.",
    )
    payer_grade = fields.Selection(
        GRADES,
        compute="_compute_payer_score",
        groups="payment_direct_debit.group_payment_user",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_payer_score(self):
        found = {
            record.partner_id.id: record
            for record in self.env["payment.payer.score"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("partner_id", "in", self.commercial_partner_id.ids),
                ]
            )
        }
        average = scorecard.neutral()
        for partner in self:
            record = found.get(partner.commercial_partner_id.id)
            partner.payer_score = record.score if record else average.points
            partner.payer_grade = record.grade if record else average.grade

    def _search_payer_score(self, operator, value):
        """Find clients by score; those without one count with that of an average new client."""
        # A search method is asked before the field's groups are: a score could be guessed.
        self._check_field_access(self._fields["payer_score"], "read")
        if operator not in COMPARISONS:
            return NotImplemented
        here = Domain("company_id", "=", self.env.company.id)
        asked = Domain("score", operator, value)
        scores = self.env["payment.payer.score"].sudo()
        if COMPARISONS[operator](scorecard.neutral().points, value):
            others = scores._search(here & ~asked).subselect("partner_id")
            return Domain("commercial_partner_id", "not in", others)
        found = scores._search(here & asked).subselect("partner_id")
        return Domain("commercial_partner_id", "in", found)

    def action_view_payer_score(self):
        """Open the score, counted now where the night has not done it yet."""
        self.ensure_one()
        scores = self.env["payment.payer.score"]
        scores.check_access("read")
        mine = [
            ("company_id", "=", self.env.company.id),
            ("partner_id", "=", self.commercial_partner_id.id),
        ]
        record = scores.search(mine) or scores.sudo()._score(
            self.env.company, self.commercial_partner_id.ids, fields.Date.context_today(self)
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.payer.score",
            "res_id": record.id,
            "view_mode": "form",
        }

    def _best_collection_days(self, on):
        """Return the day of the month on which the clients' debits succeed best.

        By their history with the current company (`env.company`).

        :param date on: the engine's date.
        :return: {commercial partner id: day, 1 to 31}, those without a clear answer left out.
        """
        past = (
            self.env["payment.transaction"]
            .sudo()
            ._past_attempts(self.env.company, self.commercial_partner_id.ids, on)
        )
        days = {partner_id: payday.best_day(attempts, on) for partner_id, attempts in past.items()}
        return {partner_id: day for partner_id, day in days.items() if day}

    def _best_collection_day(self, on):
        """Return the best day of the month for one client, None without a clear answer.

        :param date on: the engine's date.
        """
        self.ensure_one()
        return self._best_collection_days(on).get(self.commercial_partner_id.id)
