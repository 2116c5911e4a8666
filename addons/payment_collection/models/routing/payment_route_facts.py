from dataclasses import asdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.pure import costs, routing_data
from odoo.addons.payment_collection.pure.routing_data import Candidate, Past, ProviderState, Rule
from odoo.addons.payment_direct_debit.pure import money

# How far back a client's results count, and how far a provider's rate of failures.
PAST_DAYS = 365
RATE_DAYS = 90
MONEY_IN = ("collected", "paid_out")
MONEY_NOT_IN = ("failed", "returned")
# Context key: what a preview would have sent out by now, beside what the database knows.
PREVIEW_USAGE = "payment_preview_usage"


def _words(text):
    """Return the words of a list with commas."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


class PaymentRoute(models.Model):
    """What the rules need to know, read in a fixed number of queries however many debits."""

    _inherit = "payment.route"

    @api.model
    def _rules_of(self, company, drafts=False):
        """Return the rules of a company in their order.

        :param bool drafts: also those that are not in force yet.
        :return: the payment.route records and their `Rule`s.
        """
        domain = [("company_id", "=", company.id)]
        if not drafts:
            domain.append(("state", "=", "in_force"))
        routes = self.sudo().search(domain)
        return routes, tuple(route._rule() for route in routes)

    def _rule(self):
        """Return this rule as plain data."""
        self.ensure_one()
        return Rule(
            id=self.id,
            name=self.name,
            provider=self.provider_id.id if self.strategy == "provider" else None,
            share=self.share,
            min_cents=self._cents(self.amount_min),
            max_cents=self._cents(self.amount_max),
            scheme=self.scheme or "",
            countries=frozenset(self.country_ids.mapped("code")),
            bics=tuple(word.upper() for word in _words(self.bic_prefixes)),
            tags=frozenset(self.category_ids.ids),
            kinds=frozenset(_words(self.contract_kinds)),
            min_score=self.score_min,
            max_score=self.score_max,
            past=self.past_results,
            past_provider=self.past_provider_id.id or None,
            has_domain=bool(self._domain()),
            cap_count=self.daily_count,
            cap_cents=self._cents(self.daily_amount),
        )

    def _cents(self, amount):
        return money.to_cents(amount or 0.0, self.currency_id.decimal_places)

    # === THE DEBITS === #

    @api.model
    def _candidates(self, debits, routes, before):
        """Return what is to be known of each debit, planned or real, in order.

        :param debits: payment.installment or payment.transaction records.
        :param routes: the rules that will be tried.
        :param date before: past results are those of debits asked for before this day.
        """
        debits.mandate_id.token_ids.fetch(["active", "provider_id"])
        planned = {debit: debit._routing_installment() for debit in debits}
        domains = routes._domains_of(self.env["payment.installment"].union(*planned.values()))
        past = routes._past_of(debits.partner_id.commercial_partner_id, before)
        known = {mandate: mandate._registered_providers() for mandate in debits.mandate_id}
        candidates = []
        for debit, installment in planned.items():
            mandate, client = debit.mandate_id, debit.partner_id.commercial_partner_id
            candidates.append(
                Candidate(
                    key=debit._routing_key(),
                    amount_cents=money.to_cents(debit.amount, debit.currency_id.decimal_places),
                    currency=debit.currency_id.name,
                    scheme=mandate.scheme or "",
                    country=mandate.iban_country or "",
                    bic=(mandate.bic or "").upper(),
                    tags=frozenset(client.category_id.ids),
                    kind=debit._routing_kind(),
                    score=client.with_company(debit.company_id).payer_score,
                    latest=debit._routing_latest(),
                    past=past.get(client.id, {}),
                    registered=tuple(known[mandate].ids) if mandate else (),
                    domains=domains.get(installment.id, frozenset()),
                )
            )
        return candidates

    def _domains_of(self, installments):
        """Return {installment id: ids of the rules whose further conditions it meets}."""
        found = {}
        for route in self:
            if domain := route._domain():
                meeting = installments.search([("id", "in", installments.ids), *domain])
                for number in meeting.ids:
                    found.setdefault(number, set()).add(route.id)
        return {number: frozenset(rules) for number, rules in found.items()}

    def _past_of(self, clients, before):
        """Return {client id: {provider id: Past}}, of the last twelve months; empty where no rule
        asks for it."""
        if not clients or all(route.past_results == routing_data.PAST_ANY for route in self):
            return {}
        self.env["payment.transaction"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT p.commercial_partner_id, t.provider_id,
                          count(*) FILTER (WHERE t.debit_status IN %(good)s),
                          count(*) FILTER (WHERE t.debit_status IN %(bad)s),
                          (array_agg(t.debit_status ORDER BY t.debit_requested_date DESC, t.id DESC
                          ))[1] IN %(bad)s
                     FROM payment_transaction t JOIN res_partner p ON p.id = t.partner_id
                    WHERE p.commercial_partner_id IN %(clients)s
                      AND t.debit_status IN %(ended)s
                      AND t.debit_requested_date >= %(since)s
                      AND t.debit_requested_date < %(before)s
                 GROUP BY p.commercial_partner_id, t.provider_id""",
                good=MONEY_IN,
                bad=MONEY_NOT_IN,
                ended=MONEY_IN + MONEY_NOT_IN,
                clients=tuple(clients.ids),
                since=fields.Date.subtract(before, days=PAST_DAYS),
                before=before,
            )
        )
        past = {}
        for client, provider, good, bad, last_failed in self.env.cr.fetchall():
            past.setdefault(client, {})[provider] = Past(good, bad, last_failed)
        return past

    # === THE PROVIDERS === #

    @api.model
    def _provider_states(self, providers, on, ideal=False):
        """Return {provider id: ProviderState}.

        :param date on: the engine's date; failures are counted over the 90 days before.
        :param bool ideal: as if all were up, for a simulation.
        """
        rates = self._failure_rates(providers, fields.Date.subtract(on, days=RATE_DAYS), on)
        states = {}
        for provider in providers:
            if profile := provider._debit_profile():
                status, reason = (routing_data.READY, "") if ideal else provider._routing_status()
                states[provider.id] = ProviderState(
                    id=provider.id,
                    name=provider.name,
                    status=status,
                    reason=reason,
                    schemes=profile.schemes,
                    currencies=profile.currencies,
                    min_cents=profile.min_cents,
                    max_cents=profile.max_cents,
                    earliest=None if ideal else provider._routing_earliest(profile, on),
                    cap_count=provider.debit_daily_count,
                    cap_cents=money.to_cents(
                        provider.debit_daily_amount,
                        provider.company_id.currency_id.decimal_places,
                    ),
                    cost=provider._debit_cost(),
                    failure_rate=rates[provider.id],
                )
        return states

    @api.model
    def _failure_rates(self, providers, since, until):
        """Return {provider id: rate of failures, 0 to 1} of debits asked for in [since, until)."""
        ended = {provider.id: [0, 0] for provider in providers}
        groups = (
            self.env["payment.transaction"]
            .sudo()
            ._read_group(
                [
                    ("provider_id", "in", providers.ids),
                    ("debit_status", "in", MONEY_IN + MONEY_NOT_IN),
                    ("debit_requested_date", ">=", since),
                    ("debit_requested_date", "<", until),
                ],
                ["provider_id", "debit_status"],
                ["__count"],
            )
        )
        for provider, status, count in groups:
            ended[provider.id][0] += count if status in MONEY_NOT_IN else 0
            ended[provider.id][1] += count
        return {number: costs.failure_rate(*counts) for number, counts in ended.items()}

    @api.model
    def _usage_of(self, company, on):
        """Return what a company has sent out on a day, by rule and by provider."""
        foreseen = self.env.context.get(PREVIEW_USAGE)
        if isinstance(foreseen, routing_data.Usage):
            return foreseen
        groups = (
            self.env["payment.transaction"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("routed_on", "=", on),
                    ("debit_status", "!=", "cancelled"),
                ],
                ["route_id", "provider_id"],
                ["__count", "amount:sum"],
            )
        )
        usage = routing_data.Usage()
        for route, provider, count, amount in groups:
            cents = money.to_cents(amount, company.currency_id.decimal_places)
            for tallies, key in ((usage.rules, route.id), (usage.providers, provider.id)):
                if key:
                    tally = tallies.setdefault(key, [0, 0])
                    tally[0] += count
                    tally[1] += cents
        return usage

    # === THE EXPLANATION === #

    @api.model
    def _explanation(self, decision):
        """Return a decision as it is stored: a list of steps, JSON types only."""
        return [
            {name: value for name, value in asdict(step).items() if value not in (None, "")}
            for step in decision.steps
        ]

    @api.model
    def _explanation_lines(self, explanation):
        """Return a stored explanation as lines to be read, in the language of the user."""
        texts = self._explanation_texts()
        lines = []
        for step in explanation or ():
            subject = " → ".join(
                filter(None, (step.get("rule_name"), step.get("provider_name")))
            ) or self.env._("a provider that is gone")
            why = texts[step["code"]] % {"detail": step.get("detail", "")}
            lines.append(self.env._("%(subject)s: %(why)s", subject=subject, why=why.rstrip(" :")))
        return lines

    @api.model
    def _explanation_texts(self):
        """Return {code of a step: text}, `%(detail)s` standing for its figure."""
        return {
            "rule": self.env._("taken by this rule"),
            "cheapest": self.env._("taken, as the cheapest one"),
            "holder": self.env._("taken, as it holds the mandate"),
            "other": self.env._("taken, as the mandate is registered with it too"),
            "amount_below": self.env._("only from %(detail)s on"),
            "amount_above": self.env._("only up to %(detail)s"),
            "scheme": self.env._("not for the scheme %(detail)s"),
            "country": self.env._("not for the country %(detail)s"),
            "bic": self.env._("not for the bank %(detail)s"),
            "tags": self.env._("the client has none of the tags"),
            "kind": self.env._("not for this type of contract: %(detail)s"),
            "score": self.env._("the payer score is %(detail)s"),
            "past": self.env._("the client's past debits do not fit"),
            "domain": self.env._("the further conditions do not fit"),
            "share": self.env._("outside of its share of %(detail)s percent"),
            "cap_count": self.env._("has had its %(detail)s debits of the day"),
            "cap_amount": self.env._("over its %(detail)s of the day"),
            "not_registered": self.env._("the mandate is not registered with it"),
            "disabled": self.env._("disabled"),
            "paused": self.env._("paused: %(detail)s"),
            "down": self.env._("does not answer: %(detail)s"),
            "currency": self.env._("does not take %(detail)s"),
            "provider_scheme": self.env._("does not take the scheme %(detail)s"),
            "provider_min": self.env._("takes nothing below %(detail)s"),
            "too_late": self.env._("announced for a day before %(detail)s, its first one"),
            "provider_max": self.env._("takes nothing above %(detail)s"),
        }
