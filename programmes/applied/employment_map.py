"""The employment maps of 2023 by the reply to inquiry DS-275: plan beside actual, parts beside totals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from indicators.models import Category, Observation
from programmes.models import Citation

SOURCE = "document-002"
INDICATOR = "employment-map-placements"
RELOCATION = (
    "resettled-families", "families-with-mobility-certificate", "ethnic-kazakh-relocation-applicants",
    "ethnic-kazakh-relocation-approved", "mobility-certificate-funding", "mobility-certificate-housing-share",
    "mobility-certificate-cap", "relocation-allowance-per-family-member", "relocation-rent-allowance",
    "settler-employment-subsidy",
)  # fmt: skip


@dataclass(frozen=True)
class Placements:
    """People to be placed in work and placed, in thousands; `part` is None for the total.

    `printed` is the place of a plan that prints another number or unit: what is meant there is in doubt.
    """

    part: Category | None
    plan: Decimal | None
    actual: Decimal | None
    printed: Citation | None = None

    @property
    def share(self) -> Decimal | None:
        """The actual as a share of the plan; None where the plan is in doubt, missing or zero."""
        return None if self.printed or self.actual is None or not self.plan else self.actual / self.plan

    @property
    def presumed_plan(self) -> Decimal | None:
        """The plan, or what it would be if the number in doubt were in thousands."""
        return self.printed.value if self.printed else self.plan

    @property
    def presumed_share(self) -> Decimal | None:
        """The share that would follow if the number in doubt were in thousands."""
        plan = self.presumed_plan
        return None if not self.printed or self.actual is None or not plan else self.actual / plan


@dataclass(frozen=True)
class EmploymentMap:
    """The total and its parts."""

    total: Placements
    parts: list[Placements]

    @property
    def plan_of_parts(self) -> Decimal:
        """What the plans of the parts make, if numbers in doubt are in thousands."""
        return _sum(part.presumed_plan for part in self.parts)

    @property
    def actual_of_parts(self) -> Decimal:
        """What the actuals of the parts make."""
        return _sum(part.actual for part in self.parts)

    @property
    def plan_gap(self) -> Decimal | None:
        """The total plan less the parts'."""
        return None if self.total.plan is None else self.total.plan - self.plan_of_parts

    @property
    def actual_gap(self) -> Decimal | None:
        """The total actual less the parts'."""
        return None if self.total.actual is None else self.total.actual - self.actual_of_parts


def _sum(numbers: Iterable[Decimal | None]) -> Decimal:
    return sum((number for number in numbers if number is not None), Decimal(0))


def employment_map() -> EmploymentMap | None:
    """The figures that the reply states; None where they are not on record."""
    parts: dict[str, Category | None] = {}
    found: defaultdict[str, dict[str, Observation]] = defaultdict(dict)
    for observation in _observations():
        categories = {each.dimension.code: each for each in observation.series.breakdown.categories.all()}
        part = categories.get("TYPE")
        code = part.code if part else ""
        parts[code] = part
        found[code][categories["SCENARIO"].code] = observation
    printed = _printed()
    placements = {code: _placements(part, found[code], printed) for code, part in parts.items()}
    total = placements.pop("", None)
    return EmploymentMap(total, list(placements.values())) if total else None


def _observations() -> QuerySet[Observation]:
    figures = Observation.objects.filter(series__source__code=SOURCE, series__indicator__code=INDICATOR)
    return (
        figures.select_related("series")
        .prefetch_related("series__breakdown__categories__dimension")
        .order_by("series")
    )


def _printed() -> dict[int, Citation]:
    """The places that print another number or unit than is kept, by series."""
    citations = Citation.objects.filter(
        series__source__code=SOURCE, series__indicator__code=INDICATOR, value__isnull=False
    )
    return {
        citation.series_id: citation for citation in citations.select_related("unit") if citation.series_id
    }


def _placements(
    part: Category | None, found: Mapping[str, Observation], printed: Mapping[int, Citation]
) -> Placements:
    plan, actual = found.get("PLAN"), found.get("ACTUAL")
    return Placements(
        part,
        plan=plan.value if plan else None,
        actual=actual.value if actual else None,
        printed=printed.get(plan.series_id) if plan else None,
    )
