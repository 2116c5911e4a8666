from odoo import Command, fields, models
from odoo.tools import format_date

from ..schedule import add_months, periods


class PaymentInstallment(models.Model):
    """An installment that a contract owes."""

    _inherit = "payment.installment"

    contract_id = fields.Many2one(
        "crm.contract", index=True, ondelete="restrict", readonly=True, copy=False
    )
    hold_reason = fields.Selection(
        selection_add=[
            ("contract_suspended", "Contract suspended"),
            ("contract_terminated", "Contract terminated"),
        ]
    )

    # One installment a period: what makes planning safe to run twice at the same time.
    _contract_period_uniq = models.UniqueIndex(
        "(contract_id, period_start) WHERE contract_id IS NOT NULL AND state != 'cancelled'",
        "This period of the contract has an installment already.",
    )

    def _origin_hold_reason(self, on):
        """Hold what a suspended contract, or one that ended before the period, still owes.

        :param date on: the engine's date.
        :return: a key of `hold_reason`, or None.
        """
        self.ensure_one()
        contract = self.contract_id
        if contract.state == "suspended":
            return "contract_suspended"
        ended = contract.state in ("terminated", "ended") and contract.date_end
        if contract.state == "cancelled" or (ended and self.period_start > ended):
            return "contract_terminated"
        return super()._origin_hold_reason(on)

    def _routing_kind(self):
        """Return how often the contract is billed: monthly, quarterly or yearly."""
        return self.contract_id.billing_period or super()._routing_kind()

    def _origin_user(self):
        """Return the contract's sales rep."""
        return self.contract_id.user_id or super()._origin_user()

    def _origin_move_warnings(self, day):
        """Tell when a debit passes its neighbours in the schedule, or the end of its contract.

        :param date day: the new due date.
        """
        contract = self.contract_id
        texts = super()._origin_move_warnings(day)
        if not contract:
            return texts
        texts = [*texts, *self._move_neighbour_warnings(day)]
        if contract.date_end and day > contract.date_end:
            texts.append(
                self.env._(
                    "Contract %(contract)s ends on %(end)s: the debit comes after it.",
                    contract=contract.name,
                    end=format_date(self.env, contract.date_end),
                )
            )
        return texts

    def _move_neighbour_warnings(self, day):
        """Return what to know where the order of the schedule changes."""
        others = self.contract_id.installment_ids.filtered(
            lambda row: row.period_start and row.state not in ("cancelled", "written_off")
        )
        after = others.filtered(lambda row: row.period_start > self.period_start)
        before = others.filtered(lambda row: row.period_start < self.period_start)
        following = after.sorted("period_start")[:1]
        former = before.sorted("period_start")[-1:]
        if following and day >= following.due_date:
            return [
                self.env._(
                    "The next installment of the contract is due on %(next)s, before it or on the"
                    " same day.",
                    next=format_date(self.env, following.due_date),
                )
            ]
        if former and day <= former.due_date:
            return [
                self.env._(
                    "The installment before it is due on %(former)s, after it or on the same day.",
                    former=format_date(self.env, former.due_date),
                )
            ]
        return []

    def _origin_suspend(self, reason, on):
        """Suspend the contracts that are active.

        :param str reason: why, for a person.
        :param date on: the engine's date.
        :return: the installments whose contract is suspended now.
        """
        active = self.contract_id.filtered(lambda contract: contract.state == "active")
        active._suspend(on, reason)
        mine = self.filtered(lambda row: row.contract_id.state == "suspended")
        return mine | super(PaymentInstallment, self - mine)._origin_suspend(reason, on)

    def _read_ahead(self):
        result = super()._read_ahead()
        # Filtered lines lose their prefetch: without this, one query a contract for the taxes.
        self.contract_id.line_ids.fetch(["tax_ids"])
        return result

    def _prepare_invoice_values(self, on):
        """Return the invoice of the period: the lines that hold on its first day.

        :param date on: date of the invoice.
        :return: values for `account.move.create`.
        """
        self.ensure_one()
        values = super()._prepare_invoice_values(on)
        contract = self.contract_id
        if not contract:
            return values
        return {
            **values,
            "partner_id": contract.partner_id.id,
            "invoice_user_id": contract.user_id.id,
            "invoice_origin": contract.name,
            "invoice_line_ids": [
                Command.create(line_values) for line_values in self._invoice_line_values()
            ],
        }

    def _invoice_line_values(self):
        """Return the values of the invoice lines, in the client's language."""
        contract = self.contract_id
        lang = contract.partner_id.lang or self.env.lang
        env = self.with_context(lang=lang).env
        first = format_date(env, self.period_start, lang_code=lang)
        last = format_date(env, self.period_end, lang_code=lang)
        period = self._contract_period()
        return [
            {
                "product_id": line.product_id.id,
                "name": env._(
                    "%(line)s\nFrom %(first)s to %(last)s",
                    line=line.name,
                    first=first,
                    last=last,
                ),
                "quantity": line.quantity,
                "price_unit": line._period_price(period),
                "discount": line.discount,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "sequence": line.sequence,
            }
            for line in contract._lines_on(self.period_start)
        ]

    def action_view_contract(self):
        """Open the contract of the installment."""
        return self.contract_id._action_view(self.env._("Contract"))

    def _contract_period(self):
        """Return the period of the schedule that this installment was planned for.

        Computed again from the contract, its own last day kept: an installment that was announced
        before the contract was cut short keeps its amount.
        """
        self.ensure_one()
        contract = self.contract_id
        found = periods(
            contract.date_start,
            self.period_end,
            contract.billing_period,
            contract.billing_day,
            self.period_start,
            # A period is due less than two months after its first day.
            add_months(self.period_start, 2),
        )
        return next((row for row in found if row.start == self.period_start), None)
