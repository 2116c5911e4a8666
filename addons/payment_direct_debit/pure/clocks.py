"""How long money that has arrived may still be taken back, without the ORM.

Source: SEPA Direct Debit Core and B2B rulebooks of the EPC, sections on refunds; articles L133-24
and L133-25-1 of the Code monétaire et financier. The windows run in calendar time from the day of
the debit, which is the day of settlement.
"""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

CORE, B2B = "core", "b2b"
AUTHORISED = relativedelta(weeks=8)
UNAUTHORISED = relativedelta(months=13)


def refundable_until(settled: date | None, scheme: str) -> date | None:
    """Return the last day on which the debtor may ask the money back without a reason.

    :param settled: day of settlement; None while no money has come.
    :param scheme: `core` or `b2b`; a B2B debtor has no such right.
    """
    return settled + AUTHORISED if settled and scheme == CORE else None


def contestable_until(settled: date | None) -> date | None:
    """Return the last day on which the debtor may say that he never authorised the debit.

    :param settled: day of settlement; None while no money has come.
    """
    return settled + UNAUTHORISED if settled else None
