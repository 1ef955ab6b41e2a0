"""Atom feeds: what has changed in everything, in a programme, in a territory, and in one promise."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy

from cities.models import Territory
from portal.happenings import Item, changes, figures, newest
from portal.models import StandingChange
from portal.searching import territory_page
from programmes.models import Kpi, Programme, Standing

if TYPE_CHECKING:
    ItemFeed = Feed[Item, Any]
else:
    ItemFeed = Feed


class ChangesFeed(ItemFeed):
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


class ProgrammeFeed(ChangesFeed):
    """What has changed in a programme."""

    subtitle = gettext_lazy("Promises that stand otherwise than before, and figures that were published.")

    def get_object(self, request: HttpRequest, code: str) -> Programme:
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
