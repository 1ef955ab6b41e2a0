"""Figures of documents for readers: in words, and with the page of what they are figures of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from indicators.models import Observation, Source, Unit
from indicators.periods import Period
from indicators.templatetags.figures import period as period_in_words
from indicators.writing import NO_BREAK_SPACE, written
from programmes.evidence.provenance import PARTS, Provenance, Stored, citations, provenance
from programmes.models import Citation, Kpi, Qualifier, Rule, RuleParameter

DECIMALS = 9
"""Decimals that a figure may have: it is shown as printed."""
PAGES = (
    "series__breakdown__categories", "measure__goal", "funding__goal", "benchmark__goal",
    "benchmark__kpi__programme",
)  # fmt: skip
"""What words and addresses need beyond what `citations` fetches."""
CALENDAR_YEAR = "CALENDAR_YEAR"
KIND_WORDS = {
    "statistic": _("figure of the text"),
    "target": _("target"),
    "baseline": _("baseline"),
    "measure": _("quantity in a measure"),
    "funding": _("funding"),
    "benchmark": _("benchmark"),
    "rule": _("number in a rule"),
    "statement": _("version in a contradiction"),
}


@dataclass(frozen=True)
class Trace:
    """A printed figure in words, in the reader's language."""

    figure: Provenance
    url: str
    kind: str
    breakdown: str
    printed: str
    qualifier: str
    stored: str
    period: str
    territory: str


def places() -> QuerySet[Citation]:
    """The citations that print at least one figure: those of which `provenance` yields any."""
    observed = Observation.objects.filter(
        series=OuterRef("series"), period_start=OuterRef("period_start"), value__isnull=False,
        series__source__kind=Source.Kind.DOCUMENT,
    )  # fmt: skip
    numbered = (
        Q(target__isnull=False)
        | Q(benchmark__isnull=False)
        | Q(baseline__baseline_value__isnull=False)
        | Q(measure__deliverable_value__isnull=False)
        | Q(funding__planned__isnull=False)
        | Q(statement__value__isnull=False)
        | Exists(RuleParameter.objects.filter(rule=OuterRef("rule")))
        | Exists(observed)
    )
    return citations().filter(numbered)


def traces(ids: Iterable[int]) -> list[Trace]:
    """The figures of the citations with these ids, in the order of the documents.

    Each kind of owner comes by a query of its own: all of them joined take the database longer to plan than
    to find.
    """
    symbols = {unit.code: unit.symbol for unit in Unit.objects.all()}
    found = citations().filter(pk__in=list(ids)).select_related(None)
    found = found.prefetch_related(*(PARTS + PAGES))
    return [_trace(figure, symbols) for figure in provenance(found)]


def _trace(figure: Provenance, symbols: Mapping[str, str]) -> Trace:
    citation, stored = figure.citation, figure.stored
    series = citation.series
    is_total = series is None or not series.breakdown.code
    is_plain = figure.qualifier in {"", Qualifier.EXACT}
    return Trace(
        figure=figure,
        url=_address(citation),
        kind=str(KIND_WORDS[figure.kind]),
        breakdown="" if series is None or is_total else series.breakdown.label,
        printed=_number(figure, symbols),
        qualifier="" if is_plain else str(Qualifier(figure.qualifier).label),
        stored="" if figure.is_own else _number(stored, symbols),
        period="–".join(period_in_words(Period.parse(each)) for each in figure.period.split("/") if each),
        territory=_territory(figure),
    )


def _number(figure: Provenance | Stored, symbols: Mapping[str, str]) -> str:
    """The value, or the range, with its unit; a year as it is written."""
    ends = [end for end in (figure.value, figure.value_max) if end is not None]
    if figure.unit == CALENDAR_YEAR:
        return "–".join(f"{end:f}" for end in ends)
    number = "–".join(written(end, DECIMALS) for end in ends)
    return f"{number}{NO_BREAK_SPACE}{symbols.get(figure.unit, '')}".strip()


def _kpi(citation: Citation) -> Kpi | None:
    """The KPI that the figure promises or starts from."""
    return citation.target.kpi if citation.target else citation.baseline


def _territory(figure: Provenance) -> str:
    """The name of the territory or of the group; a benchmark has the name as its territory."""
    citation = figure.citation
    if citation.series is not None:
        return citation.series.territory.name
    place = (kpi := _kpi(citation)) and (kpi.territory or kpi.group)
    return place.name if place else figure.territory


def _address(citation: Citation) -> str:
    """The page of what the figure is of: KPI, contradiction, else goal or programme; empty where none is."""
    if citation.statement is not None:
        discrepancy = citation.statement.discrepancy
        return reverse("programmes:discrepancy-detail", args=[discrepancy.programme.code, discrepancy.code])
    benchmark = citation.benchmark
    kpi = benchmark.kpi if benchmark else _kpi(citation)
    if kpi is not None:
        return reverse("programmes:kpi-detail", args=[kpi.programme.code, kpi.code])
    owner = citation.measure or citation.funding or benchmark or citation.rule
    if owner is None:
        return ""
    if not isinstance(owner, Rule) and owner.goal is not None:
        return reverse("programmes:goal-detail", args=[owner.programme.code, owner.goal.code])
    return reverse("programmes:programme-detail", args=[owner.programme.code])
