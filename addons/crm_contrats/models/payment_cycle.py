from odoo import models


class PaymentCycle(models.AbstractModel):
    """The cycle begins with what was signed."""

    _inherit = "payment.cycle"

    def _cycle_steps(self, chain):
        contracts = chain.installments.contract_id
        if chain.root._name == "crm.contract":
            contracts |= chain.root
        contracts = contracts._filtered_access("read")
        step = self._cycle_step("contracts", self.env._("Contract"), contracts)
        return [step, *super()._cycle_steps(chain)]

    def _cycle_tone(self, model, state):
        if model == "crm.contract":
            tones = {"active": "success", "sent": "info", "suspended": "warning"}
            return tones.get(state, "muted")
        return super()._cycle_tone(model, state)
