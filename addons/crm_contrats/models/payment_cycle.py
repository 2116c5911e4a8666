from odoo import models

from odoo.addons.payment_collection.models.cycle.payment_cycle import CycleStep

TONES = {"active": "success", "sent": "info", "suspended": "warning"}


class PaymentCycle(models.AbstractModel):
    """The cycle begins with what was signed."""

    _inherit = "payment.cycle"

    def _cycle_step_providers(self):
        return [
            CycleStep(10, "contracts", self.env._("Contract"), self._cycle_contracts, for_all=True),
            *super()._cycle_step_providers(),
        ]

    def _cycle_contracts(self, chain):
        contracts = chain.with_root(chain.installments.contract_id)
        if chain.root._name == "payment.mandate":  # nothing may be planned yet
            contracts |= contracts.search([("mandate_id", "in", chain.root.ids)])
        return contracts._filtered_access("read")

    def _cycle_mandates(self, chain):
        return super()._cycle_mandates(chain) | chain.held["contracts"].mandate_id

    def _cycle_tone(self, model, state):
        if model == "crm.contract":
            return TONES.get(state, "muted")
        return super()._cycle_tone(model, state)
