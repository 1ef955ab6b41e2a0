"""Groups of peers within which a territory is ranked, by a rule that is chosen and said."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cities.models import GroupMembership, Territory, TerritoryGroup
from cities.querysets import TerritoryQuerySet
from common.collation import sort_key
from common.databases.compiled import compiled
from indicators.models import Indicator, Observation, Series

LEVEL, OBLAST, POPULATION, GROUP = "level", "oblast", "population", "group:"
BAND, BANDS = 25, (10, 25, 50, 100)
"""By how many per cent a peer's population may differ."""
POPULATION_CODE = "population"


@dataclass(frozen=True)
class Rule:
    """A rule by which peers are chosen, and what it is called."""

    code: str
    name: str


@dataclass(frozen=True)
class Peers:
    """The territory and its peers in alphabetical order; `absent` are those of today that did not exist then.

    `note` says what else a reader must know of how they were chosen.
    """

    rule: Rule
    territories: list[Territory]
    absent: list[Territory]
    note: str = ""


def rules_for(territory: Territory, oblast: Territory | None) -> list[Rule]:
    """The rules that give a territory peers; one query."""
    level = territory.get_level_display()
    rules = [Rule(LEVEL, _("all of the same level: %(level)s") % {"level": level})]
    if oblast is not None and oblast.pk != territory.pk:
        rules.append(
            Rule(
                OBLAST,
                _("all of the same level in %(place)s: %(level)s") % {"place": oblast.name, "level": level},
            )
        )
    rules += [Rule(f"{GROUP}{each.code}", each.name) for each in _groups(territory.pk)]
    rules.append(Rule(POPULATION, _("those of the same level with about as many inhabitants")))
    return rules


@compiled
def _groups(territory: int) -> QuerySet[TerritoryGroup]:
    return TerritoryGroup.objects.filter(memberships__territory=territory).distinct().order_by("code")


def peers_of(territory: Territory, rule: Rule, oblast: Territory | None, band: int, day: dt.date) -> Peers:
    """The peers of the territory on the day, itself included."""
    if rule.code.startswith(GROUP):
        code = rule.code.removeprefix(GROUP)
        members = GroupMembership.objects.filter(group__code=code).current(day)
        candidates: TerritoryQuerySet = Territory.objects.filter(pk__in=members.values("territory"))
    else:
        candidates = Territory.objects.filter(level=territory.level)
        if rule.code == OBLAST and oblast is not None:
            candidates = candidates.within([oblast.pk])
    found = sorted(candidates, key=lambda each: sort_key(each.name))
    there = [each for each in found if exists(each, day)]
    absent = [each for each in found if not exists(each, day) and each.valid_to is None]
    if rule.code == POPULATION:
        return _of_like_size(territory, Peers(rule, there, absent), band, day)
    return Peers(rule, there, absent)


def exists(territory: Territory, day: dt.date) -> bool:
    """Whether the territory exists on the day, as far as is recorded."""
    begun = territory.valid_from is None or territory.valid_from <= day
    return begun and (territory.valid_to is None or territory.valid_to > day)


def _of_like_size(territory: Territory, peers: Peers, band: int, day: dt.date) -> Peers:
    people = _populations([each.pk for each in [*peers.territories, territory]], day)
    own = people.get(territory.pk)
    if own is None:
        note = _("No population figure of %(place)s is published: peers cannot be chosen by it.")
        return Peers(peers.rule, [territory], [], note % {"place": territory.name})
    low, high = own * (100 - band) / 100, own * (100 + band) / 100
    near = [each for each in peers.territories if each.pk in people and low <= people[each.pk] <= high]
    unknown = sum(each.pk not in people for each in peers.territories)
    note = _(
        "Population within ±%(band)s %% of its own, by the latest figure of each; "
        "%(unknown)s of the same level have none and are left out."
    )
    absent = [each for each in peers.absent if each.pk in people]
    return Peers(peers.rule, near, absent, note % {"band": band, "unknown": unknown})


def _populations(territories: Collection[int], day: dt.date) -> dict[int, Decimal]:
    """The latest total of the population of each territory by the day."""
    series: QuerySet[Series] = Series.objects.filter(
        indicator__in=Indicator.objects.filter(code=POPULATION_CODE),
        territory__in=territories,
        breakdown__code="",
    )
    figures = Observation.objects.filter(series__in=series, value__isnull=False, period_start__lte=day)
    rows = figures.order_by("period_start").values_list("series__territory", "value")
    return {territory: value for territory, value in rows if value is not None}


def oblast_of(above: Collection[Territory]) -> Territory | None:
    """The oblast or city of republican significance among a territory and what it is part of."""
    first_level = {Territory.Level.OBLAST, Territory.Level.REPUBLICAN_CITY}
    return next((each for each in above if each.level in first_level), None)
