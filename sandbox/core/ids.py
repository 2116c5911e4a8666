"""Identifiers that look like the provider's and are the same on every run."""

from collections import defaultdict


class Ids:
    """Counters per prefix; ``seed`` shifts them so that two sandboxes do not share ids."""

    def __init__(self, seed: int = 1) -> None:
        self._last: dict[str, int] = defaultdict(lambda: seed * 0x1000)
        self._taken: set[str] = set()

    def number(self, name: str) -> int:
        """The next number of the counter ``name``."""
        self._last[name] += 1
        return self._last[name]

    def new(self, prefix: str) -> str:
        """A fresh id such as ``PM0000001001``."""
        while True:
            identity = f"{prefix}000{self.number(prefix):07X}"
            if identity not in self._taken:
                return identity

    def reserve(self, identity: str) -> None:
        """Keep a chosen id out of the counter; ValueError when it is taken already."""
        if identity in self._taken:
            raise ValueError(f"the id {identity} is taken")
        self._taken.add(identity)
