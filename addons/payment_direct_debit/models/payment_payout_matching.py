from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.payment_direct_debit.batch import in_savepoints

# The bank's date against the provider's arrival date.
EARLY, LATE = timedelta(days=3), timedelta(days=10)
# What a person has closed although it goes on is told again after so long.
TOLD_AGAIN_AFTER = timedelta(days=7)


class PaymentPayout(models.Model):
    """Payouts on the bank statement."""

    _inherit = "payment.payout"

    @api.private
    def _match_statement(self, on=None):
        """Match booked payouts with their lines on the bank statement, by amount and reference.

        Two lines that fit equally well are left to a person.

        :param date on: the engine's date; today by default.
        :return: the payouts that were matched.
        """
        booked = self.filtered(lambda payout: payout.state == "booked")
        for payout in booked:
            if line := payout._statement_line():
                in_savepoints(
                    payout,
                    lambda record, line=line: record._match(line, on),
                    lambda record, error: record._alert("payout_mismatch", str(error)),
                )
        return booked.filtered(lambda payout: payout.state == "matched")

    def _statement_line(self):
        """Return the one open line that must be this payout, or nothing."""
        day = self.arrival_date or self.move_id.date
        lines = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("is_reconciled", "=", False),
                ("amount", "=", self.amount),
                ("date", ">=", day - EARLY),
                ("date", "<=", day + LATE),
            ]
        )
        lines = lines.filtered(lambda item: item.currency_id == self.currency_id)
        if self.bank_reference:
            named = lines.filtered(lambda item: self.bank_reference in (item.payment_ref or ""))
            if named:
                return named if len(named) == 1 else named.browse()
        alone = len(lines) == 1 and not self._has_a_twin()
        return lines if alone else lines.browse()

    def _has_a_twin(self):
        """Tell whether another payout fits a line without a reference equally well."""
        return bool(
            self.search_count(
                [
                    ("id", "!=", self.id),
                    ("state", "=", "booked"),
                    ("company_id", "=", self.company_id.id),
                    ("currency_id", "=", self.currency_id.id),
                    ("amount", "=", self.amount),
                ],
                limit=1,
            )
        )

    @api.model
    @api.private
    def _alert_not_arrived(self, on):
        """Tell a person about payouts that should be on the bank statement by now.

        :param date on: the engine's date.
        """
        late = self.search([("state", "=", "booked"), ("arrival_date", "<", on - LATE)])
        self.env["payment.alert"]._raise_missing(
            "payout_missing",
            {
                payout: self.env._(
                    "Payout %(payout)s of %(amount)s from %(provider)s should have arrived on"
                    " %(day)s and is on no bank statement: import the statement, match it by hand,"
                    " or ask %(provider)s.",
                    payout=payout.bank_reference or payout.ref,
                    amount=payout.currency_id.format(payout.amount),
                    provider=payout.provider_id.name,
                    day=format_date(self.env, payout.arrival_date),
                )
                for payout in late
            },
            "high",
            closed_since=fields.Datetime.to_datetime(on) - TOLD_AGAIN_AFTER,
        )
        told = self.env["payment.alert"]._open_about("payout_missing", self._name)
        arrived = self.browse(told.mapped("res_id")).exists() - late
        self.env["payment.alert"]._close_alerts("payout_missing", arrived)

    def _match(self, line, on):
        transit = self.move_id.line_ids.filtered(
            lambda item: item.account_id == self._transit_account()
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.with_context(
            skip_account_move_synchronization=True
        ).account_id = transit.account_id
        (suspense + transit).reconcile()
        self._set_state("matched", line.payment_ref, on)
