"""How far two published figures of one thing lie apart."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Difference:
    """A figure less the one that it is compared with, in their unit, and as a share of that one.

    The share is None where the figure compared with is 0.
    """

    amount: Decimal
    share: float | None

    @classmethod
    def of(cls, value: Decimal | None, compared_with: Decimal | None) -> "Difference | None":
        """The difference of two figures; None where one of them is missing."""
        if value is None or compared_with is None:
            return None
        amount = value - compared_with
        return cls(amount, float(amount / abs(compared_with)) if compared_with else None)
