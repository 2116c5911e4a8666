from collections.abc import Callable
from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

FINANCE = "payment_direct_debit.group_payment_user"
# Named one by one in a step; the rest is a link to the list.
SHOWN = 4
# A client or a mandate of many years: the latest are the cycle that somebody looks at.
LATEST = 500


@dataclass
class Chain:
    """The records of one cycle, as the user may see them."""

    root: models.BaseModel
    installments: models.BaseModel
    payments: models.BaseModel  # payment.transaction, or the report for who sees no bank data
    is_finance: bool
    held: dict = field(default_factory=dict)  # {key of a step: its records}

    def with_root(self, records):
        """Return records, and where the cycle begins if that is one of their kind."""
        return records | self.root if self.root._name == records._name else records

    def about(self):
        """Return {model: {id: record}} of everything in the steps."""
        known = {}
        for records in self.held.values():
            known.setdefault(records._name, {}).update({record.id: record for record in records})
        return known


@dataclass(frozen=True)
class CycleStep:
    """One step of the cycle, as an addon declares it in `_cycle_step_providers`.

    :param int sequence: its place; those here stand at 20 (mandate) to 90 (bank lines).
    :param str key: what tests and styles know it by.
    :param str name: its title, translated.
    :param Callable records: function of the chain that returns what the step holds, in the order
        in which it is shown; may be empty. Steps of a lower sequence are in `chain.held`.
    :param str amount: name of the records' amount, if they have one.
    :param bool for_all: shown also to those who see no bank data.
    """

    sequence: int
    key: str
    name: str
    records: Callable
    amount: str | None = None
    for_all: bool = False


class PaymentCycle(models.AbstractModel):
    """From what was signed to the bank line, on one screen; read by one call."""

    _name = "payment.cycle"
    _description = "Payment Cycle"

    @api.model
    @api.readonly
    def get_cycle(self, model, res_id):
        """Return the steps and the time line around a record that the user may read.

        :param str model: payment.transaction, payment.installment, payment.mandate,
            payment.return, account.move, res.partner, or another one that has `_cycle_chain`.
        :param int res_id: its id.
        :return: {"steps": [...], "is_cut": more than LATEST, "events": [...], "has_more": bool};
            what the user may not see is not in it.
        :raise AccessError: the record is not the user's, or has no cycle.
        """
        chain = self._cycle_chain_of(model, res_id)
        steps = [
            self._cycle_step(step, chain.held[step.key])
            for step in self._cycle_steps(chain)
            if chain.held[step.key]
        ]
        is_cut = max(len(chain.installments), len(chain.payments)) >= LATEST
        return {"steps": steps, "is_cut": is_cut, **self._cycle_time_line(chain)}

    @api.model
    def _cycle_chain_of(self, model, res_id):
        """Return the chain around a record, its steps filled.

        :raise AccessError: the record is not the user's, or has no cycle.
        """
        root = self.env[model].browse(res_id) if model in self.env else None
        if root is None or not hasattr(root, "_cycle_chain"):
            raise AccessError(self.env._("%(model)s has no payment cycle.", model=model))
        root.check_access("read")
        is_finance = self.env.user.has_group(FINANCE)
        chain = Chain(root, *root._cycle_chain(is_finance), is_finance)
        for step in self._cycle_steps(chain):
            chain.held[step.key] = step.records(chain)
        return chain

    @api.model
    def _cycle_steps(self, chain):
        steps = sorted(self._cycle_step_providers(), key=lambda step: step.sequence)
        return [step for step in steps if chain.is_finance or step.for_all]

    @api.model
    def _cycle_step_providers(self):
        """Hook: return the list of `CycleStep`.

        Whoever knows where installments come from, or what follows from payments, adds his own;
        the states, the alerts and the mails of its records are then in the time line too. With
        `_cycle_chain` on its model, the cycle can be shown on its form.
        """
        return [
            CycleStep(20, "mandates", self.env._("Mandate"), self._cycle_mandates),
            CycleStep(
                30,
                "installments",
                self.env._("Schedule"),
                lambda chain: self._cycle_schedule(chain.installments),
                amount="amount",
                for_all=True,
            ),
            CycleStep(40, "invoices", self.env._("Invoices"), self._cycle_invoices, "amount_total"),
            CycleStep(
                50,
                "payments",
                self.env._("Payments"),
                lambda chain: chain.payments.sorted("id", reverse=True),
                amount="amount",
                for_all=True,
            ),
            CycleStep(
                60,
                "returns",
                self.env._("Returns"),
                lambda chain: chain.payments.return_ids,
                "amount",
            ),
            CycleStep(
                70,
                "refunds",
                self.env._("Refunds"),
                lambda chain: chain.payments.debit_refund_ids,
                "amount",
            ),
            CycleStep(80, "payouts", self.env._("Payouts"), self._cycle_payouts, "amount"),
            CycleStep(90, "bank_lines", self.env._("Bank lines"), self._cycle_bank_lines, "amount"),
        ]

    # === WHAT THE STEPS HOLD === #

    @api.model
    def _cycle_mandates(self, chain):
        return chain.with_root(chain.payments.mandate_id | chain.installments.mandate_id)

    @api.model
    def _cycle_schedule(self, installments):
        """Return the installments, those first that somebody looks for.

        What has begun comes before what is planned, the latest first; then what comes next.
        """
        planned = installments.filtered(lambda i: i.state == "planned").sorted("due_date")
        begun = (installments - planned).sorted("due_date", reverse=True)
        return begun + planned

    @api.model
    def _cycle_invoices(self, chain):
        return chain.installments.invoice_id.sorted("id", reverse=True)

    @api.model
    def _cycle_payouts(self, chain):
        """Return the payouts that the payments, or their returns, are items of."""
        items = self.env["payment.payout.line"].search_fetch(
            [("transaction_id", "in", chain.payments.ids)], ["payout_id"]
        )
        payouts = chain.payments.payout_id | items.payout_id
        return chain.with_root(payouts).sorted("arrival_date", reverse=True)

    @api.model
    def _cycle_bank_lines(self, chain):
        """Return the lines of the bank statement by which payouts and transfers arrived."""
        lines = self.env["account.bank.statement.line"]
        entries = chain.held["payouts"].move_id | chain.held["invoices"]
        if not lines.has_access("read"):
            return lines
        if entries:
            lines = lines.search([("move_id", "in", self._cycle_reconciled(entries))])
        return chain.with_root(lines)

    @api.model
    def _cycle_reconciled(self, entries):
        """Return the ids of the entries that something of these is reconciled with."""
        if not entries:
            return []
        self.env["account.partial.reconcile"].flush_model(["debit_move_id", "credit_move_id"])
        # By SQL, as the entry of a day has thousands of lines: none of them is read here.
        halves = [
            SQL(
                """SELECT theirs.move_id
                     FROM account_move_line ours
                     JOIN account_partial_reconcile p ON p.%s = ours.id
                     JOIN account_move_line theirs ON theirs.id = p.%s
                    WHERE ours.move_id IN %s""",
                SQL.identifier(one),
                SQL.identifier(other),
                tuple(entries.ids),
            )
            for one, other in (
                ("debit_move_id", "credit_move_id"),
                ("credit_move_id", "debit_move_id"),
            )
        ]
        return [row[0] for row in self.env.execute_query(SQL(" UNION ").join(halves))]
