"""What a routing decision is made from, and what it is, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from odoo.addons.payment_collection.pure.costs import Cost

# What a provider can be when a debit is to leave.
READY, DISABLED, PAUSED, DOWN = "ready", "disabled", "paused", "down"
CHOSEN, PASSED = "chosen", "passed"

# Conditions on the client's results with a provider.
PAST_ANY, PAST_CLEAN, PAST_PROVEN, PAST_FAILED = "any", "clean", "proven", "failed"
PAST_LAST_COLLECTED, PAST_LAST_FAILED, PAST_NEVER = "last_collected", "last_failed", "never"


@dataclass(frozen=True)
class Past:
    """What became of a client's debits with one provider."""

    collected: int = 0
    failed: int = 0
    last_failed: bool = False


NO_PAST = Past()


@dataclass(frozen=True)
class Candidate:
    """One debit to be routed.

    `key` names the installment and draws the shares. `latest`: the last day that was announced to
    the client; None where nothing was. `registered` are the providers that know the
    mandate, the one that holds it first. `domains` are the rules whose further conditions hold.
    """

    key: str
    amount_cents: int
    currency: str = "EUR"
    scheme: str = "core"
    country: str = ""
    bic: str = ""
    tags: frozenset[int] = frozenset()
    kind: str = ""
    score: int = 100
    latest: date | None = None
    past: Mapping[int, Past] = field(default_factory=lambda: MappingProxyType({}))
    registered: tuple[int, ...] = ()
    domains: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rule:
    """One rule; what is empty or zero is no condition. Amounts are in cents.

    `provider` None: the cheapest of those that can take the debit.
    """

    id: int
    name: str
    provider: int | None
    share: int = 100
    min_cents: int = 0
    max_cents: int = 0
    scheme: str = ""
    countries: frozenset[str] = frozenset()
    bics: tuple[str, ...] = ()
    tags: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    min_score: int = 0
    max_score: int = 100
    past: str = PAST_ANY
    past_provider: int | None = None
    has_domain: bool = False
    cap_count: int = 0
    cap_cents: int = 0


@dataclass(frozen=True)
class ProviderState:
    """What a provider takes, and whether it takes anything now. Caps of zero are none.

    `earliest`: the first day that a debit leaving now could have; None where it binds nothing.
    """

    id: int
    name: str
    status: str = READY
    reason: str = ""
    schemes: frozenset[str] = frozenset({"core"})
    currencies: frozenset[str] = frozenset({"EUR"})
    min_cents: int = 1
    max_cents: int = 99_999_999_999
    earliest: date | None = None
    cap_count: int = 0
    cap_cents: int = 0
    cost: Cost = Cost()
    failure_rate: Decimal = Decimal(0)


@dataclass
class Usage:
    """What has gone out today, by rule and by provider: [count, cents]."""

    rules: dict[int, list[int]] = field(default_factory=dict)
    providers: dict[int, list[int]] = field(default_factory=dict)

    def take(self, decision: Decision, cents: int) -> None:
        """Count one more debit."""
        taken = ((self.rules, decision.rule), (self.providers, decision.provider))
        for tallies, key in taken:
            if key is not None:
                tally = tallies.setdefault(key, [0, 0])
                tally[0] += 1
                tally[1] += cents


@dataclass(frozen=True)
class Step:
    """A rule, a provider or both, and why it was taken or passed over.

    `code` says why; `detail` is the figure or the name that belongs to it.
    """

    verdict: str
    code: str
    detail: str = ""
    rule: int | None = None
    rule_name: str = ""
    provider: int | None = None
    provider_name: str = ""


@dataclass(frozen=True)
class Decision:
    """The provider, the rule that chose it (None: no rule did), and how it came to that."""

    provider: int | None
    rule: int | None
    steps: tuple[Step, ...]

    @property
    def problem(self) -> str:
        """Why nobody can take the debit: 'currency', 'amount_limit', 'cutoff_passed' or
        'provider_unavailable'; empty where somebody does."""
        if self.provider is not None:
            return ""
        codes = {step.code for step in self.steps if step.rule is None}
        if codes == {"currency"}:
            return "currency"
        if codes and codes <= {"provider_min", "provider_max"}:
            return "amount_limit"
        if codes == {"too_late"}:
            return "cutoff_passed"
        return "provider_unavailable"
