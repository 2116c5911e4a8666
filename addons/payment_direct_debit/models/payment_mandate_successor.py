from odoo import api, fields, models


class PaymentMandate(models.Model):
    """A mandate that takes the place of another: a new account where the provider can not amend,
    or the provider's own replacement."""

    _inherit = "payment.mandate"

    replaces_id = fields.Many2one(
        "payment.mandate", readonly=True, copy=False, index="btree_not_null"
    )
    replaced_by_id = fields.Many2one("payment.mandate", readonly=True, copy=False)
    close_at_provider = fields.Boolean(
        readonly=True,
        copy=False,
        help="A former mandate that still lives at its provider, until its last debit is final.",
    )

    @api.private
    def _mandate_replaced(self, successor, on):
        """Hook: this mandate's place was taken; move what was to be debited with it.

        :param successor: the payment.mandate, active, of the same debtor and company.
        :param date on: the engine's date.
        """

    def _successor(self):
        """Return the mandate that is to replace this one: the one begun before, or a new draft."""
        self.ensure_one()
        begun = self.search(
            [("replaces_id", "=", self.id), ("state", "in", ("draft", "to_sign"))], limit=1
        )
        if begun:
            return begun
        values = {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "provider_id": self.provider_id.id,
            "scheme": self.scheme,
            "replaces_id": self.id,
        }
        return self._state_writer().create(values).with_env(self.env)

    def _form_action(self):
        """Return the action that shows this mandate."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    @api.private
    def _replace_by(self, successor, on, at_provider=False):
        """Let another mandate take this one's place, and tell who uses it.

        One that has ended already keeps its state, which says why.

        :param successor: the payment.mandate that takes over, active.
        :param date on: the engine's date; today by default.
        :param bool at_provider: whether the provider itself has replaced it.
        """
        self.ensure_one()
        mandate, on = self.sudo(), on or fields.Date.context_today(self)
        reason = self.env._("Replaced by mandate %(rum)s", rum=successor.name)
        lives = mandate.state in ("active", "suspended")
        values = {
            "replaced_by_id": successor.id,
            "close_at_provider": bool(lives and not at_provider and mandate.provider_mandate_ref),
        }
        if lives:
            mandate._set_state("replaced", reason, on, values)
        else:
            mandate._state_write(values)
            mandate._state_note(reason, on)
        origin = "office" if successor.signature_method == "paper" else "debtor"
        origin = "provider" if at_provider else origin
        mandate._note_change(
            kind="successor",
            origin=origin,
            state="done",
            on=on,
            account_before=mandate.iban_masked,
            account_after=successor.iban_masked,
            successor_id=successor.id,
        )
        mandate._mandate_replaced(successor, on)

    def _replaced_at_provider(self, snapshot, on):
        """Follow a provider that has put another mandate in the place of this one.

        The debtor and the account are the same; the successor is read, and made here unless it is
        known.

        :param seam.MandateSnapshot snapshot: of this mandate; names its successor.
        """
        self.ensure_one()
        mandate = self.sudo()
        found = mandate.provider_id._debit_client().mandate_fetch(snapshot.replaced_by)
        successor = self.sudo().search(
            [
                ("provider_id", "=", mandate.provider_id.id),
                ("provider_mandate_ref", "=", found.ref),
            ],
            limit=1,
        )
        if not successor:
            successor = mandate._made_by_provider(found)
        successor._apply_snapshot(found, on)
        mandate._replace_by(successor, on, at_provider=True)

    def _made_by_provider(self, found):
        values = {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "provider_id": self.provider_id.id,
            "scheme": self.scheme,
            "signed_on": self.signed_on,
            "signature_method": self.signature_method,
            "iban_masked": self.iban_masked,
            "iban_country": self.iban_country,
            "iban_fingerprint": self.iban_fingerprint,
            "bank_name": self.bank_name,
            **({"name": found.rum} if found.rum else {}),
        }
        return self._state_writer().create(values).with_env(self.env)
