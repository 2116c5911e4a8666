from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.pure import iban as iban_tools

from .payment_mandate_signature import LINK_DAYS

OPEN = ("asked", "sent", "unknown")


class PaymentMandate(models.Model):
    """A debtor's new bank account, under the same mandate, where its provider can do that."""

    _inherit = "payment.mandate"

    amendment_ids = fields.One2many("payment.mandate.amendment", "mandate_id", readonly=True)
    can_amend = fields.Boolean(compute="_compute_what_the_provider_can")
    can_register = fields.Boolean(compute="_compute_what_the_provider_can")

    @api.depends("provider_id")
    def _compute_what_the_provider_can(self):
        for mandate in self:
            provider = mandate.provider_id.sudo()
            profile = provider._debit_profile() if provider else None
            mandate.can_amend = bool(profile and profile.can_amend)
            mandate.can_register = bool(profile and profile.can_register)

    # === BY THE DEBTOR, ON THE PROVIDER'S PAGE === #

    @api.private
    def _change_start(self):
        """Let the debtor give another bank account on the provider's page.

        Under the same mandate where the provider can do that, else by signing a successor.

        :return: the address to send the debtor to.
        :raise UserError: when this mandate has no account to be changed.
        """
        self.ensure_one()
        mandate = self.sudo()
        mandate._check_changeable()
        if not mandate.can_amend:
            successor = mandate._successor()
            if successor.state == "draft":
                successor.action_request_signature()
            return successor._signature_start()
        change = mandate._open_page_change() or mandate._note_change(
            kind="account", origin="debtor", state="asked", account_before=mandate.iban_masked
        )
        url = mandate._signature_start(change)
        change._state_write({"session_ref": mandate.signature_session_ref})
        return url

    def _check_changeable(self):
        self.ensure_one()
        if self.state not in ("active", "suspended") or not self.provider_mandate_ref:
            raise UserError(
                self.env._("Mandate %(rum)s is not in use: have a new one signed.", rum=self.name)
            )
        if self.amendment_ids.filtered(lambda change: change.state in ("sent", "unknown")):
            raise UserError(
                self.env._(
                    "A change of the account of mandate %(rum)s is under way, and its outcome is"
                    " not known yet.",
                    rum=self.name,
                )
            )

    def _open_page_change(self):
        return self.sudo().amendment_ids.filtered(lambda change: change.state == "asked")[:1]

    def _page_change_done(self, snapshot, on):
        """The debtor has given another account: the provider's word is what counts."""
        self._apply_snapshot(snapshot, on)
        # The new account may end like the former one: the page was completed all the same.
        self._open_page_change()._set_state(
            "done", on=on, values={"account_after": self.iban_masked}
        )
        if snapshot.status == seam.MANDATE_ACTIVE:
            self._resume_with_new_account(on)

    @api.model
    def _drop_old_page_changes(self):
        """Give up the pages that no debtor came back from."""
        last = fields.Datetime.now() - timedelta(days=LINK_DAYS)
        old = self.env["payment.mandate.amendment"].search(
            [("state", "=", "asked"), ("create_date", "<", last)]
        )
        old._set_state("cancelled", self.env._("The debtor did not come back."))

    # === BY A PERSON HERE, WHO HAS THE ACCOUNT NUMBER === #

    @api.private
    def _change_account(self, iban, evidence=None, evidence_name="", on=None):
        """Have the provider debit another account under the same mandate; commits before it asks.

        After an unknown outcome the same account may be given again: it is set, not added.

        :param str iban: the whole number; only its mask and its fingerprint are kept.
        :param evidence: the debtor's signed request, base64.
        :param date on: the engine's date; today by default.
        :return: the payment.mandate.amendment; its state tells the outcome.
        :raise UserError: when it can not be asked for.
        """
        self.ensure_one()
        mandate, on = self.sudo(), on or fields.Date.context_today(self)
        number = mandate._checked_iban(iban)
        change = mandate._change_to_send(number, evidence, evidence_name, on)
        mandate._registration_commit()
        try:
            client = mandate.provider_id._debit_client()
            snapshot = client.mandate_change_account(mandate.provider_mandate_ref, number)
        except (DebitRefused, DebitRetryable, ProviderMisconfigured) as error:
            # Surely not executed by this call; an earlier one may have been.
            final = isinstance(error, DebitRefused) or change.state == "sent"
            reason = iban_tools.redact(str(error))
            change._set_state("refused" if final else "unknown", reason, on)
        except DebitError as error:
            change._set_state("unknown", iban_tools.redact(str(error)), on)
        else:
            change._done(snapshot, on)
        return change

    def _change_to_send(self, number, evidence, evidence_name, on):
        """Return the change to be sent: the one whose outcome is not known, or a new one."""
        if not self.can_amend:
            raise UserError(
                self.env._(
                    "%(provider)s can not change the account of a mandate: a new one is needed.",
                    provider=self.provider_id.name,
                )
            )
        mark = self._fingerprint(number)
        pending = self.amendment_ids.filtered(lambda change: change.state in ("sent", "unknown"))
        if pending and pending.account_fingerprint == mark:
            return pending
        self._check_changeable()
        if self.iban_fingerprint == mark:
            raise UserError(self.env._("This is the account that is debited now."))
        self._open_page_change()._set_state("cancelled", self.env._("Changed here instead."), on)
        return self._note_change(
            kind="account",
            origin="office",
            state="sent",
            on=on,
            account_before=self.iban_masked,
            account_after=iban_tools.mask(number),
            account_fingerprint=mark,
            evidence=evidence,
            evidence_name=evidence_name,
        )

    def _note_change(self, on=None, **values):
        """Add a line to what changed about this mandate.

        :param date on: the engine's date; today by default.
        :return: the payment.mandate.amendment.
        """
        self.ensure_one()
        values |= {"mandate_id": self.id, "date": on or fields.Date.context_today(self)}
        user = self.env.user if values["origin"] == "office" else self.env["res.users"]
        changes = self.env["payment.mandate.amendment"].sudo()._state_writer()
        changes.flush_model(["state"])  # the former one may have been settled just now
        # Without the writer's key: whoever gets the record is no writer by that.
        return changes.create({**values, "user_id": user.id}).with_env(self.sudo().env)

    def _resume_with_new_account(self, on):
        """The account that a debit came back from is not debited any more: go on with the other."""
        if self.state == "suspended" and not self.suspended_by_provider:
            self._set_state("active", self.env._("The debtor has given another account."), on)

    # === TOLD BY THE PROVIDER === #

    def _follow_account(self, snapshot, on):
        """Keep the account that the provider shows; another one than ours is a change.

        The debtor's bank may have moved him (in France by the mobility service, Code monétaire et
        financier, L312-1-7): nobody here was asked.
        """
        country = snapshot.country_code or self.iban_country
        if not snapshot.iban_ending:
            self._state_write({"iban_country": country})
            return
        if self.iban_masked and self._same_account(snapshot):
            return
        before = self.iban_masked
        masked = f"{country} {iban_tools.HIDDEN} {snapshot.iban_ending}".strip()
        self._state_write(
            {"iban_masked": masked, "iban_country": country, "iban_fingerprint": False}
        )
        if before:
            self._account_changed(before, snapshot, on)

    def _same_account(self, snapshot):
        """Tell whether what we show and what the provider shows can be the same account."""
        return self._ends_alike(self.iban_masked, snapshot) and (
            not snapshot.country_code or self.iban_country in (False, snapshot.country_code)
        )

    @api.model
    def _ends_alike(self, masked, snapshot):
        ours, theirs = (masked or "").split(" ")[-1], snapshot.iban_ending
        size = min(len(ours), len(theirs))
        return not ours or iban_tools.HIDDEN in ours or ours[-size:] == theirs[-size:]

    def _account_changed(self, before, snapshot, on):
        changes = self.sudo().amendment_ids.filtered(lambda change: change.state in OPEN)
        for change in changes:
            if change.state == "asked":
                change._set_state("done", on=on, values={"account_after": self.iban_masked})
                return
            if self._ends_alike(change.account_after, snapshot):
                change._done(None, on)
                return
        self._note_change(
            kind="account",
            origin="provider",
            state="done",
            on=on,
            account_before=before,
            account_after=self.iban_masked,
        )
        self._state_note(self.env._("The provider debits another account of the debtor now."), on)

    def _settle_unknown_change(self, snapshot, on):
        """A change whose outcome was not known: the provider shows the former account, so it was
        not carried out. A call may be on its way for an hour at most."""
        young = fields.Datetime.now() - timedelta(hours=1)
        changes = self.sudo().amendment_ids.filtered(
            lambda change: change.state in ("sent", "unknown") and change.create_date < young
        )
        if changes and snapshot.iban_ending:
            changes._set_state(
                "refused", self.env._("The provider still shows the former account."), on
            )
