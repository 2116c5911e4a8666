"""Settings of a merchant account that the control API may change."""

from dataclasses import asdict, fields
from typing import ClassVar


class BaseSettings:
    """Base of a dataclass of settings; CHOICES lists the values of those that have few."""

    CHOICES: ClassVar[dict[str, tuple]] = {}

    def change(self, values: dict) -> dict:
        """Set ``values`` and return all settings; ValueError when a name or a type is wrong."""
        known = {item.name for item in fields(self)}
        if unknown := set(values) - known:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        for name, value in values.items():
            self.check(name, value)
        for name, value in values.items():
            setattr(self, name, value)
        return asdict(self)

    def check(self, name: str, value) -> None:
        """ValueError when ``value`` has not the type of the default or is no choice."""
        default = getattr(type(self), name)
        nullable = default is None and value is None
        if not nullable and type(value) is not (int if default is None else type(default)):
            raise ValueError(f"{value!r} does not fit the setting {name}")
        if value not in self.CHOICES.get(name, (value,)):
            raise ValueError(f"{name} is one of {', '.join(map(str, self.CHOICES[name]))}")
