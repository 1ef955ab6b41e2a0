"""Words for the marks of a KPI's figures, and the cells of its tables by place and by breakdown."""

from collections.abc import Iterable, Mapping

from django import template
from django.template.defaultfilters import capfirst

from indicators.models import Indicator
from indicators.periods import Period
from indicators.templatetags.figures import aligned
from programmes.charts import Mark
from programmes.graphics import words_of_marks
from programmes.models import Standing
from programmes.parts import Part

register = template.Library()


@register.filter
def marked(marks: Mapping[int, Iterable[Mark]], year: int) -> str:
    """What the actual of the year is besides a figure, in words."""
    words = words_of_marks()
    return capfirst(", ".join(words[mark] for mark in sorted(marks.get(year, ()))))


@register.simple_tag
def cell(part: Part, period: Period, indicator: Indicator) -> str:
    """The part's figure of the period, aligned; a dash where there is none."""
    value = part.known.get(period)
    return aligned(None if value is None else value, indicator)


@register.filter
def standing_of(part: Part, standings: Mapping[str, Standing]) -> Standing | None:
    """How the KPI stands in the place."""
    return standings.get(part.code)


@register.filter
def wanted_of(code: str, wanted: Mapping[str, str]) -> str:
    """The category of a dimension that the address asks for."""
    return wanted.get(code, "")
