"""What is doubtful in the figures of drafts: judged as if they were published, beside what is published."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from cities.models import Territory
from indicators.models import OFFICIAL_FIRST, Entry, Report
from indicators.periods import Period
from indicators.quality import Check, Figures, check_figures
from indicators.quality.inputs import YEAR, is_in_range
from indicators.quality.typing import is_sudden
from indicators.services.framing import LENGTHS
from indicators.services.gathering_figures import gather_figures

Key = tuple[int, int, int]
"""A cell among several reports: ids of the territory, the indicator and the breakdown."""

SUMS = {Check.PARTS_OF_WHOLE, Check.CATEGORIES_OF_TOTAL}
NEW = 10**12
"""Series that do not exist yet are numbered from here."""


@dataclass(frozen=True)
class Warning:
    """Something doubtful in a cell, which is asked about but not refused."""

    key: Key
    check: Check
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def is_sum(self) -> bool:
        """Whether it is about the cell and others together."""
        return self.check in SUMS


def find_warnings(
    reports: Sequence[Report], entries: Iterable[Entry], indicators: Collection[int] | None = None
) -> list[Warning]:
    """What is doubtful in the entries of the reports, all of one form and period; of the indicators only, if
    some are named. An entry belongs to the report by its id."""
    by_id = {report.pk: report for report in reports}
    chosen = [e for e in entries if (indicators is None or e.indicator_id in indicators) and _is_figure(e)]
    if not chosen:
        return []
    territories = {by_id[entry.report_id].territory_id for entry in chosen}
    known = gather_figures(sorted({entry.indicator_id for entry in chosen}), sorted(_related(territories)))
    typed, cells = _with_typed(known, chosen, by_id)
    found = check_figures(typed)
    month = _month(reports[0].period)
    found = found[found["series"].isin(list(cells)) & (found["month"] == month)]
    warnings = [_warning(cells[row["series"]], row) for row in found.to_dict("records")]  # type: ignore[arg-type] # names are texts
    return warnings + _sudden(typed, cells, month, {w.key for w in warnings if not w.is_sum})


def _is_figure(entry: Entry) -> bool:
    return entry.value is not None and is_in_range(entry.value)


def _related(territories: Collection[int]) -> set[int]:
    """The territories, what they are parts of, and the parts of both."""
    rows = Territory.objects.filter(pk__in=territories)
    wholes = {*territories, *rows.exclude(parent=None).values_list("parent_id", flat=True)}
    return {*wholes, *Territory.objects.filter(parent__in=wholes).values_list("pk", flat=True)}


def _month(period: Period) -> int:
    return period.start.year * YEAR + period.start.month - 1


def _with_typed(
    known: Figures, entries: Sequence[Entry], reports: dict[int, Report]
) -> tuple[Figures, dict[int, Key]]:
    """The figures with those typed in the place of what is published; and which cell each series is."""
    report = next(iter(reports.values()))
    form, month = report.form, _month(report.period)
    own = known.series[
        (known.series["source"] == form.source_id) & (known.series["frequency"] == form.frequency)
    ]
    names = ["territory", "indicator", "breakdown", "series"]
    places = {tuple(key): series for *key, series in own[names].itertuples(index=False)}
    series, figures, cells = [], [], {}
    for number, entry in enumerate(entries, NEW):
        territory, code = reports[entry.report_id].territory_id, entry.breakdown.code
        found = int(places.get((territory, entry.indicator_id, code), number))
        cells[found] = (territory, entry.indicator_id, entry.breakdown_id)
        figures.append((found, _as_double(entry), _digits(entry), month))
        if found == number:
            rank = _rank(form.source.kind)
            length = LENGTHS[form.frequency]
            series.append(
                (found, entry.indicator_id, territory, code, form.source_id, rank, form.frequency, length)
            )
    columns = ["series", "indicator", "territory", "breakdown", "source", "rank", "frequency", "length"]
    others = known.figures[~(known.figures["series"].isin(list(cells)) & (known.figures["month"] == month))]
    typed = pd.DataFrame(figures, columns=["series", "value", "digits", "month"])
    return replace(
        known,
        series=_joined(known.series[columns], pd.DataFrame(series, columns=columns)),
        figures=_joined(others, typed),
    ), cells


def _joined(known: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Both below one another; an empty frame has no types to give."""
    frames = [frame for frame in (known, more) if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else known


def _rank(kind: str) -> int:
    return [str(each) for each in OFFICIAL_FIRST].index(kind)


def _as_double(entry: Entry) -> float:
    return float(entry.value or 0)


def _digits(entry: Entry) -> int:
    """Decimals as typed."""
    return 0 if entry.value is None else max(0, -int(entry.value.as_tuple().exponent))


def _warning(key: Key, row: dict[str, Any]) -> Warning:
    names = ("value", "compared", "low", "high", "number", "subject", "other")
    return Warning(key, Check(row["check"]), {name: row[name] for name in names})


def _sudden(typed: Figures, cells: dict[int, Key], month: int, found: set[Key]) -> list[Warning]:
    """Sudden changes of short series, where no rule for whole series has said something already."""
    own = typed.figures[typed.figures["series"].isin(list(cells))]
    warnings = []
    for series, figures in own.groupby("series"):
        key = cells[int(str(series))]
        now = figures[figures["month"] == month].iloc[0]
        earlier = figures[(figures["month"] < month) & (figures["month"] % YEAR == month % YEAR)]
        if key in found or earlier.empty:
            continue
        last = earlier.sort_values("month").iloc[-1]
        digit = 10.0 ** -max(now["digits"], last["digits"])
        if is_sudden(now["value"], last["value"], digit, len(figures)):
            warnings.append(Warning(key, Check.JUMP, {"value": now["value"], "compared": last["value"]}))
    return warnings
