import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.payment_direct_debit import debit_states
from odoo.addons.payment_direct_debit.models import payment_refund


class PaymentTransaction(models.Model):
    """What was given back of a debit."""

    _inherit = "payment.transaction"

    debit_refund_ids = fields.One2many("payment.refund", "transaction_id", readonly=True)
    debit_refund_count = fields.Integer(compute="_compute_debit_refund_count")

    @api.depends("debit_refund_ids")
    def _compute_debit_refund_count(self):
        counts = dict(
            self.env["payment.refund"]
            .sudo()
            ._read_group([("transaction_id", "in", self.ids)], ["transaction_id"], ["__count"])
        )
        for debit in self:
            debit.debit_refund_count = counts.get(debit, 0)

    def _debit_refundable(self):
        """Return what is left of the debit after all refunds that may still count."""
        self.ensure_one()
        live = self.sudo().debit_refund_ids.filtered(lambda r: r.state in payment_refund.LIVE)
        return self.amount - sum(live.mapped("amount"))

    def _debit_last_refund_number(self):
        """Return the number of the debit's last refund; 0 for none."""
        self.ensure_one()
        references = self.sudo().debit_refund_ids.filtered("reference").mapped("reference")
        numbers = [re.search(r"-R(\d+)$", reference) for reference in references]
        return max((int(number[1]) for number in numbers if number), default=0)

    def _debit_refund_problem(self, on):
        """Return why nothing of the debit can be refunded on that day, or None.

        :param date on: the engine's date.
        """
        self.ensure_one()
        names = {"debit": self.reference, "provider": self.provider_id.name}
        profile = self.provider_id._debit_profile()
        if not profile or not profile.can_refund:
            return self.env._("%(provider)s does not refund debits.", **names)
        if self.debit_status not in debit_states.MONEY_IN:
            return self.env._(
                "Debit %(debit)s holds no money: only what was collected can be refunded.", **names
            )
        settled = self.debit_settled_date or on
        first = settled + timedelta(days=profile.refund_after_days)
        if on < first:
            return self.env._(
                "%(provider)s refunds debit %(debit)s from %(day)s on.",
                day=format_date(self.env, first),
                **names,
            )
        last = settled + timedelta(days=profile.refund_until_days)
        if profile.refund_until_days and on > last:
            return self.env._(
                "%(provider)s refunded debit %(debit)s until %(day)s only.",
                day=format_date(self.env, last),
                **names,
            )
        return None

    def action_debit_refund(self):
        """Open a new refund of what is left of the debit."""
        self.ensure_one()
        self.env["payment.refund"].check_access("create")
        debit = self.sudo()
        if problem := debit._debit_refund_problem(fields.Date.context_today(self)):
            raise UserError(problem)
        left = debit._debit_refundable()
        if debit.currency_id.compare_amounts(left, 0) <= 0:
            raise UserError(
                self.env._("Debit %(debit)s is refunded in full.", debit=debit.reference)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund"),
            "res_model": "payment.refund",
            "view_mode": "form",
            "context": {"default_transaction_id": self.id, "default_amount": left},
        }

    def action_debit_view_refunds(self):
        """Open the refunds of the debit."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "payment_direct_debit.payment_refund_action"
        )
        return {**action, "domain": [("transaction_id", "=", self.id)]}

    def _debit_after(self, status, on):
        result = super()._debit_after(status, on)
        if status == "returned":
            self._debit_stop_refunds(on)
        return result

    def _debit_stop_refunds(self, on):
        """The bank gave the money back: what we have not refunded yet stays, the rest is known."""
        refunds = self.sudo().debit_refund_ids
        waiting = refunds.filtered(lambda r: r.state in ("draft", "queued"))
        waiting._set_state("cancelled", self.env._("The debit came back by the bank"), on)
        gone = refunds.filtered(lambda r: r.state in payment_refund.AT_PROVIDER)
        for debit, twice in gone.grouped("transaction_id").items():
            debit._debit_alert(
                "paid_twice",
                self.env._(
                    "Debit %(debit)s came back by the bank although %(refunds)s gave"
                    " %(amount)s back: the client was paid twice.",
                    debit=debit.reference,
                    refunds=", ".join(twice.mapped("reference")),
                    amount=debit.currency_id.format(sum(twice.mapped("amount"))),
                ),
            )
