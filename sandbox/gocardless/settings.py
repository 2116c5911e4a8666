"""What differs from one merchant account to the next."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sandbox.core.settings import BaseSettings


@dataclass
class Settings(BaseSettings):
    """Switches and tariff of the sandbox merchant; amounts in cents, days are working days.

    fulfilling_reads: GETs that still show a completed billing request as "fulfilling".
    rate_limit: requests a minute of real time, None for no limit. The fees include VAT.
    """

    custom_pages: bool = True
    can_create_refunds: bool = True
    can_specify_mandate_reference: bool = True
    payment_references: bool = False
    success_plus: bool = False
    min_amount: int = 100
    max_amount: int = 500_000
    minimum_advance_notice: int = 3
    autoretry_days: int = 3
    late_days: int = 5
    chargeback_days: int = 20
    fee_fixed: int = 20
    fee_percent: str = "1"
    fee_cap: int = 200
    vat_percent: str = "20"
    fulfilling_reads: int = 0
    rate_limit: int | None = None

    def check(self, name: str, value) -> None:
        """Percentages are decimal numbers as text."""
        if not name.endswith("_percent"):
            super().check(name, value)
            return
        try:
            Decimal(value)
        except (InvalidOperation, TypeError) as error:
            raise ValueError(f"{name} is a decimal number as text") from error

    def fee_tenths(self, amount: int) -> int:
        """The fee of a payment of ``amount`` cents, in tenths of cents."""
        fee = self.fee_fixed * 10 + Decimal(amount) * Decimal(self.fee_percent) / 10
        return int(min(fee, Decimal(self.fee_cap * 10)).to_integral_value("ROUND_HALF_UP"))

    def vat_tenths(self, gross: int) -> int:
        """The VAT contained in ``gross``, both in tenths of cents."""
        rate = Decimal(self.vat_percent)
        return int((gross * rate / (100 + rate)).to_integral_value("ROUND_HALF_UP"))
