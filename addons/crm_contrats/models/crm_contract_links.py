from odoo import fields, models

FINANCE = "payment_direct_debit.group_payment_user"
UNPAID = ("unpaid", "disputed", "in_recovery")


class CrmContract(models.Model):
    """From a contract to its schedule, invoices, debits and mandate."""

    _inherit = "crm.contract"

    next_due_date = fields.Date(compute="_compute_schedule_figures", string="Next Due")
    installment_count = fields.Integer(compute="_compute_schedule_figures")
    invoice_count = fields.Integer(compute="_compute_schedule_figures")
    unpaid_count = fields.Integer(compute="_compute_schedule_figures", string="Unpaid")
    debit_count = fields.Integer(compute="_compute_debit_count", groups=FINANCE)

    def _compute_schedule_figures(self):
        """Figures of the schedule; the user sees the contract, so he sees them."""
        installment = self.env["payment.installment"].sudo()
        mine = [("contract_id", "in", self.ids)]
        totals = {
            contract: numbers
            for contract, *numbers in installment._read_group(
                mine, ["contract_id"], ["__count", "invoice_id:count_distinct"]
            )
        }
        upcoming = [*mine, ("state", "in", ("planned", "notified", "held"))]
        first = dict(installment._read_group(upcoming, ["contract_id"], ["due_date:min"]))
        late = [*mine, ("state", "in", UNPAID)]
        unpaid = dict(installment._read_group(late, ["contract_id"], ["__count"]))
        for contract in self:
            contract.installment_count, contract.invoice_count = totals.get(contract, (0, 0))
            contract.next_due_date = first.get(contract)
            contract.unpaid_count = unpaid.get(contract, 0)

    def _compute_debit_count(self):
        counts = dict(
            self.env["payment.transaction"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.debit_count = counts.get(contract, 0)

    def _action_view(self, title):
        """Return the action that shows these contracts: the form when there is one."""
        action = {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "crm.contract",
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action.update(view_mode="form", res_id=self.id)
        return action

    def action_view_installments(self):
        """Open the schedule, the next due first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Schedule of %(contract)s", contract=self.name),
            "res_model": "payment.installment",
            "view_mode": "list,form,calendar",
            "domain": [("contract_id", "=", self.id)],
        }

    def action_view_invoices(self):
        """Open the invoices."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", self.sudo().installment_ids.invoice_id.ids)]
        action["context"] = {"create": False}
        return action

    def action_view_debits(self):
        """Open the debits, with their outcome."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_direct_debit.payment_transaction_action_debits"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_view_mandate(self):
        """Open the mandate."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.mandate",
            "res_id": self.mandate_id.id,
            "view_mode": "form",
        }
