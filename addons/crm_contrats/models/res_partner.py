from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    contract_ids = fields.One2many("crm.contract", "partner_id", string="Contracts")
    contract_count = fields.Integer(compute="_compute_contract_count")

    def _compute_contract_count(self):
        """Count the contracts that the user may see, those of the contacts of a company too."""
        rows = self.env["crm.contract"]._read_group(
            [("partner_id", "child_of", self.ids)], ["partner_id"], ["__count"]
        )
        counts = dict.fromkeys(self.ids, 0)
        for partner, count in rows:
            while partner:
                if partner.id in counts:
                    counts[partner.id] += count
                partner = partner.parent_id
        for partner in self:
            partner.contract_count = counts.get(partner.id, 0)

    def action_view_contracts(self):
        """Open the client's contracts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_contrats.crm_contract_action")
        action["domain"] = [("partner_id", "child_of", self.ids)]
        action["context"] = {"default_partner_id": self.id}
        return action
