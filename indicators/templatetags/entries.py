"""Figures inside input fields."""

from decimal import Decimal
from typing import Literal

from django import template
from django.utils.formats import get_format

register = template.Library()


@register.filter
def typed(value: Decimal | Literal[""] | None) -> str:
    """The value whole, as the reader would type it: all its digits, his decimal mark, no grouping."""
    return (
        ""
        if value is None or value == ""
        else f"{value:f}".replace(".", str(get_format("DECIMAL_SEPARATOR")))
    )
