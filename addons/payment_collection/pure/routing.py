"""Which provider takes a debit, and why not the others: ordered rules over plain data.

Nothing here knows the ORM: the facts come in, a decision with its explanation goes out. The same
input always gives the same decision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from odoo.addons.payment_collection.pure import routing_data as data
from odoo.addons.payment_collection.pure.routing_data import (
    CHOSEN,
    NO_PAST,
    PASSED,
    READY,
    Candidate,
    Decision,
    ProviderState,
    Rule,
    Step,
    Usage,
)

# Shares are drawn in hundredths of a percent.
SHARE_BUCKETS = 10_000


def share_bucket(rule: int, key: str) -> int:
    """Draw a number from 0 to SHARE_BUCKETS - 1 that a rule and an installment always draw."""
    digest = hashlib.sha256(f"{rule}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % SHARE_BUCKETS


def mismatch(candidate: Candidate, rule: Rule, usage: Usage) -> tuple[str, str] | None:
    """Return why a rule does not apply, as (code, detail), or None when it does."""
    return (
        _amount_mismatch(candidate, rule)
        or _account_mismatch(candidate, rule)
        or _client_mismatch(candidate, rule)
        or _volume_mismatch(candidate, rule, usage)
    )


def _amount_mismatch(candidate: Candidate, rule: Rule) -> tuple[str, str] | None:
    if candidate.amount_cents < rule.min_cents:
        return ("amount_below", _amount(rule.min_cents))
    if rule.max_cents and candidate.amount_cents > rule.max_cents:
        return ("amount_above", _amount(rule.max_cents))
    return None


def _account_mismatch(candidate: Candidate, rule: Rule) -> tuple[str, str] | None:
    if rule.scheme and candidate.scheme != rule.scheme:
        return ("scheme", candidate.scheme)
    if rule.countries and candidate.country not in rule.countries:
        return ("country", candidate.country)
    if rule.bics and not candidate.bic.startswith(rule.bics):
        return ("bic", candidate.bic)
    return None


def _client_mismatch(candidate: Candidate, rule: Rule) -> tuple[str, str] | None:
    if rule.tags and not rule.tags & candidate.tags:
        return ("tags", "")
    if rule.kinds and candidate.kind not in rule.kinds:
        return ("kind", candidate.kind)
    if not rule.min_score <= candidate.score <= rule.max_score:
        return ("score", str(candidate.score))
    if not _past_holds(candidate, rule):
        return ("past", "")
    if rule.has_domain and rule.id not in candidate.domains:
        return ("domain", "")
    return None


def _past_holds(candidate: Candidate, rule: Rule) -> bool:
    whose = rule.past_provider or rule.provider or next(iter(candidate.registered), 0)
    past = candidate.past.get(whose, NO_PAST)
    known = past.collected + past.failed > 0
    return {
        data.PAST_ANY: True,
        data.PAST_CLEAN: not past.failed,
        data.PAST_PROVEN: past.collected > 0 and not past.failed,
        data.PAST_FAILED: past.failed > 0,
        data.PAST_LAST_COLLECTED: known and not past.last_failed,
        data.PAST_LAST_FAILED: known and past.last_failed,
        data.PAST_NEVER: not known,
    }[rule.past]


def _volume_mismatch(candidate: Candidate, rule: Rule, usage: Usage) -> tuple[str, str] | None:
    if share_bucket(rule.id, candidate.key) >= rule.share * SHARE_BUCKETS // 100:
        return ("share", str(rule.share))
    return _over_cap(candidate, rule, usage.rules.get(rule.id, [0, 0]))


def _over_cap(
    candidate: Candidate, capped: Rule | ProviderState, used: Sequence[int]
) -> tuple[str, str] | None:
    if capped.cap_count and used[0] >= capped.cap_count:
        return ("cap_count", str(capped.cap_count))
    if capped.cap_cents and used[1] + candidate.amount_cents > capped.cap_cents:
        return ("cap_amount", _amount(capped.cap_cents))
    return None


def obstacle(
    candidate: Candidate, provider: ProviderState | None, usage: Usage
) -> tuple[str, str] | None:
    """Return why a provider can not take the debit, as (code, detail), or None when it can."""
    if provider is None or provider.id not in candidate.registered:
        return ("not_registered", "")
    if provider.status != READY:
        return (provider.status, provider.reason)
    if candidate.currency not in provider.currencies:
        return ("currency", candidate.currency)
    if candidate.scheme not in provider.schemes:
        return ("provider_scheme", candidate.scheme)
    if candidate.amount_cents < provider.min_cents:
        return ("provider_min", _amount(provider.min_cents))
    if candidate.amount_cents > provider.max_cents:
        return ("provider_max", _amount(provider.max_cents))
    if candidate.latest and provider.earliest and provider.earliest > candidate.latest:
        return ("too_late", provider.earliest.isoformat())
    return _over_cap(candidate, provider, usage.providers.get(provider.id, [0, 0]))


def decide(
    candidate: Candidate,
    rules: Iterable[Rule],
    providers: Mapping[int, ProviderState],
    usage: Usage,
) -> Decision:
    """Choose the provider of one debit; changes nothing.

    The first rule that applies and whose provider can take the debit wins. Where none does, the
    provider that holds the mandate takes it, else any other that the mandate is registered with.

    :param rules: in their order.
    :param providers: {id: state}; those left out can not be chosen.
    :param usage: what has gone out today.
    """
    steps: list[Step] = []
    for rule in rules:
        if why := mismatch(candidate, rule, usage):
            steps.append(Step(PASSED, *why, rule=rule.id, rule_name=rule.name))
            continue
        for target in _targets(candidate, rule, providers):
            if _try(candidate, target, providers, usage, steps, rule):
                return Decision(target, rule.id, tuple(steps))
    for target in candidate.registered:
        if _try(candidate, target, providers, usage, steps):
            return Decision(target, None, tuple(steps))
    return Decision(None, None, tuple(steps))


def _targets(
    candidate: Candidate, rule: Rule, providers: Mapping[int, ProviderState]
) -> Sequence[int]:
    if rule.provider is not None:
        return (rule.provider,)

    def price(target: int) -> Decimal:
        return providers[target].cost.expected(
            candidate.amount_cents, providers[target].failure_rate
        )

    # Of two that cost the same, the one that holds the mandate: sorting keeps their order.
    return sorted((target for target in candidate.registered if target in providers), key=price)


def _try(
    candidate: Candidate,
    target: int,
    providers: Mapping[int, ProviderState],
    usage: Usage,
    steps: list[Step],
    rule: Rule | None = None,
) -> bool:
    """Try one provider and note what came of it."""
    provider = providers.get(target)
    why = obstacle(candidate, provider, usage)
    if rule:
        taken = "rule" if rule.provider else "cheapest"
    else:
        taken = "holder" if target == candidate.registered[0] else "other"
    code, detail = why or (taken, "")
    steps.append(
        Step(
            PASSED if why else CHOSEN,
            code,
            detail,
            rule=rule.id if rule else None,
            rule_name=rule.name if rule else "",
            provider=target,
            provider_name=provider.name if provider else "",
        )
    )
    return why is None


def decide_all(
    candidates: Iterable[Candidate],
    rules: Sequence[Rule],
    providers: Mapping[int, ProviderState],
    usage: Usage,
) -> list[Decision]:
    """Choose for many, in order, counting each against the caps.

    :param usage: what has gone out today; grows with each decision.
    """
    decisions = []
    for candidate in candidates:
        decision = decide(candidate, rules, providers, usage)
        usage.take(decision, candidate.amount_cents)
        decisions.append(decision)
    return decisions


def _amount(cents: int) -> str:
    """Write cents for a person, the same in every language."""
    return f"{cents // 100}.{cents % 100:02d}"
