"""A KPI's figures as rows of a file: what its chart and its tables show, year by year."""

from collections.abc import Iterator, Mapping, Sequence

from programmes.charts import Figures
from programmes.models import Forecast
from programmes.models.progress import Facts
from programmes.parts import Part

COLUMNS = (
    "year", "actual", "marks", "months", "baseline", "target", "target_upper", "target_first_set", "expected",
    "verdict", "attainment", "distance", "pace", "course", "trend", "trend_low", "trend_high",
)  # fmt: skip
PARTS = ("code", "name", "period", "value", "status", "target")


def rows_by_year(
    rows: Mapping[int, Facts], figures: Figures | None, forecasts: Sequence[Forecast]
) -> Iterator[tuple[object, ...]]:
    """A row for each year in which there is anything; facts as codes, shares as they are stored."""
    if figures is None:
        return
    baseline = dict([figures.baseline] if figures.baseline else [])
    tops = {year: high for year, _low, high in figures.targets}
    first = {year: level for year, level, _high in figures.originals}
    trends = {each.year: each for each in forecasts}
    for year in sorted({*rows, *baseline, *first, *trends}):
        row, trend = rows.get(year), trends.get(year)
        marks = ";".join(sorted(figures.marks.get(year, ())))
        facts = ("expected", "verdict", "attainment", "distance", "pace", "course")
        yield (
            year,
            row and row.actual,
            marks,
            row and row.months,
            baseline.get(year),
            row and row.target,
            tops.get(year),
            first.get(year),
            *(getattr(row, fact) if row else None for fact in facts),
            *((trend.value, trend.low, trend.high) if trend else (None, None, None)),
        )


def rows_of_parts(parts: Sequence[Part]) -> Iterator[tuple[object, ...]]:
    """A row for each part and period: published figures with their status, and targets of years."""
    for part in parts:
        targets = dict(part.targets)
        for period, figure in sorted(part.figures.items()):
            target = targets.pop(period.year, None)
            yield part.code, part.name, str(period), figure.value, figure.status, target
        for year, target in sorted(targets.items()):
            yield part.code, part.name, str(year), None, "", target
