"""Money: exact decimals in euro, never floats."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _DecimalField = models.DecimalField[Any, Any]
else:
    _DecimalField = models.DecimalField  # Django's own fields take no type arguments when they run.

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("999999999999.99")


def euro(value: Decimal | int | str) -> Decimal:
    """Return an amount with exactly two decimals; raises ValueError when that would lose a fraction of a cent."""
    if isinstance(value, float):
        raise TypeError("money is never a float")
    exact = Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"{value} is not an amount")
    rounded = exact.quantize(CENT)
    if rounded != exact:
        raise ValueError(f"{value} has fractions of a cent")
    return rounded


class MoneyField(_DecimalField):
    """Store an amount in euro with two decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class PriceField(_DecimalField):
    """Store a price per share in euro with four decimals: splits make fractions of a cent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)
