"""What differs from one merchant account to the next."""

from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation


@dataclass
class Settings:
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

    def change(self, values: dict) -> dict:
        """Set ``values`` and return all settings; ValueError when a name or a type is wrong."""
        known = {item.name for item in fields(self)}
        if unknown := set(values) - known:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        for name, value in values.items():
            self._check(name, value)
        for name, value in values.items():
            setattr(self, name, value)
        return asdict(self)

    def _check(self, name: str, value) -> None:
        if name.endswith("_percent"):
            try:
                Decimal(value)
            except (InvalidOperation, TypeError) as error:
                raise ValueError(f"{name} is a decimal number as text") from error
            return
        default = getattr(Settings, name)
        nullable = default is None and value is None
        if not nullable and type(value) is not (int if default is None else type(default)):
            raise ValueError(f"{value!r} does not fit the setting {name}")

    def fee_tenths(self, amount: int) -> int:
        """The fee of a payment of ``amount`` cents, in tenths of cents."""
        fee = self.fee_fixed * 10 + Decimal(amount) * Decimal(self.fee_percent) / 10
        return int(min(fee, Decimal(self.fee_cap * 10)).to_integral_value("ROUND_HALF_UP"))

    def vat_tenths(self, gross: int) -> int:
        """The VAT contained in ``gross``, both in tenths of cents."""
        rate = Decimal(self.vat_percent)
        return int((gross * rate / (100 + rate)).to_integral_value("ROUND_HALF_UP"))
