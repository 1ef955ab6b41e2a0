"""Where published figures come from: the revision that is in use, and the place of its first appearance."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from cities.models import Territory
from common.databases.compiled import any_of, compiled
from indicators.filters import TOTAL
from indicators.models import Entry, Indicator, Observation, ObservationRevision, Source
from indicators.periods import Frequency, Period
from programmes.filters_evidence import LONGEST_SEARCH
from programmes.models import Citation, Discrepancy, Kpi
from programmes.progress.inputs import YEAR


@dataclass(frozen=True)
class Published:
    """A figure in use, with the revision that published it and the lines of a document that print it."""

    observation: Observation
    revision: ObservationRevision
    citations: Sequence[Citation]

    @property
    def id(self) -> str:
        """The figure's id in the API."""
        series = self.observation.series
        parts = (series.indicator.code, series.territory.code, series.breakdown.code or TOTAL)
        return ":".join((*parts, series.source.code, str(self.observation.period)))

    @property
    def page(self) -> str:
        """The page, for those with an account, of the upload or the report that the figure came with."""
        if self.revision.upload_id is not None:
            return reverse("indicators:upload-detail", args=[self.revision.upload_id])
        if self.revision.entry is not None:
            report = self.revision.entry.report
            return reverse("indicators:sheet", args=[report.form.code, report.period])
        return ""


def published(
    kpi: Kpi, territory: Territory, source: Source, years: Collection[int]
) -> Mapping[int, Sequence[Published]]:
    """The figures that make the actuals of these years, from one source; three queries, or four."""
    key = kpi.indicator_id, kpi.breakdown_id, territory.pk, source.pk, list(years)
    used = {
        (revision.series_id, revision.period_start, revision.recorded_at): revision
        for revision in _revisions(*key)
    }
    citations: dict[tuple[int | None, dt.date | None], list[Citation]] = defaultdict(list)
    for citation in _citations(*key):
        citations[citation.series_id, citation.period_start].append(citation)
    by_year: dict[int, list[Published]] = defaultdict(list)
    for each in _observations(*key):
        each.series.indicator, each.series.breakdown = kpi.indicator, kpi.breakdown
        each.series.territory, each.series.source = territory, source
        revision = used.get((each.series_id, each.period_start, each.published_at))
        if revision is not None:
            places = citations[each.series_id, each.period_start]
            by_year[each.period_start.year].append(Published(each, revision, places))
    return {year: making_the_year(figures, kpi.indicator) for year, figures in by_year.items()}


Years = Collection[int]


@compiled
def _observations(
    indicator: int, breakdown: int, territory: int, source: int, years: Years
) -> QuerySet[Observation]:
    found = Observation.objects.filter(_of_series(indicator, breakdown, territory, source, years))
    return found.select_related("series").order_by("period_start")


@compiled
def _revisions(
    indicator: int, breakdown: int, territory: int, source: int, years: Years
) -> QuerySet[ObservationRevision]:
    found = ObservationRevision.objects.filter(_of_series(indicator, breakdown, territory, source, years))
    entries = Prefetch("entry", Entry.objects.select_related("report__form"))
    return found.select_related("upload").prefetch_related(entries).order_by("id")


@compiled
def _citations(
    indicator: int, breakdown: int, territory: int, source: int, years: Years
) -> QuerySet[Citation]:
    found = Citation.objects.filter(_of_series(indicator, breakdown, territory, source, years))
    return found.select_related("document", "unit")


def _of_series(indicator: int, breakdown: int, territory: int, source: int, years: Years) -> Q:
    return Q(
        any_of("period_start__year", years),
        series__indicator=indicator,
        series__breakdown=breakdown,
        series__territory=territory,
        series__source=source,
    )


def making_the_year(figures: Sequence[Published], indicator: Indicator) -> Sequence[Published]:
    """Those of a year's figures that `programmes.progress.years` makes the year's of.

    A year that is published as missing is shown as such where no other figure stands for it.
    """
    of_length: dict[int, list[Published]] = defaultdict(list)
    for each in figures:
        if each.observation.value is not None:
            of_length[each.observation.period.frequency.months].append(each)
    if YEAR in of_length:
        return of_length[YEAR]
    if not of_length or indicator.over_time == Indicator.OverTime.NONE:
        return [each for each in figures if each.observation.series.frequency == Frequency.ANNUAL]
    if indicator.over_time == Indicator.OverTime.LAST:
        return [max((found[-1] for found in of_length.values()), key=_reach)]
    return of_length[max(of_length, key=lambda length: (len(of_length[length]) * length, length))]


def _reach(figure: Published) -> tuple[int, int]:
    period = figure.observation.period
    return period.end.month, period.frequency.months


def touching(
    discrepancies: Collection[Discrepancy], citations: Collection[Citation], values: Collection[object] = ()
) -> list[Discrepancy]:
    """The contradictions about what is printed in the figure's places.

    Where a place prints several figures `values` tell them apart: a version with another number is not
    about this one.
    """
    places = {(citation.document_id, line) for citation in citations for line in citation.lines}
    known = {*values, *(citation.value for citation in citations), None}
    return [
        discrepancy
        for discrepancy in discrepancies
        if any(
            (citation.document_id, line) in places
            for statement in discrepancy.statements.all()
            if not values or statement.value in known
            for citation in statement.citations.all()
            for line in citation.lines
        )
    ]


def kind_of(citation: Citation) -> str:
    """What the register of figures calls the figure that is printed there."""
    if citation.baseline_id is not None:
        return "baseline"
    return "target" if citation.target_id is not None else "statistic"


def register_page(citation: Citation, kpi: Kpi) -> str:
    """The page of the register of figures that lists what the place prints of the KPI or its indicator."""
    kind, name = kind_of(citation), (kpi.indicator.name if citation.series_id is not None else kpi.name)
    asked = {"document": citation.document.code, "section": citation.section, "kind": kind, "q": ""}
    for word in name.split():
        if len(asked["q"]) + len(word) >= LONGEST_SEARCH:
            break
        asked["q"] = f"{asked['q']} {word}".strip()
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{reverse('programmes:provenance-list')}?{query}"


def period_of(year: int | None) -> str:
    """The year as a period; empty where none is known."""
    return "" if year is None else str(Period.of(Frequency.ANNUAL, year))
