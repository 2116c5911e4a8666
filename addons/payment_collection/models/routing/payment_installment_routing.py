from dataclasses import dataclass

from odoo import fields, models

from odoo.addons.payment_collection.models.installment.payment_installment_guards import GUARDS
from odoo.addons.payment_collection.pure import routing
from odoo.addons.payment_collection.pure.routing_data import Decision

CHOICES = "payment_routing_choices"


@dataclass(frozen=True)
class Choice:
    """Who takes a debit: records beside the plain decision; empty where nobody can.

    The token is empty where the provider that holds the mandate is chosen and has none (yet): it
    is rebuilt with the debit.
    """

    decision: Decision
    provider: models.BaseModel
    token: models.BaseModel
    route: models.BaseModel


class PaymentInstallment(models.Model):
    """Which provider takes the debit of an installment, and why."""

    _inherit = "payment.installment"

    def _choose_providers(self, on):
        """Choose the provider of each debit by the rules of its company, caps counted in order.

        :param date on: the engine's date; what has left on it counts against the caps of a day.
        :return: {installment id: Choice}.
        """
        choices = {}
        for company, installments in self.sudo().grouped("company_id").items():
            routes, rules = self.env["payment.route"]._rules_of(company)
            candidates = routes._candidates(installments, routes, on)
            providers = self.env["payment.provider"].sudo()
            known = {number for c in candidates for number in c.registered}
            providers = providers.browse(known | set(routes.provider_id.ids))
            decisions = routing.decide_all(
                candidates,
                rules,
                routes._provider_states(providers, on),
                routes._usage_of(company, on),
            )
            for installment, decision in zip(installments, decisions, strict=True):
                choices[installment.id] = installment._choice_of(decision)
        return choices

    def _choice_of(self, decision):
        provider = self.env["payment.provider"].sudo().browse(decision.provider or ())
        tokens = self.mandate_id.token_ids
        return Choice(
            decision=decision,
            provider=provider,
            token=tokens.filtered(lambda t: t.active and t.provider_id == provider)[:1],
            route=self.env["payment.route"].sudo().browse(decision.rule or ()),
        )

    def _routed(self, on):
        """Return these installments, each knowing who would collect it.

        What another guard holds is not routed: it uses up no cap.

        :param date on: the engine's date.
        """
        debits = self.filtered(lambda i: i.collection_mode == "automatic" and i.sudo().mandate_id)
        others = [guard for guard in GUARDS if guard.silences]
        dates = {installment.id: installment._requested_date(on) for installment in debits}
        reasons = debits._hold_reasons(on, dates, guards=others)
        free = debits.filtered(lambda i: not reasons[i.id])
        return self.with_context(**{CHOICES: free._choose_providers(on)})

    def _routing_choice(self):
        """Return the Choice of this installment; None before `_routed` has made it."""
        self.ensure_one()
        return self.env.context.get(CHOICES, {}).get(self.id)

    def _collecting_provider(self):
        """Return the provider that was chosen; the one that holds the mandate where none was."""
        choice = self._routing_choice()
        return choice and choice.provider or super()._collecting_provider()

    def _provider_hold_reason(self):
        choice = self._routing_choice()
        if choice and choice.decision.problem:
            routes = self.env["payment.route"]
            lines = routes._explanation_lines(routes._explanation(choice.decision))
            return (choice.decision.problem, "; ".join(lines)[:300])
        return super()._provider_hold_reason()

    def _routing_values(self, on):
        """Return what the attempt keeps of the choice (payment.transaction values).

        :param date on: the engine's date.
        """
        choice = self._routing_choice()
        if not choice or not choice.provider:
            return {}
        return {
            "token_id": choice.token.id,
            "route_id": choice.route.id,
            "routed_on": on,
            "routing_explanation": self.env["payment.route"]._explanation(choice.decision),
        }

    # === WHAT THE RULES ASK === #

    def _routing_key(self):
        """Return what draws the shares: the same installment always falls the same way."""
        return self.name

    def _routing_installment(self):
        return self

    def _routing_latest(self):
        """Return the last day that was announced to the client; None where nothing was."""
        grace = self.company_id.notice_grace_days
        return self.announced_date and fields.Date.add(self.announced_date, days=grace) or None

    def _routing_kind(self):
        """Hook: return the type of the contract that the debt comes from; empty where unknown."""
        return ""
