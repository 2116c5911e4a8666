from odoo import api, fields, models, tools


class PaymentReasonCode(models.Model):
    """The catalogue of reason codes (ISO 20022 external status and return reasons).

    The list is external and grows: a code that is not here maps to `UNKNOWN`, with the raw code
    kept on the record that carries it.
    """

    _name = "payment.reason.code"
    _description = "Payment Reason Code"
    _order = "name"
    _rec_names_search = ["name", "label"]

    name = fields.Char(string="Code", required=True)
    label = fields.Char(required=True, translate=True)
    category = fields.Selection(
        [
            ("funds", "Lack of funds"),
            ("contact", "Contact the client"),
            ("hard", "New mandate needed"),
            ("dispute", "Disputed by the client"),
            ("technical", "Ours to correct"),
            ("stop", "Stop everything"),
            ("duplicate", "Duplicate"),
            ("unknown", "Unknown"),
        ],
        required=True,
        default="unknown",
    )
    retryable = fields.Boolean(help="Another attempt may succeed without anybody doing anything.")
    kills_mandate = fields.Boolean(help="The mandate can not be used after this reason.")
    debtor_advice = fields.Text(string="What to do", translate=True)

    _name_uniq = models.UniqueIndex("(name)", "This reason code exists already.")

    @api.depends("name", "label")
    def _compute_display_name(self):
        for reason in self:
            reason.display_name = f"{reason.name} · {reason.label}"

    @api.model
    @tools.ormcache()
    def _ids_by_code(self):
        return {reason.name: reason.id for reason in self.sudo().search([])}

    @api.model
    def _from_code(self, code):
        """Return the reason of an ISO code; the UNKNOWN one for a code that is not listed.

        :param str code: e.g. 'AM04'; empty gives an empty recordset.
        """
        if not code:
            return self.browse()
        known = self._ids_by_code()
        return self.browse(known.get(code.upper()) or known.get("UNKNOWN"))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
