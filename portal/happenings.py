"""What happens to promises: changed standings and published figures, one item each, for feeds and letters."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from django.db import connection
from django.db.models import Max, QuerySet
from django.urls import reverse

from cities.models import Territory
from indicators.models import ObservationRevision, Source
from indicators.periods import Frequency, Period
from indicators.templatetags.figures import period
from indicators.writing import with_unit
from portal.models import StandingChange
from portal.news import moved
from programmes.labels import WORDS
from programmes.models import Kpi, Standing

MOST, RECENT = 50, 20_000
NEWEST = """
SELECT revision.id FROM unnest(%s::bigint[]) AS wanted (series_id)
CROSS JOIN LATERAL (
    SELECT id FROM indicators_observationrevision WHERE series_id = wanted.series_id OFFSET 0
) revision
ORDER BY revision.id DESC LIMIT %s
"""


@dataclass(frozen=True)
class Item:
    """Something that happened: what, in a sentence or two, where to read more, and when."""

    key: str
    title: str
    text: str
    link: str
    moment: dt.datetime


def changes(rows: QuerySet[StandingChange]) -> list[Item]:
    """The newest changes of standings; one query."""
    return [_changed(each) for each in moved(rows)[:MOST]]


def _changed(change: StandingChange) -> Item:
    kpi = change.kpi
    text = f"{WORDS[change.before]} → {WORDS[change.after]}"
    if change.actual is not None:
        text += f". {with_unit(change.actual, kpi.indicator)} ({change.year})"
    title = f"{_named(kpi, change.territory)}: {WORDS[change.after]}"
    return Item(f"change-{change.pk}", title, text, _page(kpi, change.territory), change.noted_at)


def figures(standings: QuerySet[Standing]) -> list[Item]:
    """The newest figures that the standings rest on; five queries at most. Those of a document are no news.

    They are looked for among the newest of all, and only if too few of these are theirs, in all of their
    series: neither way leads through everything that was ever published.
    """
    rows = standings.exclude(series=None).exclude(series__source__kind=Source.Kind.DOCUMENT)
    series = list(rows.values_list("series", flat=True).distinct())
    last = ObservationRevision.objects.aggregate(last=Max("id"))["last"] or 0
    revisions = ObservationRevision.objects.select_related("series__source").order_by("-id")
    found = list(revisions.filter(pk__gt=last - RECENT, series__in=series)[:MOST])
    if len(found) < MOST:
        with connection.cursor() as cursor:
            cursor.execute(NEWEST, [series, MOST])
            found = list(revisions.filter(pk__in=[pk for (pk,) in cursor.fetchall()]))
    rows = rows.filter(series__in={each.series_id for each in found})
    by_series = {
        row.series_id: row
        for row in rows.select_related("kpi__programme", "kpi__indicator__unit", "territory")
    }
    return [_published(each, by_series[each.series_id]) for each in found]


def _published(revision: ObservationRevision, standing: Standing) -> Item:
    kpi, series = standing.kpi, revision.series
    when = period(Period(Frequency(series.frequency), revision.period_start))
    value = (
        revision.get_status_display() if revision.value is None else with_unit(revision.value, kpi.indicator)
    )
    title = f"{_named(kpi, standing.territory)}: {value} ({when})"
    text = " · ".join(filter(None, (series.source.name, revision.reason)))
    return Item(f"figure-{revision.pk}", title, text, _page(kpi, standing.territory), revision.recorded_at)


def _named(kpi: Kpi, territory: Territory) -> str:
    return f"{kpi.name}, {territory.name}" if kpi.group_id else kpi.name


def _page(kpi: Kpi, territory: Territory) -> str:
    address = reverse("programmes:kpi-detail", args=[kpi.programme.code, kpi.code])
    return f"{address}?territory={territory.code}" if kpi.group_id else address


def newest(*lists: Iterable[Item]) -> list[Item]:
    """The newest of all, the newest first."""
    return nlargest(
        MOST, (item for items in lists for item in items), key=lambda item: (item.moment, item.key)
    )
