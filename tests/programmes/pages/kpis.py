"""KPIs as tests of their pages need them."""

import datetime as dt
from decimal import Decimal

from cities.models import GroupMembership, Territory, TerritoryGroup
from indicators.models import Breakdown, Indicator, Source
from indicators.services.publishing import Figure, publish
from programmes.models import Kpi, Programme, Target
from programmes.services.recomputing import recompute

TODAY = dt.date(2026, 11, 20)


def named(text: str) -> dict[str, str]:
    """The same name in the three languages."""
    return {f"name_{language}": text for language in ("kk", "ru", "en")}


def a_kpi(name: str = "A share", **fields: object) -> Kpi:
    """A KPI of Almaty's programme, of Almaty unless it has a group, without baseline, targets, figures."""
    if "group" not in fields:
        fields.setdefault("territory", Territory.objects.get(code="almaty"))
    indicator = Indicator.objects.get(code="sdg-10-6-1")
    indicator.pk, indicator.code, indicator.bureau_key = None, "test-share", None
    indicator.decimals = 1
    indicator.save()
    return Kpi.objects.create(
        programme=Programme.objects.get(code="almaty-2025"), code="T-1", indicator=indicator,
        breakdown=Breakdown.objects.get(code=""), comparator="at_least", form="level",
        baseline_basis="missing", **named(name), **fields,
    )  # fmt: skip


def target(kpi: Kpi, year: int, value: float, **fields: object) -> Target:
    """A target of the year."""
    return Target.objects.create(
        kpi=kpi, period_start=dt.date(year, 1, 1), value=Decimal(str(value)), **fields
    )


def figure(kpi: Kpi, year: int, value: float | None, status: str = "A", **parts: object) -> Figure:
    """A figure of the KPI's indicator, in its territory and breakdown unless other ones are given."""
    territory, breakdown = parts.get("territory", kpi.territory), parts.get("breakdown", kpi.breakdown)
    assert isinstance(territory, Territory)
    assert isinstance(breakdown, Breakdown)
    exact = None if value is None else Decimal(str(value))
    source = Source.objects.get(code="bureau").pk
    start = dt.date(year, 1, 1)
    return Figure(
        kpi.indicator_id, territory.pk, breakdown.pk, source, "A", start, exact, status, "Sheet1!B7"
    )


def computed(kpi: Kpi, *figures: Figure, at: dt.datetime | None = None) -> None:
    """Publishes the figures, at the moment, and computes the KPI."""
    publish(figures, at=at)
    recompute([kpi.pk], TODAY)


def towns(count: int) -> list[Territory]:
    """New settlements."""
    country = Territory.objects.get(code="kazakhstan")
    rows = [
        Territory(code=f"test-{number}", level="settlement", parent=country, **named(f"Town {number}"))
        for number in range(count)
    ]
    return Territory.objects.bulk_create(rows)


def a_group(members: list[Territory]) -> TerritoryGroup:
    """A group of the territories, numbered in their order."""
    group = TerritoryGroup.objects.create(code="test-towns", **named("The towns"))
    GroupMembership.objects.bulk_create(
        GroupMembership(group=group, territory=town, number=number) for number, town in enumerate(members, 1)
    )
    return group


def page_of(kpi: Kpi, language: str = "en") -> str:
    """The address of the KPI's page."""
    return f"/{language}/programmes/{kpi.programme.code}/kpis/{kpi.code}/"
