"""Figures inside input fields."""

from decimal import Decimal

from django import template
from django.utils.formats import get_format

register = template.Library()


@register.filter
def typed(value: Decimal | None) -> str:
    """The value whole, as the reader would type it: all its digits, his decimal mark, no grouping."""
    return "" if value is None else f"{value:f}".replace(".", str(get_format("DECIMAL_SEPARATOR")))
