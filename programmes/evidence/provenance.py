"""Every figure that the portal took from a document, with the place where it is printed.

A figure appears once for each place that prints it, as that place prints it: in its unit there, even where it
contradicts the one that the portal uses.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from common.names import localised
from indicators.models import Observation, Source
from indicators.periods import Frequency, Period
from programmes.models import Citation, Funding, Kpi, RuleParameter, Target

MILLION_TENGE = "KZT_MN"
KINDS = (
    "statistic", "target", "baseline", "measure", "funding", "benchmark", "rule", "statement",
)  # fmt: skip
UNIT_OF_FORM: dict[str, str] = {
    Kpi.Form.MULTIPLE: "TIMES",
    Kpi.Form.CHANGE_PCT: "PT",
    Kpi.Form.GROWTH_PCT: "PT_Y",
}

PARTS = (
    "document", "unit", "series__indicator__unit", "series__territory", "series__breakdown",
    "target__kpi__programme", "target__kpi__indicator__unit", "target__kpi__territory", "target__kpi__group",
    "baseline__programme", "baseline__indicator__unit", "baseline__territory", "baseline__group",
    "measure__programme", "measure__unit", "funding__programme", "benchmark__programme", "benchmark__unit",
    "rule__programme", "statement__unit", "statement__discrepancy__programme",
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """A figure as the portal keeps it: what it is of, its value, unit, period and territory."""

    kind: str
    object: str
    name: str
    value: Decimal
    unit: str
    value_max: Decimal | None = None
    period: str = ""
    territory: str = ""
    qualifier: str = ""


@dataclass(frozen=True)
class Provenance:
    """A figure in a place of a document: as it is printed there, and as it is stored."""

    citation: Citation
    stored: Stored

    @property
    def kind(self) -> str:
        """What the figure is: one of `KINDS`."""
        return self.stored.kind

    @property
    def object(self) -> str:
        """The id of what it is a figure of."""
        return self.stored.object

    @property
    def name(self) -> str:
        """What it is a figure of, in the reader's language."""
        return self.stored.name

    @property
    def is_own(self) -> bool:
        """Whether the place prints what is stored."""
        return self.citation.value is None

    @property
    def value(self) -> Decimal:
        """The number that is printed there."""
        return self.stored.value if self.citation.value is None else self.citation.value

    @property
    def value_max(self) -> Decimal | None:
        """The upper end of the range that is printed there."""
        return self.citation.value_max or (self.stored.value_max if self.is_own else None)

    @property
    def unit(self) -> str:
        """The code of the unit that is printed there."""
        return self.citation.unit.code if self.citation.unit else self.stored.unit

    @property
    def qualifier(self) -> str:
        """How the text qualifies it."""
        return self.citation.qualifier or (self.stored.qualifier if self.is_own else "")

    @property
    def period(self) -> str:
        """The period, as SDMX writes it."""
        return self.stored.period

    @property
    def territory(self) -> str:
        """The code of the territory or group; of a benchmark, the place's name."""
        return self.stored.territory

    @property
    def document(self) -> str:
        """The document's code."""
        return self.citation.document.code

    @property
    def section(self) -> str:
        """The section, as the document numbers it."""
        return self.citation.section

    @property
    def lines(self) -> list[int]:
        """The lines, counted from 1."""
        return self.citation.lines


def citations() -> QuerySet[Citation]:
    """The citations of figures, in the order of the documents."""
    return (
        Citation.objects.filter(programme=None, act=None, goal=None, kpi=None, membership=None)
        .filter(inquiry=None, question=None)
        .select_related(*PARTS)
        .order_by("document__code", "lines", "pk")
    )


def provenance(found: QuerySet[Citation] | None = None) -> Iterator[Provenance]:
    """Every figure of the citations (all of them by default)."""
    observed = Observation.objects.filter(series__source__kind=Source.Kind.DOCUMENT, value__isnull=False)
    if found is not None:
        observed = observed.filter(series__in=found.order_by().values("series"))
    rows = observed.values_list("series_id", "period_start", "value")
    figures: dict[tuple[int | None, dt.date | None], Decimal | None] = {
        (series, start): value for series, start, value in rows
    }
    parameters: dict[int, list[RuleParameter]] = {}
    for parameter in RuleParameter.objects.select_related("unit"):
        parameters.setdefault(parameter.rule_id, []).append(parameter)
    for citation in (citations() if found is None else found).iterator(chunk_size=2_000):
        if citation.series_id is not None:
            value = figures.get((citation.series_id, citation.period_start))
            if value is not None:
                yield Provenance(citation, _statistic(citation, value))
        elif citation.rule_id is not None:
            for parameter in parameters.get(citation.rule_id, ()):
                yield Provenance(citation, _parameter(citation, parameter))
        else:
            yield from _promised(citation)


def _promised(citation: Citation) -> Iterator[Provenance]:
    """What a citation of a single object with a number says."""
    for owner, read in _READERS.items():
        if getattr(citation, f"{owner}_id") is not None:
            stored = read(citation)
            if stored is not None:
                yield Provenance(citation, stored)


def _statistic(citation: Citation, value: Decimal) -> Stored:
    series, start = citation.series, citation.period_start
    assert series is not None  # noqa: S101 - the caller has looked
    assert start is not None  # noqa: S101 - the two go together
    breakdown = series.breakdown.code
    return Stored(
        kind="statistic",
        object=f"{series.indicator.code}:{breakdown}" if breakdown else series.indicator.code,
        name=series.indicator.name,
        value=value,
        unit=series.indicator.unit.code,
        period=str(Period(Frequency(series.frequency), start)),
        territory=series.territory.code,
    )


def _parameter(citation: Citation, parameter: RuleParameter) -> Stored:
    rule = citation.rule
    assert rule is not None  # noqa: S101 - the caller has looked
    return Stored(
        kind="rule",
        object=f"{rule.programme.code}:{rule.code}:{parameter.code}",
        name=rule.name,
        value=parameter.value,
        unit=parameter.unit.code if parameter.unit else "",
    )


def _place(kpi: Kpi) -> str:
    """The territory or the group that a KPI holds for."""
    return kpi.territory.code if kpi.territory else kpi.group.code if kpi.group else ""


def _target(citation: Citation) -> Stored | None:
    target: Target = citation.target  # type: ignore[assignment]
    kpi = target.kpi
    return Stored(
        kind="target",
        object=f"{kpi.programme.code}:{kpi.code}",
        name=kpi.name,
        value=target.value,
        value_max=target.value_max,
        unit=UNIT_OF_FORM.get(kpi.form, kpi.indicator.unit.code),
        period=str(target.period),
        territory=_place(kpi),
        qualifier=target.qualifier,
    )


def _baseline(citation: Citation) -> Stored | None:
    kpi: Kpi = citation.baseline  # type: ignore[assignment]
    if kpi.baseline_value is None:
        return None
    return Stored(
        kind="baseline",
        object=f"{kpi.programme.code}:{kpi.code}",
        name=kpi.name,
        value=kpi.baseline_value,
        unit=kpi.indicator.unit.code,
        period=str(kpi.baseline_period or ""),
        territory=_place(kpi),
    )


def _measure(citation: Citation) -> Stored | None:
    measure = citation.measure
    if measure is None or measure.deliverable_value is None:
        return None
    return Stored(
        kind="measure",
        object=f"{measure.programme.code}:{measure.code}",
        name=measure.name,
        value=measure.deliverable_value,
        value_max=measure.deliverable_max,
        unit=measure.unit.code if measure.unit else "",
        period=_due(measure.deadline or {}),
        qualifier=measure.qualifier,
    )


def _due(deadline: dict[str, str | int]) -> str:
    """The period of a deadline rule, a span of years as SDMX writes a range."""
    if "period" in deadline:
        return str(deadline["period"])
    years = [str(deadline[name]) for name in ("from_year", "to_year") if name in deadline]
    return "/".join(years)


def _funding(citation: Citation) -> Stored | None:
    funding: Funding = citation.funding  # type: ignore[assignment]
    if funding.planned is None:
        return None
    years = dict.fromkeys(str(year) for year in (funding.year_from, funding.year_to) if year)
    return Stored(
        kind="funding",
        object=f"{funding.programme.code}:{funding.code}",
        name=funding.name,
        value=funding.planned,
        value_max=funding.planned_max,
        unit=MILLION_TENGE,
        period="/".join(years),
        qualifier=funding.qualifier,
    )


def _benchmark(citation: Citation) -> Stored | None:
    benchmark = citation.benchmark
    if benchmark is None:
        return None
    return Stored(
        kind="benchmark",
        object=f"{benchmark.programme.code}:{benchmark.code}",
        name=benchmark.name,
        value=benchmark.value,
        value_max=benchmark.value_max,
        unit=benchmark.unit.code,
        period=str(benchmark.period or ""),
        territory=localised(benchmark, "place"),
        qualifier=benchmark.qualifier,
    )


def _statement(citation: Citation) -> Stored | None:
    statement = citation.statement
    if statement is None or statement.value is None:
        return None
    discrepancy = statement.discrepancy
    return Stored(
        kind="statement",
        object=f"{discrepancy.programme.code}:{discrepancy.code}",
        name=discrepancy.name,
        value=statement.value,
        unit=statement.unit.code if statement.unit else "",
    )


_READERS: dict[str, Callable[[Citation], Stored | None]] = {
    "target": _target,
    "baseline": _baseline,
    "measure": _measure,
    "funding": _funding,
    "benchmark": _benchmark,
    "statement": _statement,
}
