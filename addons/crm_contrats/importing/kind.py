"""Which of the two files is this one?"""

from __future__ import annotations


def kind_of(content: bytes) -> str:
    """Return ``mandates`` when the first line names a RUM, else ``contracts``.

    What is neither is read as contracts, whose missing columns are then named.
    """
    first = content[:10_000].splitlines()[:1] or [b""]
    names = first[0].decode("utf-8-sig", errors="replace").lower().split(";")
    return "mandates" if "rum" in [name.strip(' "') for name in names] else "contracts"
