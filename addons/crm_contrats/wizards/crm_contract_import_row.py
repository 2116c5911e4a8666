from odoo import fields, models


class CrmContractImportRow(models.TransientModel):
    """A refused row of a file, as a person reads it."""

    _name = "crm.contract.import.row"
    _description = "Refused Row of an Import"
    _order = "row, id"

    import_id = fields.Many2one(
        "crm.contract.import", required=True, ondelete="cascade", index=True
    )
    row = fields.Integer(string="Line of the File", aggregator=None)
    column = fields.Char()
    reason = fields.Char()
