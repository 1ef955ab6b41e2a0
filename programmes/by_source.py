"""The same figure from every source, against the one that is used."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from cities.models import Territory
from common.databases.compiled import compiled
from indicators.models import OFFICIAL_FIRST, Observation, Source
from programmes.differences import Difference
from programmes.models import Kpi, Standing


@dataclass(frozen=True)
class FromSource:
    """A source's latest figure, and its figure of the period in which it is compared with the one used.

    Both figures compared are of the same period, the latest that both sources have in the year of the
    standing; `compared` and `used` are None where there is none such, and for the source that is used.
    """

    latest: Observation
    compared: Observation | None = None
    used: Observation | None = None

    @property
    def source(self) -> Source:
        """Who says so."""
        return self.latest.series.source

    @property
    def difference(self) -> Difference | None:
        """The source's figure less the one used."""
        if self.compared is None or self.used is None:
            return None
        return Difference.of(self.compared.value, self.used.value)


def from_every_source(kpi: Kpi, standing: Standing | None, territory: Territory | None) -> list[FromSource]:
    """Every source of the KPI's indicator there: the one used, then by preference; one query."""
    figures = _by_source(
        _figures(kpi.indicator_id, kpi.breakdown_id, territory.pk) if territory is not None else ()
    )
    series = standing.series if standing else None
    chosen = series.source_id if series else None
    used = figures.get(chosen, ()) if chosen is not None else ()
    year = standing.year if standing else None
    found = [
        FromSource(of_source[-1], *_of_the_same_period(of_source, used, year))
        if source != chosen
        else FromSource(of_source[-1])
        for source, of_source in figures.items()
    ]
    return sorted(found, key=lambda each: _rank(each.source, chosen, kpi))


def _rank(source: Source, chosen: int | None, kpi: Kpi) -> tuple[bool, bool, int, int]:
    is_preferred = source.pk == kpi.preferred_source_id
    return source.pk != chosen, not is_preferred, OFFICIAL_FIRST.index(Source.Kind(source.kind)), source.pk


@compiled
def _figures(indicator: int, breakdown: int, territory: int) -> QuerySet[Observation]:
    return Observation.objects.filter(
        series__indicator=indicator,
        series__breakdown=breakdown,
        series__territory=territory,
        value__isnull=False,
    ).select_related("series__source")


def _by_source(figures: Iterable[Observation]) -> dict[int, list[Observation]]:
    """Each source's figures in the order in which their periods end, the longest of those last."""
    found: dict[int, list[Observation]] = defaultdict(list)
    for figure in sorted(figures, key=lambda each: (each.period.end, each.period.frequency.months)):
        found[figure.series.source_id].append(figure)
    return found


def _of_the_same_period(
    others: Sequence[Observation], used: Sequence[Observation], year: int | None
) -> tuple[Observation | None, Observation | None]:
    in_use = {figure.period: figure for figure in used if figure.period_start.year == year}
    both = [(figure, in_use[figure.period]) for figure in others if figure.period in in_use]
    return both[-1] if both else (None, None)
