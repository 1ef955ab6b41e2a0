"""Figures as they were published, and how far apart they are."""

from decimal import Decimal

from django import template

from indicators.models import Indicator
from indicators.templatetags.figures import aligned, missing
from indicators.writing import percent
from programmes.differences import Difference

register = template.Library()


@register.filter
def as_published(value: Decimal | None, indicator: Indicator) -> str:
    """The value, right-aligned, with all of its decimals: a revision may lie beyond those usually shown."""
    if value is None:
        return missing()
    return aligned(value, max(indicator.decimals, -int(value.as_tuple().exponent)))


@register.filter
def amount(difference: Difference | None, indicator: Indicator) -> str:
    """A difference with its sign: +0.5, −1, 0; a dash where there is none to tell."""
    if difference is None:
        return missing()
    return f"{'+' if difference.amount > 0 else ''}{as_published(difference.amount, indicator)}"


@register.filter
def in_percent(difference: Difference | None) -> str:
    """A difference as per cent of the figure compared with: +11.4 %."""
    if difference is None or difference.share is None:
        return missing()
    return f"{'+' if difference.share > 0 else ''}{percent(difference.share, 1)}"
