from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.payment_collection.pure import notices
from odoo.addons.payment_direct_debit.pure import money

# What a debtor is told; the mandate's part of it is watched by the mandate.
TERM_FIELDS = frozenset({"amount", "currency_id", "due_date", "mandate_id"})
# Until it is on its way, what is announced can still change.
OPEN_STATES = ("planned", "notified", "invoiced", "held", "unpaid")
# What a new notice mends.
NOTICE_HOLDS = ("notice_missing", "notice_late", "cutoff_passed")


class PaymentInstallment(models.Model):
    """What the client was told of this installment, and whether that still holds."""

    _inherit = "payment.installment"

    notice_line_id = fields.Many2one(
        "payment.notice.line",
        string="Announced By",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="payment_direct_debit.group_payment_user",
    )
    announced_date = fields.Date(
        string="Announced For",
        copy=False,
        readonly=True,
        help="The day of the debit that the client was told; it leaves for this day, not before.",
    )

    # Every day looks for what nobody announced yet, among years of what was.
    _to_announce_idx = models.Index(
        "(company_id, due_date) WHERE notice_line_id IS NULL AND collection_mode = 'automatic'"
        " AND state IN ('planned', 'notified', 'invoiced', 'held', 'unpaid')"
    )

    def write(self, vals):
        result = super().write(vals)
        if TERM_FIELDS & vals.keys():
            self._withdraw_stale_notices()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_from_draft_notices(self):
        lines = self.env["payment.notice.line"].sudo().search([("installment_id", "in", self.ids)])
        lines.filtered(lambda line: not line.notice_id._is_proof()).unlink()

    # === WHAT MUST BE ANNOUNCED === #

    def _day_to_debit(self):
        """Return the day that the debit is wanted for: due, or chosen for a new attempt."""
        self.ensure_one()
        return max(filter(None, (self.due_date, self.retry_on, self.retry_for)))

    def _needs_notice(self):
        """Tell whether the client must hear of this debit from us."""
        self.ensure_one()
        if self.collection_mode != "automatic":
            return False
        profile = self._collecting_provider()._debit_profile()
        return bool(
            profile and not profile.prenotifies and self.sudo().company_id.prenotification_required
        )

    def _notice_days(self):
        """Return the calendar days between notice and debit: 14, or what the mandate agrees."""
        self.ensure_one()
        mandate = self.sudo().mandate_id
        return mandate.retry_notice_days if self.attempt_count else mandate.notice_days

    def _amount_to_collect(self):
        """Return what is still owed: a client may have paid a part by himself."""
        self.ensure_one()
        return self.sudo().invoice_id.amount_residual or self.amount

    def _notice_terms(self):
        """Return what the client must be told, as `pure.notices.Terms`."""
        self.ensure_one()
        mandate = self.sudo().mandate_id
        return notices.Terms(
            amount_cents=money.to_cents(self._amount_to_collect(), self.currency_id.decimal_places),
            currency=self.currency_id.name,
            due_date=self.due_date,
            account=mandate._notice_account(),
            rum=mandate.name or "",
            creditor=mandate._notice_creditor(),
        )

    def _is_announced(self):
        """Tell whether a notice that left says what would be debited now."""
        self.ensure_one()
        line = self.sudo().notice_line_id
        was_told = line.notice_id.state == "sent"
        return was_told and line.fingerprint == self._notice_terms().fingerprint()

    def _requested_date(self, on):
        """The debit follows its notice: it is never asked for before the day announced."""
        possible = super()._requested_date(on)
        return max(possible, self.announced_date) if self.announced_date else possible

    # === THE GUARD === #

    def _guard_notice(self, moment):
        if not self._needs_notice() or (moment.forecast and self._notice_will_leave()):
            return None
        return self._notice_hold_reason(moment.requested)

    def _notice_hold_reason(self, requested):
        """Return why the notice does not allow a debit, or None.

        :param date requested: the day of the debit.
        :return: (key of NOTICE_HOLDS, detail) or None.
        """
        self.ensure_one()
        if not self._is_announced():
            return ("notice_missing", self._notice_problem())
        line, days = self.sudo().notice_line_id, self._notice_days()
        sent_on = line.notice_id.sent_on
        if not notices.is_in_time(sent_on, requested, days):
            return (
                "notice_late",
                self.env._(
                    "sent on %(sent)s: possible from %(first)s",
                    sent=format_date(self.env, sent_on),
                    first=format_date(self.env, notices.first_debit_date(sent_on, days)),
                ),
            )
        grace = self.sudo().company_id.notice_grace_days
        if requested > fields.Date.add(line.date, days=grace):
            return (
                "cutoff_passed",
                self.env._(
                    "announced for %(announced)s, possible on %(possible)s",
                    announced=format_date(self.env, line.date),
                    possible=format_date(self.env, requested),
                ),
            )
        return None

    def _notice_problem(self):
        """Return why the last notice does not count, for a person."""
        line = self.sudo().notice_line_id
        if not line:
            mandate = self.sudo().mandate_id
            return "" if mandate._notice_email() else self.env._("the client has no e-mail address")
        return self._changed_terms_text(line)

    def _changed_terms_text(self, line):
        names = notices.changed(line._terms(), self._notice_terms())
        words = {
            "amount_cents": self.env._("amount"),
            "currency": self.env._("currency"),
            "due_date": self.env._("due date"),
            "account": self.env._("bank account"),
            "rum": self.env._("mandate"),
            "creditor": self.env._("creditor identifier"),
        }
        return self.env._("changed: %(terms)s", terms=", ".join(words[name] for name in names))

    def _notice_will_leave(self):
        """Tell whether the engine announces this without anybody's help."""
        if self._is_announced():
            return False
        mandate = self.sudo().mandate_id
        return (
            self.sudo().company_id.notice_sending == "automatic"
            and bool(mandate._notice_email())
            and not mandate._has_failed_notice()
        )

    # === WHEN TERMS CHANGE === #

    def _withdraw_stale_notices(self, on=None):
        """Take back from the announced what is not what was announced any more.

        :param date on: the engine's date; today by default.
        """
        announced = self.sudo().filtered(lambda i: i.notice_line_id and i.state in OPEN_STATES)
        stale = announced.filtered(
            lambda i: i.notice_line_id.fingerprint != i._notice_terms().fingerprint()
        )
        texts = {i.id: i._changed_terms_text(i.notice_line_id) for i in stale}
        for text, share in stale.grouped(lambda i: texts[i.id]).items():
            share._drop_notice(self.env._("To be announced again, %(why)s", why=text), on)

    def _drop_notice(self, reason, on=None):
        """Treat installments as not announced; those that waited announced are planned again.

        :param str reason: why, for the history.
        :param date on: the engine's date; today by default.
        """
        empty = {"notice_line_id": False, "announced_date": False}
        notified = self.filtered(lambda i: i.state == "notified")
        notified._set_state("planned", reason, on, empty)
        others = self - notified
        others._state_note(reason, on)
        others._state_write(empty)

    # === WHAT A NOTICE SAYS === #

    def _notice_line_values(self, today):
        """Return the values of the line that announces this installment.

        :param date today: the day that the notice leaves.
        """
        self.ensure_one()
        is_retry = bool(self.attempt_count)
        due = self._day_to_debit()
        days = self._notice_days()
        return {
            "installment_id": self.id,
            "currency_id": self.currency_id.id,
            "label": self.label or self.name,
            "amount": self._amount_to_collect(),
            "due_date": self.due_date,
            "date": notices.date_to_announce(due, self._possible_date(today), today, days),
            "notice_days": days,
            "is_retry": is_retry,
            "fingerprint": self._notice_terms().fingerprint(),
        }

    def _mark_announced(self, on):
        """Move what waited to be announced; what is invoiced already stays where it is.

        :param date on: the engine's date.
        """
        text = self.env._("Announced to the client")
        planned = self.filtered(lambda i: i.state == "planned")
        planned._set_state("notified", text, on)
        (self - planned)._state_note(text, on)

    def _undo_notice(self, reason, on):
        """Treat as not announced what a notice that came back had announced.

        :param str reason: why.
        :param date on: the engine's date.
        """
        self.filtered(lambda i: i.state in OPEN_STATES)._drop_notice(reason, on)
