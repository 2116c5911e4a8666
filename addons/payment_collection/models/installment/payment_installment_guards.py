from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import models

from odoo.addons.payment_direct_debit.pure import money, target_calendar

PARIS = ZoneInfo("Europe/Paris")


class Guard(NamedTuple):
    """One reason not to collect: a method of the installment, given the `Moment`."""

    method: str
    debits_only: bool = True  # not asked about what the client pays by himself
    silences: bool = True  # while it holds, nothing is announced to the client either


class Moment(NamedTuple):
    """When the guards are asked, with what was read once for all installments."""

    on: date
    requested: date
    disputes: dict  # {mandate id: name of a disputed installment}
    forecast: bool  # ahead of time: what the engine mends by itself until then holds nothing


# In this order; the first that holds gives the reason.
GUARDS = (
    Guard("_guard_amount", debits_only=False),
    Guard("_guard_client", debits_only=False),
    Guard("_guard_origin", debits_only=False),
    Guard("_guard_mandate"),
    Guard("_guard_scheme"),
    Guard("_guard_dispute"),
    Guard("_guard_limit"),
    Guard("_guard_provider", silences=False),
    Guard("_guard_notice", silences=False),
)


class PaymentInstallment(models.Model):
    """May it leave? Held with a reason, never silently dropped (money rule 7)."""

    _inherit = "payment.installment"

    def _hold_reasons(self, on, dates, forecast=False, guards=GUARDS):
        """Return why each installment may not be collected; a fixed number of queries.

        :param date on: the engine's date.
        :param dict dates: {installment id: the day that the debit would be asked for}.
        :param bool forecast: asked ahead of time.
        :param guards: the guards to ask, in order.
        :return: {installment id: (key of HOLD_REASONS, detail) or None}.
        """
        disputes = self._disputes_by_mandate()
        reasons = {}
        for installment in self:
            moment = Moment(on, dates[installment.id], disputes, forecast)
            asked = [
                guard
                for guard in guards
                if installment.collection_mode == "automatic" or not guard.debits_only
            ]
            answers = (getattr(installment, guard.method)(moment) for guard in asked)
            reasons[installment.id] = next(filter(None, answers), None)
        return reasons

    def _hold_reason(self, on, requested_date):
        """Return why this installment may not be collected now, or None.

        :param date on: the engine's date.
        :param date requested_date: the day that the debit would be asked for.
        :return: (key of HOLD_REASONS, detail) or None.
        """
        self.ensure_one()
        return self._hold_reasons(on, {self.id: requested_date})[self.id]

    def _disputes_by_mandate(self):
        """Return {mandate id: name of a disputed installment} for the mandates of these."""
        rows = (
            self.env["payment.installment"]
            .sudo()
            ._read_group(
                [("mandate_id", "in", self.sudo().mandate_id.ids), ("state", "=", "disputed")],
                ["mandate_id"],
                ["name:max"],
            )
        )
        return {mandate.id: name for mandate, name in rows}

    # === THE GUARDS === #

    def _guard_amount(self, moment):
        is_owed = self.currency_id.compare_amounts(self.amount, 0) > 0
        return None if is_owed else ("amount_zero", "")

    def _guard_client(self, moment):
        client = self.sudo().partner_id
        payer = client.commercial_partner_id
        if client.collection_hold or payer.collection_hold:
            return ("client", payer.name or "")
        return None

    def _guard_origin(self, moment):
        origin = self._origin_hold_reason(moment.on)
        return (origin, "") if origin else None

    def _guard_mandate(self, moment):
        return self._mandate_hold_reason(moment.requested)

    def _guard_scheme(self, moment):
        """B2B is for businesses (SDD B2B rulebook: the debtor is not a consumer)."""
        mandate = self.sudo().mandate_id
        labels = dict(mandate._fields["scheme"]._description_selection(self.env))
        if mandate.scheme == "b2b" and not mandate.partner_id.commercial_partner_id.is_company:
            return ("scheme", self.env._("%(scheme)s: not for consumers", scheme=labels["b2b"]))
        provider = self._collecting_provider()
        profile = provider._debit_profile()
        if profile and mandate.scheme not in profile.schemes:
            return (
                "scheme",
                self.env._(
                    "%(scheme)s is not taken by %(provider)s",
                    scheme=labels[mandate.scheme],
                    provider=provider.name,
                ),
            )
        return None

    def _guard_dispute(self, moment):
        disputed = moment.disputes.get(self.sudo().mandate_id.id)
        return ("dispute", disputed) if disputed else None

    def _guard_limit(self, moment):
        """The client's own limit goes before the company's; 0 is no limit."""
        client = self.sudo().partner_id.commercial_partner_id
        limit = client.collection_limit or self.sudo().company_id.collection_limit
        if limit and self.currency_id.compare_amounts(self.amount, limit) > 0:
            return ("over_limit", self.currency_id.format(limit))
        return None

    def _guard_provider(self, moment):
        return self._provider_hold_reason()

    # === WHAT THEY ASK === #

    def _origin_hold_reason(self, on):
        """Hook: return a key of HOLD_REASONS when what the debt comes from forbids collection.

        A suspended contract or an open after-sales case, for instance.

        :param date on: the engine's date.
        """
        return None

    def _collecting_provider(self):
        """Hook: return the provider that would collect; by default the one of the mandate."""
        return self.sudo().mandate_id.provider_id

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
        provider = self._collecting_provider()
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
        """Return the day to ask the debit for; see `_possible_date`."""
        return self._possible_date(on)

    def _possible_date(self, on):
        """Return the day to ask the debit for: the due date, or the first day still possible.

        :param date on: the day that the debit would leave, before the provider's cut-off.
        """
        self.ensure_one()
        # Presented again: the day that the retry policy has chosen.
        due = target_calendar.roll_forward(max(self.due_date, self.retry_for or self.due_date))
        profile = self._collecting_provider()._debit_profile()
        if not profile:
            return due
        morning = datetime.combine(on, time(8), PARIS)
        return max(
            due, target_calendar.earliest_due_date(morning, profile.lead_days, profile.cutoff)
        )
