"""Atom feeds: what has changed in everything, in a programme, in a territory, and in one promise."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy

from cities.models import Territory
from indicators.models import ObservationRevision, Source
from indicators.periods import Frequency, Period
from indicators.templatetags.figures import period
from indicators.writing import with_unit
from portal.models import StandingChange
from portal.news import moved
from portal.searching import territory_page
from programmes.labels import WORDS
from programmes.models import Kpi, Programme, Standing

MOST = 50


@dataclass(frozen=True)
class Item:
    """Something that happened: what, in a sentence or two, where to read more, and when."""

    key: str
    title: str
    text: str
    link: str
    moment: dt.datetime


class ChangesFeed(Feed[Item, None]):
    """Promises that stand otherwise than before, the newest first."""

    feed_type = Atom1Feed
    title = gettext_lazy("Bağdar: what has changed")
    subtitle = gettext_lazy("Promises of development programmes that stand otherwise than before.")

    def link(self, obj: object) -> str:
        """The page that the feed is about."""
        return reverse("home")

    def items(self, obj: object) -> Iterable[Item]:
        """The newest changes."""
        return changes(StandingChange.objects.all())

    def item_title(self, item: Item) -> str:
        return item.title

    def item_description(self, item: Item) -> str:
        return item.text

    def item_link(self, item: Item) -> str:
        return item.link

    def item_guid(self, item: Item) -> str:
        return f"tag:bagdar,2026:{item.key}"

    def item_pubdate(self, item: Item) -> dt.datetime:
        return item.moment

    item_updateddate = item_pubdate


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
    """The newest figures that the standings rest on; two queries. Those of a document are no news."""
    rows = standings.exclude(series=None).select_related(
        "kpi__programme", "kpi__indicator__unit", "territory"
    )
    by_series = {row.series_id: row for row in rows}
    revisions = ObservationRevision.objects.filter(series__in=by_series).order_by("-id")
    news = revisions.exclude(series__source__kind=Source.Kind.DOCUMENT).select_related("series__source")
    return [_published(each, by_series[each.series_id]) for each in news[:MOST]]


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


class ProgrammeFeed(ChangesFeed):
    """What has changed in a programme."""

    subtitle = gettext_lazy("Promises that stand otherwise than before, and figures that were published.")

    def get_object(self, request: HttpRequest, code: str) -> Programme:  # type: ignore[override]
        return get_object_or_404(Programme, code=code)

    def title(self, obj: Programme) -> str:  # type: ignore[override]
        return obj.short_name

    def link(self, obj: Programme) -> str:  # type: ignore[override]
        return reverse("programmes:programme-detail", args=[obj.code])

    def items(self, obj: Programme) -> list[Item]:  # type: ignore[override]
        rows = StandingChange.objects.filter(kpi__programme=obj)
        return newest(changes(rows), figures(Standing.objects.filter(kpi__programme=obj)))


class KpiFeed(ProgrammeFeed):
    """What has changed in a promise."""

    def get_object(self, request: HttpRequest, code: str, kpi: str) -> Kpi:  # type: ignore[override]
        return get_object_or_404(Kpi.objects.select_related("programme"), programme__code=code, code=kpi)

    def title(self, obj: Kpi) -> str:  # type: ignore[override]
        return f"{obj.programme.short_name}: {obj.name}"

    def link(self, obj: Kpi) -> str:  # type: ignore[override]
        return reverse("programmes:kpi-detail", args=[obj.programme.code, obj.code])

    def items(self, obj: Kpi) -> list[Item]:  # type: ignore[override]
        return newest(changes(obj.standing_changes.all()), figures(Standing.objects.filter(kpi=obj)))


class TerritoryFeed(ProgrammeFeed):
    """What has changed in what is promised to a territory, and to all within it."""

    def get_object(self, request: HttpRequest, code: str) -> Territory:  # type: ignore[override]
        return get_object_or_404(Territory, code=code)

    def title(self, obj: Territory) -> str:  # type: ignore[override]
        return obj.name

    def link(self, obj: Territory) -> str:  # type: ignore[override]
        return territory_page(obj.code) or reverse("home")

    def items(self, obj: Territory) -> list[Item]:  # type: ignore[override]
        places = Territory.objects.within([obj.pk])
        rows = StandingChange.objects.filter(territory__in=places)
        return newest(changes(rows), figures(Standing.objects.filter(territory__in=places)))
