from datetime import datetime, time
from zoneinfo import ZoneInfo

from odoo import models

from odoo.addons.payment_direct_debit.pure import money, target_calendar

PARIS = ZoneInfo("Europe/Paris")


class PaymentInstallment(models.Model):
    """May it leave? Held with a reason, never silently dropped (money rule 7)."""

    _inherit = "payment.installment"

    def _hold_reason(self, on, requested_date):
        """Return why this installment may not be collected now, or None.

        :param date on: the engine's date.
        :param date requested_date: the day that the debit would be asked for.
        :return: (key of HOLD_REASONS, detail) or None.
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount, 0) <= 0:
            return ("amount_zero", "")
        if self.partner_id.collection_hold or self.partner_id.commercial_partner_id.collection_hold:
            return ("client", self.partner_id.commercial_partner_id.name or "")
        if origin := self._origin_hold_reason(on):
            return (origin, "")
        if self.collection_mode == "one_off":
            return None
        return self._mandate_hold_reason(requested_date) or self._provider_hold_reason()

    def _origin_hold_reason(self, on):
        """Hook: return a key of HOLD_REASONS when what the debt comes from forbids collection.

        :param date on: the engine's date.
        """
        return None

    def _mandate_hold_reason(self, requested_date):
        mandate = self.sudo().mandate_id
        if not mandate:
            return ("no_mandate", "")
        if (
            mandate.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id
            or mandate.company_id != self.company_id
        ):
            return ("mandate_foreign", mandate.name)
        if not mandate._usable_on(requested_date):
            return ("mandate_unusable", mandate.name)
        return None

    def _provider_hold_reason(self):
        provider = self.sudo().mandate_id.provider_id
        profile = provider._debit_profile()
        if not profile or not provider._debit_ready():
            return ("provider_unavailable", provider.debit_paused_reason or provider.name or "")
        if self.currency_id.name not in profile.currencies:
            return ("currency", self.currency_id.name)
        cents = money.to_cents(self.amount, self.currency_id.decimal_places)
        if not profile.min_cents <= cents <= profile.max_cents:
            return ("amount_limit", provider.name)
        if self._live_debits():
            return ("live_attempt", "")
        return None

    def _requested_date(self, on):
        """Return the day to ask the debit for: the due date, or the first day still possible.

        :param date on: the day that the debit would leave, before the provider's cut-off.
        """
        self.ensure_one()
        due = target_calendar.roll_forward(self.due_date)
        profile = self.sudo().mandate_id.provider_id._debit_profile()
        if not profile:
            return due
        morning = datetime.combine(on, time(8), PARIS)
        return max(
            due, target_calendar.earliest_due_date(morning, profile.lead_days, profile.cutoff)
        )
