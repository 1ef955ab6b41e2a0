"""What has changed since a day: standings first, then the figures that promises rest on."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet, Value
from django.utils import timezone
from django.utils.functional import cached_property

from common.databases.compiled import any_of, compiled
from indicators.models import Indicator, Source
from portal.models import StandingChange
from programmes.codes import KEPT, SLIPPED
from programmes.models import Programme

ORDER = ("met", "on_track", "at_risk", "off_track", "reversed", "missed")
"""Standings that are judgements, the best first."""
MOST_CHANGES, MOST_FIGURES, READ = 12, 10, 5000

# Revisions are numbered as they are published: only the newest are read, however many there are.
FIGURES = """
WITH newest AS (
    SELECT revision.series_id, revision.period_start, revision.recorded_at
    FROM indicators_observationrevision revision ORDER BY revision.id DESC LIMIT %(read)s
),
touched AS (
    SELECT series_id, count(DISTINCT period_start) AS figures, min(period_start) AS first,
           max(period_start) AS last, max(recorded_at) AS recorded_at
    FROM newest WHERE recorded_at >= %(since)s GROUP BY series_id
),
used AS (
    SELECT DISTINCT kpi.programme_id, touched.*
    FROM touched
    JOIN indicators_series series ON series.id = touched.series_id
    JOIN programmes_kpi kpi USING (indicator_id, breakdown_id)
    JOIN programmes_standing standing
        ON standing.kpi_id = kpi.id AND standing.territory_id = series.territory_id
        AND standing.series_id = series.id
)
SELECT used.programme_id, series.indicator_id, series.source_id, sum(used.figures)::integer,
       count(DISTINCT series.territory_id), min(used.first), max(used.last), max(used.recorded_at)
FROM used
JOIN indicators_series series ON series.id = used.series_id
JOIN indicators_source source ON source.id = series.source_id AND source.kind <> %(document)s
GROUP BY 1, 2, 3
ORDER BY max(used.recorded_at) DESC, max(used.last) DESC, 4 DESC, 2
LIMIT %(most)s
"""


@dataclass(frozen=True)
class Published:
    """Figures of an indicator from a source that were published, and that a programme's promises rest on."""

    programme: Programme
    indicator: Indicator
    source: Source
    figures: int
    places: int
    first: dt.date
    last: dt.date
    published_at: dt.datetime

    @property
    def years(self) -> str:
        """From which year to which."""
        first, last = self.first.year, self.last.year
        return str(first) if first == last else f"{first}–{last}"


@dataclass(frozen=True)
class Moved:
    """A promise that stands otherwise; `direction` is "worse", "better", "unknown" or "known"."""

    change: StandingChange

    @property
    def direction(self) -> str:
        """Which way it went; to and from what cannot be judged is neither better nor worse."""
        before, after = self.change.before, self.change.after
        if after not in ORDER:
            return "unknown"
        if before not in ORDER:
            return "known"
        return "worse" if ORDER.index(after) > ORDER.index(before) else "better"


@dataclass(frozen=True)
class News:
    """What has changed since a day."""

    since: dt.date
    slipped: int
    recovered: int
    changes: int
    moved: Sequence[Moved]
    published: Sequence[Published]

    @cached_property
    def hidden(self) -> int:
        """Changes of standings that are not shown."""
        return self.changes - len(self.moved)


def news(since: dt.date) -> News:
    """What has changed since the beginning of the day; six queries, however much it is."""
    start = timezone.make_aware(dt.datetime.combine(since, dt.time.min))
    changes, slips, recoveries = next(iter(_counts(start)), (0, 0, 0))
    shown = [Moved(each) for each in _newest(start)] if changes else []
    return News(since, slips, recoveries, changes, shown, published(start))


@compiled
def _counts(start: dt.datetime) -> QuerySet[StandingChange, tuple[int, int, int]]:
    kept, slipped = sorted(KEPT), sorted(SLIPPED)
    changes = StandingChange.objects.filter(noted_at__gte=start).order_by().values(one=Value(1))
    counts = changes.annotate(
        all=Count("pk"),
        slips=Count("pk", filter=Q(before__in=kept, after__in=slipped)),
        recoveries=Count("pk", filter=Q(before__in=slipped, after__in=kept)),
    )
    return counts.values_list("all", "slips", "recoveries")


@compiled
def _newest(start: dt.datetime) -> QuerySet[StandingChange]:
    return moved(StandingChange.objects.filter(noted_at__gte=start))[:MOST_CHANGES]


def moved(changes: QuerySet[StandingChange]) -> QuerySet[StandingChange]:
    """The changes with what a line says of each, the newest first."""
    return changes.select_related("kpi__programme", "kpi__indicator__unit", "territory")


def published(start: dt.datetime) -> list[Published]:
    """The figures that were published since, by programme, indicator and source, the newest first.

    What a programme's own document states is no news.
    """
    parameters: dict[str, str | int | dt.datetime] = {
        "since": start, "document": Source.Kind.DOCUMENT.value, "most": MOST_FIGURES, "read": READ,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, parameters)
        rows = cursor.fetchall()
    if not rows:
        return []
    programmes = {each.pk: each for each in _programmes([row[0] for row in rows])}
    indicators = {each.pk: each for each in _indicators([row[1] for row in rows])}
    sources = {each.pk: each for each in _sources([row[2] for row in rows])}
    return [Published(programmes[row[0]], indicators[row[1]], sources[row[2]], *row[3:]) for row in rows]


@compiled
def _programmes(ids: Collection[int]) -> QuerySet[Programme]:
    return Programme.objects.filter(any_of("pk", ids))


@compiled
def _indicators(ids: Collection[int]) -> QuerySet[Indicator]:
    return Indicator.objects.filter(any_of("pk", ids))


@compiled
def _sources(ids: Collection[int]) -> QuerySet[Source]:
    return Source.objects.filter(any_of("pk", ids))
