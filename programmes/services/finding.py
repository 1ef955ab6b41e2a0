"""Lets `programmes.evidence.checking` look for contradictions in what is stored."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from decimal import Decimal

from cities.models import Territory
from indicators.models import Unit
from programmes.evidence import checking
from programmes.evidence.checking import Finding, Line, Printed
from programmes.evidence.provenance import Provenance, provenance
from programmes.models import Funding, Kpi

ADDITIVE = frozenset({"UNITS", "PERSONS", "HA", "KM", "T", "SQ_METER", "KZT_MN"})
"""Base units in which the figures of districts add up to the city's."""


class Evidence:
    """All printed figures, in the unit in which the portal keeps each, by what the rules need."""

    def __init__(self) -> None:
        units = Unit.objects.select_related("multiple_of")
        self.units: dict[str, Unit] = {unit.code: unit for unit in units}
        self.rows: dict[int, Provenance] = {}
        for row in provenance():
            if row.kind not in {"rule", "statement"}:
                self.rows[row.citation.pk] = row

    def printed(self, row: Provenance) -> Printed | None:
        """The row's number in the stored unit; None where it is printed as another kind of quantity."""
        factor = self.factor(row.unit, row.stored.unit)
        if factor is None:
            return None
        top = None if row.value_max is None else row.value_max * factor
        low = row.value * factor
        sign = -1 if row.stored.value < 0 < low else 1  # "by 10 %" of a reduction is kept as −10
        return Printed(row.citation.pk, sign * low, top and sign * top, row.qualifier or "exact")

    def factor(self, unit: str, other: str) -> Decimal | None:
        """How many of the other unit one unit is; None where they do not measure the same."""
        if unit == other:
            return Decimal(1)
        one, two = self.base(unit), self.base(other)
        return one[1] / two[1] if one[0] == two[0] else None

    def base(self, code: str) -> tuple[str, Decimal]:
        """The unit that this one is a multiple of, and how many of it."""
        unit = self.units.get(code)
        if unit is None or unit.multiple_of is None:
            return code, Decimal(1)
        return unit.multiple_of.code, unit.factor or Decimal(1)

    def by(self, kind: str) -> Iterator[tuple[Provenance, Printed]]:
        """The figures of a kind."""
        for row in self.rows.values():
            if row.kind == kind and (printed := self.printed(row)) is not None:
                yield row, printed


def find_contradictions(evidence: Evidence) -> list[Finding]:
    """Everything that the rules find in what is stored."""
    return [
        *checking.repeated(_same_figures(evidence)),
        *_in_funding(evidence),
        *checking.areas(*_of_areas(evidence)),
        *checking.baseline(_baselines(evidence)),
        *checking.backwards(_promises(evidence)),
    ]


def _same_figures(evidence: Evidence) -> dict[Hashable, list[Printed]]:
    found: dict[Hashable, list[Printed]] = defaultdict(list)
    for kind in ("statistic", "target", "baseline", "measure", "funding", "benchmark"):
        for row, printed in evidence.by(kind):
            found[kind, row.object, row.period, row.territory, row.document].append(printed)
    return {about: places for about, places in found.items() if len(places) > 1}


def _in_funding(evidence: Evidence) -> Iterator[Finding]:
    """Parts of the tree, and the plan's rows against the totals of the same year and source."""
    printed = {row.citation.funding_id or 0: each for row, each in evidence.by("funding")}
    trees: dict[int, list[Line]] = defaultdict(list)
    totals: dict[Hashable, Printed] = {}
    rows: dict[Hashable, list[Printed]] = defaultdict(list)
    for funding in Funding.objects.select_related("parent").filter(pk__in=printed):
        each = printed[funding.pk]
        year = (funding.programme_id, funding.year_from, funding.year_to)
        if funding.measure_id is not None:
            rows[year].append(each)
            continue
        parent = funding.parent.code if funding.parent else None
        trees[funding.programme_id].append(
            Line(funding.code, parent, funding.relation, each, funding.is_yearly)
        )
        if funding.goal_id is None and parent is None and funding.year_from == funding.year_to:
            totals[year] = each
    for lines in trees.values():
        yield from checking.parts(lines)
    yield from checking.rows(totals, rows)


def _of_areas(evidence: Evidence) -> tuple[dict[Hashable, Printed], dict[Hashable, list[Printed]]]:
    """Figures of a city beside those of all its districts, where the districts' add up."""
    members = Territory.objects.filter(level=Territory.Level.CITY_DISTRICT, valid_to=None)
    city_of = {code: city or "" for code, city in members.values_list("code", "parent__code")}
    districts: dict[str, set[str]] = defaultdict(set)
    for code, owner in city_of.items():
        districts[owner].add(code)
    totals: dict[Hashable, Printed] = {}
    found: dict[tuple[str, str, str, str], dict[str, Printed]] = defaultdict(dict)
    for row, printed in evidence.by("statistic"):
        if evidence.base(row.stored.unit)[0] not in ADDITIVE:
            continue
        key = (row.object, row.period, row.document)
        if row.territory in districts:
            totals.setdefault((*key, row.territory), printed)
        elif city := city_of.get(row.territory):
            found[*key, city].setdefault(row.territory, printed)
    whole: dict[Hashable, list[Printed]] = {
        key: list(each.values()) for key, each in found.items() if set(each) == districts[key[3]]
    }
    return totals, whole


def _baselines(evidence: Evidence) -> dict[Hashable, tuple[Printed, Printed]]:
    """A KPI's baseline beside the same document's figure of the indicator in that place and period."""
    own = {
        (row.object, row.territory, row.period, row.document): printed
        for row, printed in evidence.by("statistic")
    }
    kpis = {
        kpi.pk: f"{kpi.indicator.code}:{kpi.breakdown.code}" if kpi.breakdown.code else kpi.indicator.code
        for kpi in Kpi.objects.select_related("indicator", "breakdown")
    }
    found: dict[Hashable, tuple[Printed, Printed]] = {}
    for row, printed in evidence.by("baseline"):
        figure = kpis[row.citation.baseline_id or 0]
        if (same := own.get((figure, row.territory, row.period, row.document))) is not None:
            found[row.object] = (printed, same)
    return found


def _promises(evidence: Evidence) -> dict[Hashable, tuple[str, Printed, Printed]]:
    """Baseline and last target of KPIs whose targets are levels."""
    comparators = dict(Kpi.objects.filter(form__in=("level", "rank")).values_list("pk", "comparator"))
    starts = {row.citation.baseline_id: (row, printed) for row, printed in evidence.by("baseline")}
    ends: dict[int, tuple[str, Printed]] = {}
    for row, printed in evidence.by("target"):
        kpi = row.citation.target.kpi_id  # type: ignore[union-attr]
        is_own = row.citation.value is None or printed.value == row.stored.value
        if is_own and (kpi not in ends or row.period > ends[kpi][0]):
            ends[kpi] = (row.period, printed)
    return {
        starts[kpi][0].object: (comparators[kpi], starts[kpi][1], end)
        for kpi, (_period, end) in ends.items()
        if kpi in starts and kpi in comparators
    }
