"""What a page, a file or a paper about a KPI is about: the KPI on a day, in a territory."""

import datetime as dt
import re
from dataclasses import dataclass

from cities.models import Territory
from indicators.models import Source
from programmes.charts import Figures
from programmes.explaining import Place
from programmes.graphics import Ground, figures_of
from programmes.kpi_reading import chosen_territory, group_progress_of, place_of, standings_of
from programmes.models import Kpi, Standing, Target
from programmes.overview import in_force
from programmes.revisions import Record, record_of


@dataclass(frozen=True)
class Subject:
    """A KPI on a day, in the territory that a page is about or for its group as a whole."""

    kpi: Kpi
    day: dt.date
    standings: list[Standing]
    territory: Territory | None
    place: Place | None
    targets: list[Target]
    record: Record
    ground: Ground
    figures: Figures | None

    @property
    def name(self) -> str:
        """The KPI's name, with the member's where it holds for a group."""
        return (
            f"{self.kpi.name}: {self.territory.name}" if self.kpi.group and self.territory else self.kpi.name
        )

    @property
    def where(self) -> str:
        """The territory or group, with the unit."""
        owner = self.territory or self.kpi.group
        return " · ".join(filter(None, [owner.name if owner else "", self.kpi.indicator.unit.name]))

    @property
    def source(self) -> Source | None:
        """Who says so."""
        series = self.place.standing.series if self.place and self.place.standing else None
        return series.source if series else None

    @property
    def slug(self) -> str:
        """The name of its files."""
        parts = (
            self.kpi.programme.code,
            self.kpi.code,
            self.territory.code if self.kpi.group and self.territory else "",
        )
        return re.sub(r"[^\w.-]+", "-", "-".join(filter(None, parts)), flags=re.ASCII)


def subject_of(kpi: Kpi, day: dt.date, code: str | None = None) -> Subject:
    """The KPI, read with `kpi_in_full` or `drawn_kpis`, in the territory of that code; six queries.

    Raises `Http404` for a place that the KPI does not concern.
    """
    standings = standings_of(kpi.pk)
    territory = chosen_territory(kpi, code, standings)
    place = place_of(kpi, territory, standings) if territory else None
    targets = in_force(kpi.targets.all(), day)
    if place is not None:
        record = record_of(place.standing.series if place.standing else None, kpi.indicator)
        ground = Ground(place.rows, place.forecasts, record)
    else:
        record = Record([])
        ground = Ground({row.year: row for row in group_progress_of(kpi.pk)})
    figures = figures_of(kpi, ground, targets, day)
    return Subject(kpi, day, standings, territory, place, targets, record, ground, figures)
