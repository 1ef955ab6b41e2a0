"""Territories side by side by year, and one ranked among its peers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cities.models import Territory
from common.charts import courses
from common.charts.scales import decimals_of
from indicators.periods import Period
from indicators.writing import written
from portal.peers import Peers
from portal.ranking import Entry, Ranked, Ranking, rank
from portal.territory_figures import Figure, Subject, figures_at

SIZES = {"wide": (860.0, 300.0), "narrow": (350.0, 260.0)}  # px
MOST_ROWS = 200


@dataclass(frozen=True)
class Side:
    """A subject by year: a column for each territory, drawn and as a table."""

    subject: Subject
    territories: Sequence[Territory]
    figures: Mapping[int, Mapping[int, Figure]]
    number: int

    @property
    def rows(self) -> list[tuple[int, list[Figure | None]]]:
        """Every year with a figure, and what is said of each territory in it."""
        years = sorted({year for by_year in self.figures.values() for year in by_year})
        return [
            (year, [self.figures.get(each.pk, {}).get(year) for each in self.territories]) for year in years
        ]

    @property
    def without(self) -> list[Territory]:
        """The territories of which it says nothing."""
        return [each for each in self.territories if each.pk not in self.figures]

    @property
    def drawings(self) -> list[tuple[str, courses.Courses]]:
        """The lines for wide and for narrow screens."""
        lines = [(each.name, self._known(each)) for each in self.territories]
        found = ((size, courses.draw(lines, self._write, *box)) for size, box in SIZES.items())
        return [(size, drawn) for size, drawn in found if drawn is not None]

    def _known(self, territory: Territory) -> dict[int, float]:
        by_year = self.figures.get(territory.pk, {})
        return {year: float(each.value) for year, each in by_year.items() if each.value is not None}

    def _write(self, level: float) -> str:
        return written(level, decimals_of(level))


@dataclass(frozen=True)
class RankRow:
    """A rank in the table."""

    ranked: Ranked[int]
    territory: Territory
    figure: Figure
    is_chosen: bool


@dataclass(frozen=True)
class League:
    """A territory ranked among its peers by a subject in a period."""

    base: Territory
    subject: Subject
    period: Period
    peers: Peers
    ranking: Ranking[int]
    rows: list[RankRow]
    missing: list[Territory]

    @property
    def own(self) -> Ranked[int] | None:
        """The territory's own rank."""
        return self.ranking.of(self.base.pk)

    @property
    def has_doubts(self) -> bool:
        """Whether a figure may change, or another source says something else."""
        return any(row.figure.has_doubts for row in self.rows)

    @property
    def left_out(self) -> int:
        """Ranks that the table does not show."""
        return self.ranking.total - len(self.rows)


def league_of(
    base: Territory, subject: Subject, period: Period, peers: Peers, chosen: Collection[int]
) -> League:
    """The territory among its peers; the table shows those with the `chosen` ids in any case. One query."""
    by_id = {each.pk: each for each in peers.territories}
    figures = figures_at(subject, by_id, period)
    nothing = Figure(None)
    entries = [
        Entry(pk, figure.value, tuple(value for _source, value in figure.others), figure.is_provisional)
        for pk, figure in ((pk, figures.get(pk, nothing)) for pk in by_id)
    ]
    ranking = rank(entries, rounding=subject.rounding, highest_first=subject.highest_first)
    rows = [
        RankRow(each, by_id[each.entry.key], figures[each.entry.key], each.entry.key in chosen)
        for place, each in enumerate(ranking.ranked)
        if place < MOST_ROWS or each.entry.key in chosen
    ]
    return League(base, subject, period, peers, ranking, rows, [by_id[each.key] for each in ranking.missing])
