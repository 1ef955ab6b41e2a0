"""A form's sheet of one period: lines down, territories across, and what is known beside each cell."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from indicators.models import OFFICIAL_FIRST, Entry, FormLine, Observation, Report, ReportingForm
from indicators.periods import Frequency, Period
from indicators.services.warning import Warning, find_warnings

BEFORE = 3
"""So many earlier figures stand beside a cell, and the one of a year before."""

Key = tuple[int, int, int]
"""A cell of the sheet: ids of its territory, indicator and breakdown."""


@dataclass(frozen=True)
class Beside:
    """What is published beside a cell: its own figure, earlier ones (the latest first), and the latest figure
    of a more official source."""

    published: Observation | None = None
    before: list[Observation] = field(default_factory=list)
    official: Observation | None = None


class Sheet:
    """The sheet, read as it is needed; with `indicators`, only the lines of these."""

    def __init__(
        self,
        form: ReportingForm,
        period: Period,
        reports: list[Report],
        indicators: Collection[int] | None = None,
    ) -> None:
        self.form, self.period, self.reports, self.indicators = form, period, reports, indicators

    @cached_property
    def lines(self) -> list[FormLine]:
        """The form's lines in their order."""
        lines = self.form.lines.select_related("indicator__unit", "breakdown")
        if self.indicators is not None:
            lines = lines.filter(indicator__in=self.indicators)
        return list(lines.prefetch_related("breakdown__categories"))

    @cached_property
    def entries(self) -> dict[Key, Entry]:
        """What is typed, by cell."""
        stored = {report.pk: report.territory_id for report in self.reports if report.pk}
        rows = Entry.objects.filter(report__in=stored).select_related("changed_by", "indicator", "breakdown")
        if self.indicators is not None:
            rows = rows.filter(indicator__in=self.indicators)
        return {(stored[entry.report_id], *entry.place): entry for entry in rows}

    @cached_property
    def beside(self) -> dict[Key, Beside]:
        """What is published beside each cell of which something is."""
        wanted = {line.place for line in self.lines}
        own: dict[Key, list[Observation]] = defaultdict(list)
        others: dict[Key, list[Observation]] = defaultdict(list)
        for row in self._observations():
            series = row.series
            place = series.indicator_id, series.breakdown_id
            if place in wanted:
                is_own = series.source_id == self.form.source_id
                (own if is_own else others)[series.territory_id, *place].append(row)
        return {key: self._beside(own[key], others[key]) for key in {*own, *others}}

    def _observations(self) -> Iterable[Observation]:
        """Figures of the lines and territories up to the period, the latest first."""
        earliest = self.period.start.replace(year=self.period.start.year - BEFORE - 1)
        rows = Observation.objects.filter(
            series__indicator__in={line.indicator_id for line in self.lines},
            series__territory__in=[report.territory_id for report in self.reports],
            series__frequency=self.form.frequency,
            period_start__range=(earliest, self.period.start),
        ).select_related("series__source")
        return rows.order_by("-period_start")

    def _beside(self, own: list[Observation], others: list[Observation]) -> Beside:
        """Earlier figures are the form's own; of a period in which it has none, the most official."""
        year_before = self.period.start.replace(year=self.period.start.year - 1)
        others = sorted(others, key=lambda row: _rank(row.series.source.kind))
        known = {row.period_start: row for row in [*reversed(others), *own]}
        before = sorted((start for start in known if start < self.period.start), reverse=True)
        shown = [known[start] for n, start in enumerate(before) if n < BEFORE or start == year_before]
        official = next(
            (row for row in others if _rank(row.series.source.kind) < _rank(self.form.source.kind)), None
        )
        published = next((row for row in own if row.period_start == self.period.start), None)
        return Beside(published, shown, official)

    @cached_property
    def warnings(self) -> dict[Key, list[Warning]]:
        """What is doubtful in each cell."""
        found: dict[Key, list[Warning]] = defaultdict(list)
        stored = [report for report in self.reports if report.pk]
        for warning in find_warnings(stored, self.entries.values(), self.indicators):
            found[warning.key].append(warning)
        return found

    def cells(self) -> Iterable[tuple[Report, FormLine, Key]]:
        """Every cell of the sheet."""
        for report in self.reports:
            for line in self.lines:
                yield report, line, (report.territory_id, *line.place)

    def period_of(self, row: Observation) -> Period:
        """The period of a figure beside a cell."""
        return Period(Frequency(self.form.frequency), row.period_start)


def _rank(kind: str) -> int:
    """How official a kind of source is; 0 is the most."""
    return [str(each) for each in OFFICIAL_FIRST].index(kind)
