from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from odoo.addons.payment_collection.models.installment.payment_installment_guards import PARIS

# One after the other on one screen; a change of more is a change of their contracts.
LIMIT = 200


class PaymentInstallmentMove(models.TransientModel):
    """Moving debits to another day: the consequences first, then the move."""

    _name = "payment.installment.move"
    _description = "Move a Debit"

    installment_ids = fields.Many2many(
        "payment.installment",
        string="Installments",
        required=True,
        default=lambda self: self._default_installments(),
    )
    installment_count = fields.Integer(compute="_compute_effects")
    subject = fields.Char(compute="_compute_effects")
    current_day = fields.Char(string="Due Now", compute="_compute_effects")
    new_date = fields.Date(string="New Day", required=True)
    reason = fields.Char(help="Kept in the history of the installment.")
    refusal = fields.Text(compute="_compute_effects")
    presented_on = fields.Char(string="Debited On", compute="_compute_effects")
    is_shifted = fields.Boolean(compute="_compute_effects")
    run_on = fields.Char(string="Leaves With", compute="_compute_effects")
    send_before = fields.Char(string="Last Moment to Send", compute="_compute_effects")
    notice = fields.Text(string="Notice to the Client", compute="_compute_effects")
    invoice = fields.Text(compute="_compute_effects")
    warnings = fields.Text(string="Please Note", compute="_compute_effects")

    @api.model
    def _default_installments(self):
        if self.env.context.get("active_model") == "payment.installment":
            return self.env.context.get("active_ids")
        return False

    @api.depends("installment_ids", "new_date")
    def _compute_effects(self):
        """Say what the move would do; nothing is changed."""
        for wizard in self:
            rows = wizard.installment_ids._origin
            wizard.update(wizard._subject_values(rows) | dict.fromkeys(EFFECTS, False))
            if len(rows) > LIMIT:
                wizard.refusal = wizard._too_many()
            elif rows and wizard.new_date:
                wizard.update(wizard._effect_values(rows))

    def _subject_values(self, rows):
        days = sorted(set(rows.mapped("due_date")))
        ends = dict.fromkeys((days[0], days[-1])) if days else ()
        totals = " + ".join(
            currency.format(sum(share.mapped("amount")))
            for currency, share in rows.grouped("currency_id").items()
        )
        names = {"count": len(rows), "amount": totals}
        return {
            "installment_count": len(rows),
            "subject": f"{rows.display_name} · {rows.partner_id.display_name} · {totals}"
            if len(rows) == 1
            else self.env._("%(count)s installments, %(amount)s", **names),
            "current_day": " – ".join(format_date(self.env, day) for day in ends),
        }

    def _effect_values(self, rows):
        effects = rows._move_effects(self.new_date)
        refused = rows.filtered(lambda row: effects[row.id].refusal)
        values = {
            "refusal": self._by_text((row, effects[row.id].refusal) for row in refused),
        }
        if refused:
            return values
        allowed = {row: effects[row.id] for row in rows}
        timings = [effect.timing for effect in allowed.values()]
        first = min(timings, key=lambda timing: timing.last_submission)
        cutoff = min(effect.cutoff for effect in allowed.values())
        moment = datetime.combine(first.last_submission, cutoff, PARIS).astimezone(UTC)
        moment = moment.replace(tzinfo=None)
        return values | {
            "presented_on": format_date(self.env, first.presented, date_format="EEEE d MMMM y"),
            "is_shifted": first.presented != self.new_date,
            "run_on": self.env._(
                "The run of %(day)s",
                day=format_date(self.env, first.run_day, date_format="EEEE d MMMM y"),
            ),
            "send_before": format_datetime(self.env, moment, dt_format="short"),
            "notice": self._by_text((row, effect.notice) for row, effect in allowed.items()),
            "invoice": self._by_text((row, effect.invoice) for row, effect in allowed.items()),
            "warnings": self._by_text(
                (row, text) for row, effect in allowed.items() for text in effect.warnings
            ),
        }

    def _by_text(self, pairs):
        """Return texts, one a line, each with whom it is about where they differ.

        :param pairs: of (installment, text).
        """
        rows = {}
        for row, text in pairs:
            rows.setdefault(text, []).append(row.name)
        everybody = len(self.installment_ids)
        return "\n".join(
            text
            if len(names) == everybody
            else self.env._("%(installments)s: %(text)s", installments=", ".join(names), text=text)
            for text, names in rows.items()
        )

    def _too_many(self):
        return self.env._(
            "At most %(limit)s installments are moved at once. To move more, change the billing day"
            " of their contracts.",
            limit=LIMIT,
        )

    def action_confirm(self):
        """Move them, as they are now: the world may have moved on since the preview.

        :return: the action that closes the dialog, with the day of the debit for the calendar.
        """
        self.ensure_one()
        if len(self.installment_ids) > LIMIT:
            raise UserError(self._too_many())
        self.installment_ids._move_to(self.new_date, (self.reason or "").strip())
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"debited_on": fields.Date.to_string(self.installment_ids[0].debit_day)},
        }


EFFECTS = (
    "refusal",
    "presented_on",
    "is_shifted",
    "run_on",
    "send_before",
    "notice",
    "invoice",
    "warnings",
)
