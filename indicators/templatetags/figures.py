"""Figures, periods and days for pages; what is missing is a dash with a word for those who listen.

`figure` shows no more decimals than the indicator has and invents none. `aligned` adds invisible digits, so
that a right-aligned column has its decimal separators in line.
"""

import datetime as dt
from functools import lru_cache
from typing import Literal

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.names import language
from indicators import writing
from indicators.models import Indicator
from indicators.periods import Frequency, Period
from indicators.writing import Number, in_a_sentence, rounded, written

register = template.Library()

FIGURE_SPACE, PUNCTUATION_SPACE = "\u2007", "\u2008"


def missing(reason: str = "") -> SafeString:
    """A dash for the eye, a word for the ear."""
    return format_html(
        '<span class="missing"><span aria-hidden="true">—</span>'
        '<span class="visually-hidden">{}</span></span>',
        reason or _("no figure"),
    )


@register.filter
def figure(value: Number | Literal[""] | None, indicator: Indicator | int) -> str:
    """The value with the indicator's decimals (or a number of decimals); a dash where it is missing.

    A template gives an empty text for the value of an observation that is None itself.
    """
    if value is None or value == "":
        return missing()
    return written(value, indicator if isinstance(indicator, int) else indicator.decimals)


@register.filter
def aligned(value: Number | None, indicator: Indicator | int) -> str:
    """`figure`, padded with invisible digits to the indicator's decimals."""
    decimals = indicator if isinstance(indicator, int) else indicator.decimals
    if value is None:
        return missing()
    shown = max(0, -int(rounded(value, decimals).as_tuple().exponent))
    separator = PUNCTUATION_SPACE if decimals and not shown else ""
    return written(value, decimals) + separator + FIGURE_SPACE * (decimals - shown)


@register.filter
def percent(share: float | None, decimals: int = 0) -> str:
    """A share as per cent: 0.953 is 95 %."""
    return missing() if share is None else writing.percent(share, decimals)


@register.filter
def with_unit(value: Number | None, indicator: Indicator) -> str:
    """The value and the symbol of its unit, unbreakable."""
    return missing() if value is None else writing.with_unit(value, indicator)


@register.filter
def period(value: Period | None) -> str:
    """A reporting period in words: 2024, 1st quarter of 2024, May 2024."""
    if value is None:
        return missing(_("no period"))
    year, number = str(value.year), value.number
    match value.frequency:
        case Frequency.HALF_YEAR:
            return pgettext("period", "half-year %(number)s of %(year)s") % {"number": number, "year": year}
        case Frequency.QUARTER:
            return pgettext("period", "quarter %(number)s of %(year)s") % {"number": number, "year": year}
        case Frequency.MONTH:
            return in_a_sentence(date_format(value.start, "YEAR_MONTH_FORMAT"))
    return year


@register.filter
def day(value: dt.date | None) -> str:
    """A date, or the day of a moment here, in words: 1 January 2015, 2015 ж. 1 қаңтар."""
    if value is None:
        return missing()
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return _day_in_words(value, language())


@lru_cache(maxsize=4096)
def _day_in_words(value: dt.date, _language: str) -> str:
    return in_a_sentence(date_format(value, "DATE_FORMAT"))
