"""A KPI's parts side by side, drawn: lines over time where there are any, else bars of one period."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.charts.bars import Row
from common.charts.multiples import Line
from common.drawings import Pair, Wording, bar_chart, panels
from indicators.models import Indicator
from indicators.periods import Period
from indicators.templatetags.figures import period as in_words
from indicators.writing import with_unit
from programmes.graphics import writer
from programmes.parts import Part, compared_period


def parts_chart(parts: Sequence[Part], indicator: Indicator, key: str, title: str) -> Pair | None:
    """The drawing of the parts that have figures, or None where none has any.

    `key` makes the ids within the page its own.
    """
    parts = [part for part in parts if part.known]
    period = period_of_bars(parts)
    if period is not None:
        values = [part.known.get(period) for part in parts]
        rows = [
            Row(part.name, None if value is None else float(value))
            for part, value in zip(parts, values, strict=True)
        ]
        return bar_chart(rows, Wording(key, title, _described(parts, indicator, period), writer(indicator)))
    lines = [line_of(part) for part in parts]
    return panels(lines, Wording(key, title, _described(parts, indicator), writer(indicator)))


def period_of_bars(parts: Sequence[Part]) -> Period | None:
    """The period that bars compare; None where any part has a course over time to show instead."""
    measured = [part for part in parts if part.known]
    if any(len(part.known) > 1 or part.targets for part in measured):
        return None
    return compared_period(measured)


def line_of(part: Part) -> Line:
    """The part's figures over time in years; a quarter is a fourth of one."""
    step = min((period.frequency.months for period in part.figures), default=12) / 12
    figures = {_when(period): float(value) for period, value in part.known.items()}
    return Line(part.name, figures, {float(year): level for year, level in part.targets.items()}, step)


def _when(period: Period) -> float:
    return period.year + (period.start.month - 1) / 12


def _described(parts: Sequence[Part], indicator: Indicator, period: Period | None = None) -> str:
    """Each part with its figure of the period, or its latest."""
    said = []
    for part in parts:
        latest = part.latest if period is None else (period, part.known.get(period))
        if latest is None or latest[1] is None:
            said.append(f"{part.name}: {_('no figure')}")
        else:
            said.append(f"{part.name}: {with_unit(latest[1], indicator)} ({in_words(latest[0])})")
    return "; ".join(said) + "."
