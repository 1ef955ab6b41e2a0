"""The entry grid as a plain table: figures as they were typed, from the state that the script reads."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import get_format

from indicators.fields import MISSING_STATUSES
from indicators.writing import MINUS, NO_BREAK_SPACE

register = template.Library()

Given = Mapping[str, Any]
"""A report, line or cell of the state, or a figure of an earlier period: `value` (a plain decimal text or
None) and `status`."""

MOST_EARLIER = 3


@register.simple_tag
def sheet_cell(state: Given, report: Given, line: Given) -> Given:
    """The cell of a report's line in the page's state."""
    cell: Given = state["cells"].get(f"{report['id']}:{line['id']}", {})
    return cell


@register.simple_tag
def earlier_periods(state: Given) -> list[str]:
    """The earlier periods of which figures are shown, the latest first, at most three."""
    labels = dict.fromkeys(given["label"] for cell in state["cells"].values() for given in cell["before"])
    return sorted(labels, reverse=True)[:MOST_EARLIER]


@register.filter
def earlier(cell: Given, label: str) -> Given:
    """The cell's figure of the period with the label; the form's own source comes before others."""
    found = [given for given in cell.get("before", ()) if given["label"] == label]
    return min(found, key=lambda given: bool(given.get("source")), default={})


@register.filter
def typed(given: Given | None) -> str:
    """A figure with all its digits, thousands apart in every language; a dash if it is said to be missing."""
    if not given or given.get("value") is None:
        status = (given or {}).get("status")
        return ("x" if status == "Q" else "—") if status in MISSING_STATUSES else ""
    value = Decimal(given["value"])
    text = f"{abs(value):,f}".replace(",", NO_BREAK_SPACE)
    return (MINUS if value < 0 else "") + text.replace(".", str(get_format("DECIMAL_SEPARATOR")))
