"""Exact conversion of figures from one unit into another."""

from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext

from indicators.models import Unit

# Enough for the product of any two figures that are stored; a result that needs more digits is not exact.
EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation])


def ratio(given: Unit, wanted: Unit) -> Decimal | None:
    """How many of the wanted unit one of the given unit is; None where the catalogue does not say it, or
    where no decimal number says it exactly."""
    (base, factor), (other, divisor) = (_in_base(unit) for unit in (given, wanted))
    if base != other or given == wanted:
        return None
    with localcontext(EXACT):
        try:
            return (factor / divisor).normalize()
        except Inexact:
            return None


def converted(value: Decimal, by: Decimal) -> Decimal:
    """The product with all its digits, without an exponent."""
    with localcontext(EXACT):
        return Decimal(f"{(value * by).normalize():f}")


def _in_base(unit: Unit) -> tuple[int, Decimal]:
    """The unit of which it is a multiple (itself if of none), and how many of that."""
    if unit.multiple_of_id is None or unit.factor is None:
        return unit.pk, Decimal(1)
    return unit.multiple_of_id, unit.factor
