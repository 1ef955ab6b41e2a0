"""Freezes figures for an inquiry: copies of what was known on its day, which nothing changes afterwards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models.functions import Coalesce, TruncDate

from cities.models import Territory
from cities.querysets import in_force
from indicators.models import OFFICIAL_FIRST, Breakdown, ObservationRevision
from indicators.periods import Frequency, Period
from programmes.explaining.origins import published
from programmes.models import (
    FrozenFigure,
    GroupProgress,
    GroupStanding,
    Kpi,
    Progress,
    Question,
    Standing,
)
from programmes.services.as_of import as_of

EXACT_FORMS = {Kpi.Form.LEVEL, Kpi.Form.RANGE, Kpi.Form.RANK, Kpi.Form.YES_NO}
"""Targets in these forms are levels as they are stored; of all others the level is computed."""


@dataclass(frozen=True)
class Wanted:
    """What is to be frozen: a KPI in a territory (None: its group as a whole), for a point of the inquiry or
    for all of it; of another breakdown than the KPI's or of a period, if one is named."""

    kpi: Kpi
    territory: Territory | None
    question: Question | None = None
    breakdown: Breakdown | None = None
    period: Period | None = None

    @property
    def is_judged(self) -> bool:
        """Whether targets are set for it: for years, and for the KPI's own breakdown."""
        is_own = self.breakdown is None or self.breakdown.pk == self.kpi.breakdown_id
        return is_own and (self.period is None or self.period.frequency == Frequency.ANNUAL)


def copies_as_of(day: dt.date, wanted: Sequence[Wanted]) -> list[FrozenFigure]:
    """Unsaved copies of what was known at the end of the day. Raises `DayToComeError`."""
    with as_of(day, Kpi.objects.filter(pk__in={each.kpi.pk for each in wanted})):
        judged = [_judged(each, day) if each.is_judged else None for each in wanted]
    return [copy or _unjudged(each, day) for each, copy in zip(wanted, judged, strict=True)]


def _judged(wanted: Wanted, day: dt.date) -> FrozenFigure:
    """The copy of a KPI's figure with its target and standing, within `as_of`."""
    standing = _standing(wanted)
    rows = _rows(wanted)
    year = wanted.period.year if wanted.period else standing and standing.year
    row = next((each for each in rows if each.year == year), None)
    copy = _blank(wanted, day)
    copy.history = [[each.year, each.actual, each.target, each.expected] for each in rows]
    if standing is not None and wanted.period is None:
        copy.standing, copy.reason, copy.distance = standing.standing, standing.reason, standing.distance
    elif row is not None:
        copy.standing = row.verdict if row.verdict in {"met", "missed"} else row.course
        copy.reason = "" if copy.standing == row.verdict else row.course_reason
        copy.distance = row.distance
    if row is not None:
        _take_figure(copy, wanted, standing, row)
    if rows:
        _take_baseline(copy, wanted.kpi, row or rows[-1])
    _take_target(copy, wanted, standing, rows, day)
    return copy


def _blank(wanted: Wanted, day: dt.date) -> FrozenFigure:
    return FrozenFigure(
        question=wanted.question, kpi=wanted.kpi, territory=wanted.territory, as_of=day,
        breakdown=wanted.breakdown or wanted.kpi.breakdown,
        frequency=wanted.period.frequency.value if wanted.period else "",
        period_start=wanted.period.start if wanted.period else None,
    )  # fmt: skip


def _standing(wanted: Wanted) -> Standing | GroupStanding | None:
    if wanted.territory is None:
        return GroupStanding.objects.filter(kpi=wanted.kpi).first()
    rows = Standing.objects.filter(kpi=wanted.kpi, territory=wanted.territory)
    return rows.select_related("series__source").first()


def _rows(wanted: Wanted) -> list[Progress] | list[GroupProgress]:
    if wanted.territory is None:
        return list(GroupProgress.objects.filter(kpi=wanted.kpi).order_by("year"))
    return list(Progress.objects.filter(kpi=wanted.kpi, territory=wanted.territory).order_by("year"))


def _take_figure(
    copy: FrozenFigure,
    wanted: Wanted,
    standing: Standing | GroupStanding | None,
    row: Progress | GroupProgress,
) -> None:
    """The year's figure: as it was published, or as it was made of several."""
    copy.frequency, copy.period_start = Frequency.ANNUAL.value, dt.date(row.year, 1, 1)
    copy.actual = exact(row.actual)
    if not isinstance(standing, Standing) or standing.series is None or wanted.territory is None:
        return
    source = standing.series.source
    found = published(wanted.kpi, wanted.territory, source, {row.year}).get(row.year, ())
    if not found:
        return
    copy.source, copy.revision = source, found[-1].revision
    if len(found) == 1:
        figure = found[0].observation
        copy.frequency, copy.period_start = figure.period.frequency.value, figure.period_start
        copy.actual, copy.status = figure.value, figure.status


def _take_baseline(copy: FrozenFigure, kpi: Kpi, row: Progress | GroupProgress) -> None:
    copy.baseline_year = row.baseline_year
    is_stored = kpi.baseline_value is not None and row.baseline == float(kpi.baseline_value)
    copy.baseline = kpi.baseline_value if is_stored else exact(row.baseline)


def _take_target(
    copy: FrozenFigure,
    wanted: Wanted,
    standing: Standing | GroupStanding | None,
    rows: Sequence[Progress | GroupProgress],
    day: dt.date,
) -> None:
    """The target of the year asked for, else the next one, else the last one."""
    due = [row for row in rows if row.target is not None]
    year = (standing and standing.next_target_year) or (due[-1].year if due else None)
    if wanted.period is not None:
        year = wanted.period.year
    row = next((row for row in due if row.year == year), None)
    if row is None:
        return
    copy.target_year, copy.target = row.year, exact(row.target)
    if wanted.kpi.form in EXACT_FORMS:
        own = wanted.kpi.targets.filter(in_force(day), frequency="A", period_start__year=row.year).first()
        if own is not None and not own.is_additional:
            copy.target, copy.target_max = own.value, own.value_max


def _unjudged(wanted: Wanted, day: dt.date) -> FrozenFigure:
    """The copy of a figure for which no target is set: the latest that is a number, or that of the period."""
    copy = _blank(wanted, day)
    revision = _known(wanted, day)
    if revision is not None:
        series = revision.series
        copy.frequency, copy.period_start = series.frequency, revision.period_start
        copy.actual, copy.status = revision.value, revision.status
        copy.source, copy.revision = series.source, revision
    return copy


def _known(wanted: Wanted, day: dt.date) -> ObservationRevision | None:
    """The figure in use on the day: of the preferred source, else of the most official one."""
    rows = ObservationRevision.objects.filter(
        series__indicator=wanted.kpi.indicator_id,
        series__territory=wanted.territory,
        series__breakdown=wanted.breakdown or wanted.kpi.breakdown_id,
    )
    if wanted.period is not None:
        period = wanted.period
        rows = rows.filter(series__frequency=period.frequency.value, period_start=period.start)
    recorded_on = TruncDate("recorded_at", tzinfo=ZoneInfo(settings.TIME_ZONE))
    known = rows.annotate(known_on=Coalesce("released_on", recorded_on)).filter(known_on__lte=day)
    of_period = ("series", "period_start")
    found = list(
        known.order_by(*of_period, "-known_on", "-id").distinct(*of_period).select_related("series__source")
    )
    numbers = [revision for revision in found if revision.value is not None] or found

    def rank(revision: ObservationRevision) -> tuple[bool, int, bool, dt.date]:
        series = revision.series
        kinds = [kind.value for kind in OFFICIAL_FIRST]
        is_preferred = series.source_id == wanted.kpi.preferred_source_id
        is_annual = series.frequency == Frequency.ANNUAL
        return is_preferred, -kinds.index(series.source.kind), is_annual, revision.period_start

    return max(numbers, key=rank, default=None)


def exact(value: float | None) -> Decimal | None:
    """A computed number as it is written."""
    return None if value is None else Decimal(repr(value))
