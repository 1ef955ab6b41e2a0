"""Standings now against those of an earlier day, pair by pair, compared by PostgreSQL."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from programmes.codes import NUMBER_OF, VOCABULARY
from programmes.models import Kpi, Standing
from programmes.services.as_of import as_of

RANKS = {"met": 4, "on_track": 4, "at_risk": 3, "off_track": 2, "missed": 1, "reversed": 1}
"""How good a judgement is; standings without a place here are no judgement."""
UNJUDGED = ("", "stale", "no_data", "not_computable")
MOST = 100
"""So many rows of a list are kept; all are counted."""
KEPT_FOR = 24 * 3600

Pair = tuple[str, str]
"""A standing then (empty: the promise was not known here) and now."""


class Row(NamedTuple):
    """A KPI in a territory, then and now; years and figures are those that the standings rest on."""

    kpi: int
    territory: int
    then: str
    then_year: int | None
    then_actual: float | None
    now: str
    now_year: int | None
    now_actual: float | None


@dataclass(frozen=True)
class Comparison:
    """`tally` counts by programme, standing then and standing now; `rows` holds the first rows by list."""

    tally: Mapping[tuple[int, str, str], int]
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def count(self, pairs: Iterable[Pair]) -> int:
        """How many promises in places moved so."""
        wanted = set(pairs)
        return sum(count for (_programme, *pair), count in self.tally.items() if tuple(pair) in wanted)

    def by_programme(self, pairs: Iterable[Pair]) -> Counter[int]:
        """The same by the id of the programme."""
        wanted, found = set(pairs), Counter[int]()
        for (programme, *pair), count in self.tally.items():
            if tuple(pair) in wanted:
                found[programme] += count
        return found

    def then(self) -> Counter[str]:
        """How many stood how on the day."""
        found = Counter[str]()
        for (_programme, then, _now), count in self.tally.items():
            found[then or "no_data"] += count
        return found

    def now(self) -> Counter[str]:
        """How many stand how today."""
        found = Counter[str]()
        for (_programme, _then, now), count in self.tally.items():
            found[now] += count
        return found


def _moves(choose: Callable[[int], bool]) -> list[Pair]:
    """Pairs of judgements by the difference of their ranks, the largest first."""
    pairs = [pair for pair in product(RANKS, RANKS) if choose(RANKS[pair[1]] - RANKS[pair[0]])]
    return sorted(pairs, key=lambda pair: (-abs(RANKS[pair[1]] - RANKS[pair[0]]), RANKS[pair[1]]))


WORST_FIRST = sorted(RANKS, key=lambda word: RANKS[word])
LISTS: Mapping[str, list[Pair]] = {
    "slipped": _moves(lambda step: step < 0),
    "improved": _moves(lambda step: step > 0),
    "appeared": [(then, now) for now in WORST_FIRST for then in UNJUDGED],
    "faded": [(then, now) for then in reversed(WORST_FIRST) for now in UNJUDGED],
    "missed": [(then, "missed") for then in (*RANKS, *UNJUDGED)],
    "missing": [(then, now) for now in ("no_data", "stale") for then in (*RANKS, *UNJUDGED)],
}

JOINED = """
FROM public.programmes_standing present
JOIN programmes_kpi kpi ON kpi.id = present.kpi_id
LEFT JOIN programmes_standing earlier
    ON earlier.kpi_id = present.kpi_id AND earlier.territory_id = present.territory_id
WHERE present.kpi_id = ANY(%(kpis)s) AND (%(everywhere)s OR present.territory_id = ANY(%(places)s))
"""
TALLY = f"""
SELECT kpi.programme_id, coalesce(earlier.standing, 0), present.standing, count(*) {JOINED} GROUP BY 1, 2, 3
"""
ROWS = f"""
SELECT present.kpi_id, present.territory_id, coalesce(earlier.standing, 0), earlier.year, earlier.actual,
       present.standing, present.year, present.actual {JOINED}
  AND coalesce(earlier.standing, 0) * 1000 + present.standing = ANY(%(moves)s)
ORDER BY array_position(%(moves)s, coalesce(earlier.standing, 0) * 1000 + present.standing),
         kpi.is_headline DESC, kpi.weight DESC, kpi.programme_id, kpi.order, present.territory_id
LIMIT %(most)s
"""


def compare(kpis: Sequence[int], places: Sequence[int] | None, since: dt.date, name: str) -> Comparison:
    """The standings of the KPIs in the places (None: everywhere), then and now.

    To compute an earlier day takes long: it is kept under the name, for as long as no result has changed.
    """
    newest = Standing.objects.filter(kpi__in=kpis).aggregate(at=Max("computed_at"))["at"]
    key = f"briefing:{name}:{since}:{len(kpis)}:{newest and newest.timestamp()}"
    found: Comparison | None = cache.get(key)
    if found is None:
        found = _compared(kpis, places, since)
        cache.set(key, found, KEPT_FOR)
    return found


def _compared(kpis: Sequence[int], places: Sequence[int] | None, since: dt.date) -> Comparison:
    parameters: dict[str, bool | int | list[int]] = {
        "kpis": list(kpis), "everywhere": places is None, "places": list(places or ()), "most": MOST,
    }  # fmt: skip
    with as_of(since, Kpi.objects.filter(pk__in=kpis)), connection.cursor() as cursor:
        cursor.execute(TALLY, parameters)
        tally: defaultdict[tuple[int, str, str], int] = defaultdict(int)
        for programme, then, now, count in cursor.fetchall():
            tally[programme, VOCABULARY[then], VOCABULARY[now]] += count
        rows = {}
        for name, pairs in LISTS.items():
            moves = [NUMBER_OF[then] * 1000 + NUMBER_OF[now] for then, now in pairs]
            cursor.execute(ROWS, {**parameters, "moves": moves})
            rows[name] = [_row(columns) for columns in cursor.fetchall()]
    return Comparison(dict(tally), rows)


def _row(columns: Sequence[Any]) -> Row:
    kpi, territory, then, then_year, then_actual, now, now_year, now_actual = columns
    return Row(
        kpi, territory, VOCABULARY[then], then_year, then_actual, VOCABULARY[now], now_year, now_actual
    )
