"""What the banks will answer: rules that give each attempt of a payer its outcome."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

DEFAULT_CODES = {"paid": None, "failed": "AM04", "late": "MS03", "chargeback": "MD06"}
# A code is the bank's (AM04) or, in words, the provider's (insufficient_funds).
CODE = r"[A-Z0-9]{2,8}|[a-z]+(?:_[a-z]+)+"
TOKEN = re.compile(rf"^(paid|failed|late|chargeback)(?::({CODE}))?$")
MATCH_KEYS = ("mandate", "iban", "customer", "customer_name")


class Outcome(NamedTuple):
    """``kind`` is paid, failed, late (failed after it was paid) or chargeback."""

    kind: str
    code: str | None


PAID = Outcome("paid", None)


def parse(token: str) -> Outcome:
    """Read ``paid``, ``failed:AM04``, ``late:MS03`` or ``chargeback:MD06``; else ValueError."""
    found = TOKEN.match(token)
    if not found:
        raise ValueError(f"{token!r} is not an outcome: paid, failed:CODE, late:CODE, ...")
    kind, code = found.groups()
    if kind == "paid" and code:
        raise ValueError("paid has no reason code")
    return Outcome(kind, code or DEFAULT_CODES[kind])


class Rule:
    """A plan (successive outcomes of each payer, the last repeats) or rates with a seed."""

    def __init__(self, plan: Iterable[str] = (), rates: dict | None = None, seed: int = 1) -> None:
        self.plan = [parse(token) for token in plan]
        self.rates = [(parse(token), float(rate)) for token, rate in (rates or {}).items()]
        self.seed = seed
        self._used: dict[str, int] = defaultdict(int)
        if bool(self.plan) == bool(self.rates):
            raise ValueError("a rule has either a plan or rates")
        if sum(rate for _outcome, rate in self.rates) > 1:
            raise ValueError("the rates add up to more than 1")

    def outcome(self, payer: str, attempt: str) -> Outcome:
        """The outcome of this attempt; with rates it depends on seed and attempt only."""
        if self.plan:
            position = min(self._used[payer], len(self.plan) - 1)
            self._used[payer] += 1
            return self.plan[position]
        draw = random.Random(f"{self.seed}/{attempt}").random()
        for outcome, rate in self.rates:
            if draw < rate:
                return outcome
            draw -= rate
        return PAID


class Outcomes:
    """Rules by what they match; the most specific key wins, then the latest rule."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], Rule] = {}
        self._any: Rule | None = None

    def add(self, match: dict | str, rule: Rule) -> None:
        """Use ``rule`` for payers that ``match``: "any" or one of MATCH_KEYS with its value."""
        if match == "any":
            self._any = rule
            return
        if not isinstance(match, dict) or len(match) != 1 or not set(match) <= set(MATCH_KEYS):
            raise ValueError(f"match is 'any' or one of {', '.join(MATCH_KEYS)}")
        ((key, value),) = match.items()
        self._rules[key, normal(key, value)] = rule

    def clear(self) -> None:
        """Forget all rules."""
        self._rules.clear()
        self._any = None

    def decide(self, payer: str, keys: Iterable[tuple[str, str]], attempt: str) -> Outcome | None:
        """The outcome for ``payer`` known under ``keys``; None when no rule speaks of them."""
        for key, value in keys:
            if rule := self._rules.get((key, normal(key, value))):
                return rule.outcome(payer, attempt)
        return self._any.outcome(payer, attempt) if self._any else None


def normal(key: str, value: str) -> str:
    """Values compared without regard to case; an IBAN also without its spaces."""
    value = str(value).casefold().strip()
    return value.replace(" ", "") if key == "iban" else value
