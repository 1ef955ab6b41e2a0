"""First published against latest: how the figures behind a KPI have been revised, period by period."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from common.databases.compiled import compiled
from indicators.models import Indicator, ObservationRevision, Series
from indicators.periods import Frequency, Period
from programmes.differences import Difference

NEWEST, REVISED, EARLIER = 3, 10, 24
"""Periods on a KPI's own page: the newest, the revised ones, and the earlier ones behind a switch."""


@dataclass(frozen=True)
class History:
    """Every figure that one source has published for a period, from the first to the one in use."""

    period: Period
    revisions: Sequence[ObservationRevision]

    @property
    def first(self) -> ObservationRevision:
        """The figure as it was first published here."""
        return self.revisions[0]

    @property
    def latest(self) -> ObservationRevision:
        """The figure in use."""
        return self.revisions[-1]

    @property
    def revised(self) -> int:
        """How many times it has been revised."""
        return len(self.revisions) - 1

    @property
    def difference(self) -> Difference | None:
        """The latest figure against the first; None where one of them is missing."""
        return Difference.of(self.latest.value, self.first.value)

    @property
    def steps(self) -> list[tuple[ObservationRevision, Difference | None]]:
        """Each revision with its difference to the one before, the newest first."""
        before = [None, *(revision.value for revision in self.revisions)]
        found = [
            (each, Difference.of(each.value, old)) for each, old in zip(self.revisions, before, strict=False)
        ]
        return found[::-1]


@dataclass(frozen=True)
class Record:
    """The histories of all periods, the newest first, and which of them a KPI's own page shows."""

    histories: Sequence[History]

    @property
    def revised(self) -> list[History]:
        """Those whose figure was published more than once."""
        return [history for history in self.histories if history.revised]

    @property
    def shown(self) -> list[History]:
        """The newest periods and those last revised."""
        wanted = {history.period for history in (*self.histories[:NEWEST], *self.revised[:REVISED])}
        return [history for history in self.histories if history.period in wanted]

    @property
    def earlier(self) -> list[History]:
        """The periods that come next, behind a switch."""
        shown = {history.period for history in self.shown}
        return [history for history in self.histories if history.period not in shown][:EARLIER]

    @property
    def has_release_days(self) -> bool:
        """Whether it is recorded of any figure on which day its source released it."""
        return any(revision.released_on for history in self.histories for revision in history.revisions)

    @property
    def has_more(self) -> bool:
        """Whether there is anything that the KPI's own page does not show."""
        return bool(self.revised) or len(self.histories) > len(self.shown) + len(self.earlier)


def record_of(series: Series | None, indicator: Indicator) -> Record:
    """The record of the source whose series serves a KPI of the indicator, empty without one; one query.

    Series of other frequencies belong to it where figures of years are made of theirs.
    """
    if series is None:
        return Record([])
    return Record(histories(_revisions_of(series, indicator)))


def histories(revisions: Iterable[ObservationRevision]) -> list[History]:
    """The revisions, in whatever order, of one source by period, the newest period first."""
    by_period: dict[Period, list[ObservationRevision]] = defaultdict(list)
    for revision in sorted(revisions, key=lambda revision: revision.pk):
        by_period[Period(Frequency(revision.series.frequency), revision.period_start)].append(revision)
    found = [History(period, tuple(published)) for period, published in by_period.items()]
    return sorted(found, key=lambda history: history.period, reverse=True)


def _revisions_of(series: Series, indicator: Indicator) -> list[ObservationRevision]:
    same = _revisions(series.indicator_id, series.territory_id, series.breakdown_id, series.source_id)
    if indicator.over_time != Indicator.OverTime.NONE:
        return same
    return [each for each in same if each.series.frequency == series.frequency]


@compiled
def _revisions(indicator: int, territory: int, breakdown: int, source: int) -> QuerySet[ObservationRevision]:
    same = Series.objects.filter(indicator=indicator, territory=territory, breakdown=breakdown, source=source)
    return ObservationRevision.objects.filter(series__in=same).select_related("series", "upload")
