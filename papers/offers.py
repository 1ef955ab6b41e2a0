"""Which papers are offered about a territory, and which of them are ready to be read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from cities.models import Territory
from common.databases.compiled import any_of, compiled
from common.names import language
from papers.models import Paper
from programmes.applied.strategies import described
from programmes.models import Programme


@dataclass(frozen=True)
class Offer:
    """A kind of paper about a town or a programme, with the latest one in the reader's language."""

    kind: Paper.Kind
    about: Territory | Programme
    latest: Paper | None

    @property
    def name(self) -> str:
        """What it is about, shortly."""
        return self.about.name if isinstance(self.about, Territory) else self.about.short_name

    @property
    def query(self) -> str:
        """What the form of an order begins with."""
        name = "territory" if isinstance(self.about, Territory) else "programme"
        return urlencode({name: self.about.code})


def offers_for(territory: Territory, programmes: Sequence[Programme], *, is_monotown: bool) -> list[Offer]:
    """The report on the town, the check of its own strategy, and the report of each programme; one query."""
    own = [each for each in programmes if each.territory_id == territory.pk]
    strategies = set(described()) if own else set()
    offered: list[tuple[Paper.Kind, Territory | Programme]] = []
    if is_monotown:
        offered.append((Paper.Kind.MONOTOWNS, territory))
    offered += [(Paper.Kind.STRATEGY, each) for each in own if each.code in strategies]
    offered += [(Paper.Kind.PROGRAMME, each) for each in programmes]
    latest = _latest(territory, programmes) if offered else {}
    return [Offer(kind, about, latest.get((kind, about))) for kind, about in offered]


def _latest(
    territory: Territory, programmes: Sequence[Programme]
) -> dict[tuple[str, Territory | Programme], Paper]:
    found: dict[tuple[str, Territory | Programme], Paper] = {}
    for paper in _ready(territory.pk, [each.pk for each in programmes]):
        if about := paper.programme or paper.territory:
            found[(paper.kind, about)] = paper
    return found


@compiled
def _ready(territory: int, programmes: Collection[int]) -> QuerySet[Paper]:
    """The latest ones in the reader's language, without what they say."""
    of_programmes = Q(any_of("programme", programmes), kind__in=[Paper.Kind.PROGRAMME, Paper.Kind.STRATEGY])
    of_the_town = Q(kind=Paper.Kind.MONOTOWNS, territory=territory)
    ready = Paper.objects.filter(of_programmes | of_the_town, state=Paper.State.READY, language=language())
    rows = ready.defer("contents").select_related("programme", "territory")
    return rows.order_by("kind", "programme_id", "-ordered_at").distinct("kind", "programme_id")
