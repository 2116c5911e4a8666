"""Faults on demand: what a network and a provider do on their bad days."""

import itertools
import random
import re
from dataclasses import asdict, dataclass, field, fields

# Whether the request is executed before the fault strikes, unless the rule says otherwise.
KINDS = {
    "drop_after": True,
    "drop_before": False,
    "429": False,
    "500": False,
    "502": False,
    "504": True,
    "html_200": True,
    "empty_200": True,
    "slow": True,
}


@dataclass
class FaultRule:
    """Strike requests whose method and path match.

    ``nth``: which matching requests (1 = the first); ``probability``: drawn with ``seed``;
    neither: all of them. ``count``: how often at most (None = for ever; default 1, or for ever
    with nth or probability). ``execute``: run the request before the fault. ``retry_after`` and
    ``seconds`` serve 429 and slow.
    """

    kind: str
    method: str | None = None
    path: str = ""
    nth: int | list | None = None
    probability: float | None = None
    seed: int = 1
    count: int | None = -1
    execute: bool | None = None
    retry_after: int | None = None
    seconds: float = 1.0
    id: int = 0
    seen: int = 0
    struck: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.kind = str(self.kind)
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}: {', '.join(KINDS)}")
        if self.execute is None:
            self.execute = KINDS[self.kind]
        if self.count == -1:
            self.count = 1 if self.nth is None and self.probability is None else None
        try:
            self._path = re.compile(self.path)
        except re.error as error:
            raise ValueError(f"{self.path!r} is no regular expression: {error}") from error
        self._nth = {self.nth} if isinstance(self.nth, int) else set(self.nth or ())
        self._random = random.Random(self.seed)

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request is struck; counts the requests that match."""
        if self.method and self.method.upper() != method:
            return False
        if not self._path.search(path):
            return False
        self.seen += 1
        if self.count is not None and self.struck >= self.count:
            return False
        if self._nth and self.seen not in self._nth:
            return False
        if self.probability is not None and self._random.random() >= self.probability:
            return False
        self.struck += 1
        return True

    def public(self) -> dict:
        """The rule as plain data, with what it has seen and struck so far."""
        values = asdict(self)
        values.pop("_random")
        return values


class Faults:
    """The rules in force, in the order in which they were added."""

    SETTABLE = {item.name for item in fields(FaultRule)} - {"id", "seen", "struck", "_random"}

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []
        self._ids = itertools.count(1)

    def add(self, **values) -> FaultRule:
        """Add a rule; ValueError when a key or the kind is unknown."""
        if unknown := set(values) - self.SETTABLE:
            raise ValueError(f"unknown keys of a fault: {', '.join(sorted(unknown))}")
        if "kind" not in values:
            raise ValueError("a fault needs a kind")
        rule = FaultRule(**values)
        rule.id = next(self._ids)
        self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()

    def pick(self, method: str, path: str) -> FaultRule | None:
        """The first rule that strikes this request."""
        for rule in self._rules:
            if rule.strikes(method, path):
                return rule
        return None

    def public(self) -> list[dict]:
        """All rules as plain data."""
        return [rule.public() for rule in self._rules]
