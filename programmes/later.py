"""What is known today of figures that were frozen for an inquiry: beside them, never in their place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.models import Observation
from indicators.periods import Frequency, Period
from programmes.models import FrozenFigure, GroupStanding, Standing


@dataclass(frozen=True)
class Later:
    """A frozen figure as it stands today.

    `revised` is what is published today for the very period of the frozen figure, where that differs.
    `actual`, `period` and `standing` are the latest ones; `is_newer` says that they are of a later period.
    """

    actual: Decimal | float | None
    period: Period | None
    standing: str
    revised: Decimal | None
    is_newer: bool

    @property
    def has_changed(self) -> bool:
        """Whether there is anything that was not known on the day."""
        return self.is_newer or self.revised is not None


def later_figures(figures: Sequence[FrozenFigure]) -> dict[int, Later]:
    """By the id of the frozen figure; four queries. Figures come with their revision and its series."""
    kpis = {figure.kpi_id for figure in figures}
    standings: dict[tuple[int, int | None], Standing | GroupStanding] = {
        (each.kpi_id, each.territory_id): each
        for each in Standing.objects.filter(
            kpi__in=kpis, territory__in={figure.territory_id for figure in figures}
        )
    }
    standings |= {(each.kpi_id, None): each for each in GroupStanding.objects.filter(kpi__in=kpis)}
    series = {figure.revision.series_id for figure in figures if figure.revision}
    starts = {figure.period_start for figure in figures if figure.period_start}
    published = {
        (each.series_id, each.period_start): each
        for each in Observation.objects.filter(series__in=series, period_start__in=starts)
    }
    numbers = Observation.objects.filter(series__in=series, value__isnull=False).select_related("series")
    latest = {each.series_id: each for each in numbers.order_by("series", "-period_start").distinct("series")}
    return {
        figure.pk: _later(
            figure,
            standings.get((figure.kpi_id, figure.territory_id)),
            _of_the_same_period(figure, published),
            latest.get(figure.revision.series_id) if figure.revision else None,
        )
        for figure in figures
    }


def _of_the_same_period(
    figure: FrozenFigure, published: Mapping[tuple[int, dt.date], Observation]
) -> Observation | None:
    if figure.revision is None or figure.period_start is None:
        return None
    return published.get((figure.revision.series_id, figure.period_start))


def _later(
    figure: FrozenFigure,
    standing: Standing | GroupStanding | None,
    same: Observation | None,
    latest: Observation | None,
) -> Later:
    is_own = figure.breakdown_id == figure.kpi.breakdown_id
    revised = same.value if same is not None and same.value != figure.actual else None
    if standing is not None and is_own:
        period = Period(Frequency.ANNUAL, dt.date(standing.year, 1, 1)) if standing.year else None
        actual: Decimal | float | None = standing.actual
        word = standing.standing
    else:
        period, actual, word = (latest.period, latest.value, "") if latest else (None, None, "")
    then = figure.period
    is_newer = period is not None and (then is None or period.start > then.start)
    return Later(actual, period, word, _unless_made_of_parts(figure, revised), is_newer)


def _unless_made_of_parts(figure: FrozenFigure, revised: Decimal | None) -> Decimal | None:
    """A year's figure that was made of several periods is no revision of one of them."""
    is_own_period = figure.revision is not None and figure.revision.period_start == figure.period_start
    same_length = figure.revision is not None and figure.revision.series.frequency == figure.frequency
    return revised if is_own_period and same_length else None
