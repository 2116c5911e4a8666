from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit.exceptions import DebitError


class PaymentMandateSecondProvider(models.TransientModel):
    """Note that a second provider knows a mandate too, so that debits can be routed to it."""

    _name = "payment.mandate.second.provider"
    _description = "Mandate at Another Provider"

    mandate_id = fields.Many2one("payment.mandate", required=True, readonly=True)
    company_id = fields.Many2one(related="mandate_id.company_id")
    holder_id = fields.Many2one(related="mandate_id.provider_id", string="Held By")
    provider_id = fields.Many2one(
        "payment.provider",
        string="Also Known By",
        required=True,
        domain="[('id', '!=', holder_id), ('company_id', '=', company_id),"
        " ('state', '!=', 'disabled')]",
    )
    ref = fields.Char(
        string="Its Reference of the Mandate",
        required=True,
        help="As the provider's dashboard or its export of mandates shows it.",
    )

    def action_register(self):
        """Ask the provider whether it is this mandate, and keep its reference.

        :raise UserError: when the provider does not answer or says otherwise.
        """
        self.ensure_one()
        self.mandate_id.check_access("write")
        try:
            self.mandate_id.sudo()._register_with(self.provider_id.sudo(), self.ref.strip())
        except DebitError as error:
            raise UserError(
                self.env._(
                    "%(provider)s could not be asked about %(ref)s: %(error)s",
                    provider=self.provider_id.sudo().name,
                    ref=self.ref,
                    error=error,
                )
            ) from error
        return {"type": "ir.actions.act_window_close"}
