"""What can be wrong with a file or a row: codes and values, no sentences.

The sentences are made, and translated, where a person reads them (``wizards/import_reasons.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from odoo.addons.payment_direct_debit.pure.iban import redact

# How much of a refused value a report repeats.
SHOWN = 60


class FileRefused(Exception):
    """The file as a whole can not be read.

    :param code: a key of the sentences
    :param params: the values of the sentence
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}")
        self.code = code
        self.params = params


class ValueRefused(Exception):
    """One value is not what its column wants."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}")
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class RowError:
    """One problem of one row.

    :param row: line number in the file, the header being line 1
    :param column: name of the column, as in the header
    :param code: a key of the sentences
    """

    row: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def shown(value: str) -> str:
    """Return a value short, on one line and without an account number, to repeat it in a report."""
    # An account number may stand in any column of a file whose columns were shifted by one.
    text = redact(" ".join(value.split()))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
