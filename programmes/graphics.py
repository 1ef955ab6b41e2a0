"""A KPI's chart in the reader's language, from its rows of progress."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.charts.scales import decimals_of
from common.drawings import Drawing, Pair, svg
from indicators.fields import Status
from indicators.models import Indicator
from indicators.writing import ended, with_unit, written
from programmes.amended import first_set, original_levels
from programmes.charts import NARROW, WIDE, Benchmark, Figures, Mark, Size, Words, draw
from programmes.models import Forecast, Kpi, Target
from programmes.models.progress import Facts
from programmes.revisions import Record

DOUBTS = {Status.PROVISIONAL: Mark.PROVISIONAL, Status.ESTIMATED: Mark.ESTIMATED}


@dataclass(frozen=True)
class Ground:
    """What a chart is drawn from besides the KPI's promises: rows by year, forecasts, published figures."""

    rows: Mapping[int, Facts]
    forecasts: Sequence[Forecast] = ()
    record: Record = field(default_factory=lambda: Record([]))


def figures_of(kpi: Kpi, ground: Ground, targets: Sequence[Target], day: dt.date) -> Figures | None:
    """What the chart shows, or None where there is nothing to show; `targets` are those in force."""
    rows = ground.rows.values()
    tops = {target.period.year: float(target.value_max) for target in targets if target.value_max is not None}
    levels = [(row.year, row.target, tops.get(row.year)) for row in rows if row.target is not None]
    actuals = {row.year: row.actual for row in rows if row.actual is not None}
    if not actuals and not levels:
        return None
    first = next(iter(rows))
    baseline = None
    if first.baseline is not None and first.baseline_year is not None:
        baseline = (first.baseline_year, first.baseline)
    ends = [(each.year, each.low, each.high) for each in ground.forecasts]
    return Figures(
        actuals=actuals,
        targets=levels,
        baseline=baseline,
        path=kpi.path,
        forecast=[(year, low, high) for year, low, high in ends if low is not None and high is not None],
        originals=original_levels(
            kpi, first_set(kpi.targets.all(), day), targets, first.baseline, first.baseline_year
        ),
        marks=marks_of(ground.record),
        benchmarks=_benchmarks(kpi),
    )


def marks_of(record: Record) -> dict[int, frozenset[Mark]]:
    """What the published figures of each year are besides figures."""
    marks: dict[int, set[Mark]] = {}
    for history in record.histories:
        found = marks.setdefault(history.period.year, set())
        found.update(mark for status, mark in DOUBTS.items() if history.latest.status == status)
        if history.revised:
            found.add(Mark.REVISED)
    return {year: frozenset(found) for year, found in marks.items() if found}


def words_of_marks() -> dict[str, str]:
    """What each mark means, by its code."""
    return {
        Mark.PROVISIONAL: _("provisional"),
        Mark.ESTIMATED: _("estimated"),
        Mark.REVISED: _("revised since first published"),
    }


def kpi_chart(kpi: Kpi, figures: Figures | None) -> Pair | None:
    """The chart for wide and narrow screens, or None where there are fewer than two figures."""
    if figures is None:
        return None
    wide, narrow = _drawn(kpi, figures, WIDE, "wide"), _drawn(kpi, figures, NARROW, "narrow")
    return Pair(wide, narrow) if wide and narrow else None


def writer(indicator: Indicator) -> "Writer":
    """How numbers beside marks and axes are written: with the indicator's decimals, or those of a level."""
    return Writer(indicator.decimals)


@dataclass(frozen=True)
class Writer:
    """Writes a number with at least so many decimals as it needs, up to four."""

    decimals: int

    def __call__(self, value: float) -> str:
        """The number in the reader's language."""
        return written(value, max(self.decimals, decimals_of(value)))


def _drawn(kpi: Kpi, figures: Figures, size: Size, name: str) -> Drawing | None:
    keys = {
        "original": _("target as first set"),
        "forecast": _("trend, four times out of five"),
        "benchmark": _("other places"),
        **words_of_marks(),
    }
    words = Words(_("actual"), _("target"), _("baseline"), _("expected path"), keys)
    chart = draw(figures, words, writer(kpi.indicator), size)
    if chart is None:
        return None
    context = {"chart": chart, "size": name, "title": kpi.name, "description": _describe(kpi, figures)}
    return Drawing(svg("programmes/chart.svg", context), chart.width, chart.height)


def _benchmarks(kpi: Kpi) -> list[Benchmark]:
    """Other places' figures that can lie on the KPI's own scale: of its unit, and exact."""
    return [
        Benchmark(each.place, each.period.year if each.period else None, float(each.value))
        for each in kpi.benchmarks.all()
        if each.unit_id == kpi.indicator.unit_id and each.value_max is None
    ]


def _describe(kpi: Kpi, figures: Figures) -> str:
    """The chart for those who cannot see it: its figures, one after another."""
    words = words_of_marks()

    def series(name: str, pairs: Iterable[tuple[int, float]], marks: bool = False) -> str:
        listed = []
        for year, value in pairs:
            said = [words[mark] for mark in sorted(figures.marks.get(year, ()))] if marks else []
            listed.append(f"{year}: {', '.join([with_unit(value, kpi.indicator), *said])}")
        return ended(f"{name} – {'; '.join(listed)}") if listed else ""

    others = [f"{each.place}: {with_unit(each.value, kpi.indicator)}" for each in figures.near]
    parts = [
        series(_("Baseline"), [figures.baseline] if figures.baseline else []),
        series(_("Targets"), ((year, level) for year, level, _high in figures.targets)),
        series(_("Targets as first set"), ((year, level) for year, level, _high in figures.originals)),
        series(_("Actuals"), sorted(figures.actuals.items()), marks=True),
        series(_("Trend, lower end"), ((year, low) for year, low, _high in figures.forecast)),
        series(_("Trend, upper end"), ((year, high) for year, _low, high in figures.forecast)),
        ended(f"{_('Other places')} – {'; '.join(others)}") if others else "",
    ]
    return " ".join(filter(None, parts))
