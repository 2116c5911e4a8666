from odoo import api, fields, models
from odoo.exceptions import UserError


class PaymentMandateRegister(models.TransientModel):
    """Bring a mandate that was signed on paper to its provider.

    The account number passes through: it is wiped, and that is committed, before the provider is
    asked.
    """

    _name = "payment.mandate.register"
    _description = "Register a Signed Mandate"

    mandate_id = fields.Many2one("payment.mandate", required=True, ondelete="cascade")
    provider_id = fields.Many2one(related="mandate_id.provider_id")
    pending = fields.Boolean(related="mandate_id.registration_pending")
    known_account = fields.Char(related="mandate_id.iban_masked", string="Account Sent")
    iban = fields.Char(string="IBAN", copy=False)
    account_holder = fields.Char(
        compute="_compute_from_mandate", store=True, readonly=False, precompute=True
    )
    signed_on = fields.Date(
        compute="_compute_from_mandate", store=True, readonly=False, precompute=True
    )
    evidence = fields.Binary(string="Signed Paper", attachment=False)
    evidence_name = fields.Char()
    message = fields.Char(readonly=True)

    @api.depends("mandate_id")
    def _compute_from_mandate(self):
        for wizard in self:
            mandate = wizard.mandate_id
            debtor = mandate.partner_id.commercial_partner_id
            wizard.account_holder = mandate.account_holder or debtor.name
            wizard.signed_on = mandate.signed_on

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_no_iban(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_no_iban(vals)
        return super().write(vals)

    @api.model
    def _refuse_no_iban(self, vals):
        """What is no IBAN is refused before it is written anywhere."""
        if vals.get("iban"):
            vals["iban"] = self.env["payment.mandate"]._checked_iban(vals["iban"])

    def action_register(self):
        """Send it; stay open with the reason when it is not active after that.

        :return: an action: the dialog again, or its end.
        """
        self.ensure_one()
        mandate = self.mandate_id
        mandate.check_access("write")
        iban, self.iban = self.iban, False
        if not iban:
            raise UserError(self.env._("The IBAN is missing."))
        if not self.evidence and not mandate.evidence:
            raise UserError(self.env._("Attach the signed paper: it is the proof of the mandate."))
        if self.evidence:
            mandate.write({"evidence": self.evidence, "evidence_name": self.evidence_name})
        message = mandate._register_signed(iban, self.account_holder, self.signed_on)
        if not message:
            return {"type": "ir.actions.act_window_close"}
        self.message = message
        return self._again()

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self._description,
        }
