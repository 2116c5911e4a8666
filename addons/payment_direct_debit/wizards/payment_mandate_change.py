from odoo import api, fields, models
from odoo.exceptions import UserError


class PaymentMandateChange(models.TransientModel):
    """A debtor's new bank account: the same mandate where its provider can, else a new one.

    The account number passes through, as when a mandate is registered.
    """

    _name = "payment.mandate.change"
    _inherit = ["payment.mandate.register"]
    _description = "Change the Bank Account"

    can_amend = fields.Boolean(related="mandate_id.can_amend")
    can_register = fields.Boolean(related="mandate_id.can_register")
    way = fields.Selection(
        [
            ("amend", "Under the same mandate: I have the IBAN"),
            ("register", "By a new mandate that he has signed on paper"),
            ("sign", "By a new mandate that he signs on the provider's page"),
        ],
        string="How",
        compute="_compute_way",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )

    @api.depends("mandate_id")
    def _compute_way(self):
        for wizard in self:
            wizard.way = "amend" if wizard.can_amend else "sign"

    @api.depends("mandate_id")
    def _compute_from_mandate(self):
        """Override: the new paper has a day of its own."""
        for wizard in self:
            debtor = wizard.mandate_id.partner_id.commercial_partner_id
            wizard.account_holder = wizard.mandate_id.account_holder or debtor.name
            wizard.signed_on = False

    def action_change(self):
        """Change the account in the chosen way.

        :return: an action: the new mandate, the dialog again, or its end.
        """
        self.ensure_one()
        self.mandate_id.check_access("write")
        return getattr(self, f"_by_{self.way}")()

    def _by_amend(self):
        iban, self.iban = self._needed()
        change = self.mandate_id._change_account(iban, self.evidence, self.evidence_name)
        if change.state == "done":
            return {"type": "ir.actions.act_window_close"}
        reason = change.history_ids.sorted("id")[-1:].reason or ""
        self.message = (
            self.env._("The account was not changed: %(reason)s", reason=reason)
            if change.state == "refused"
            else self.env._(
                "%(provider)s gave no clear answer: nobody knows yet whether the account is"
                " changed. You may safely send the same account again. (%(reason)s)",
                provider=self.provider_id.name,
                reason=reason,
            )
        )
        return self._again()

    def _by_register(self):
        """A successor signed on paper; when it is not active at once its own dialog goes on."""
        iban, self.iban = self._needed()
        self.mandate_id._check_changeable()
        successor = self.mandate_id._successor()
        values = {"evidence": self.evidence, "evidence_name": self.evidence_name}
        successor.write(values)
        message = successor._register_signed(iban, self.account_holder, self.signed_on)
        if not message:
            return successor._form_action()
        dialog = self.env["payment.mandate.register"].create(
            {"mandate_id": successor.id, "message": message}
        )
        return dialog._again()

    def _by_sign(self):
        self.mandate_id._check_changeable()
        successor = self.mandate_id._successor()
        if successor.state == "draft":
            successor.action_request_signature()
        if successor.partner_id.email:
            successor.action_send_signature_link()
        return successor._form_action()

    def _needed(self):
        """Return the IBAN, and what takes its place; the proof must be there too."""
        if not self.iban:
            raise UserError(self.env._("The IBAN is missing."))
        if not self.evidence:
            raise UserError(
                self.env._(
                    "Attach the debtor's signed request: an account changed on a mere word"
                    " is the usual fraud."
                )
            )
        return self.iban, False
