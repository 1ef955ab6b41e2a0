"""A country's worth of promises for `benchmarks.pages`, made up, in a database that is thrown away."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.db import connection

from cities.models import Territory, TerritoryGroup
from indicators.models import Breakdown, Indicator
from programmes.models import Discrepancy, Funding, Goal, Kpi, Measure, Programme, Target
from programmes.services.checking_quality import check_quality
from programmes.services.running import recompute_everything

PLACES, YEARS, PROGRAMMES, GOALS = 50, 20, 50, 10
NAMES: dict[str, Any] = {
    "name_kk": "Өңірдегі көрсеткіштің тұрақты өсуін қамтамасыз ету жөніндегі міндеттеме",
    "name_ru": "Обеспечение устойчивого роста показателя в регионе к концу срока программы",
    "name_en": "Steady growth of the indicator in the region by the end of the programme",
}
SHORT: dict[str, Any] = {f"short_name_{code}": "Программа" for code in ("kk", "ru", "en")}
CHECKED = 100
"""Indicators whose quality is checked: the others' findings would be the same again."""

PLACES_AND_CATALOGUE = f"""
INSERT INTO cities_territory (code, level, name_kk, name_ru, name_en, parent_id)
SELECT 'bench-' || n, 'settlement', 'Ауыл ' || n, 'Село ' || n, 'Village ' || n, country.id
FROM (SELECT id FROM cities_territory WHERE parent_id IS NULL LIMIT 1) country,
    generate_series(1, {PLACES}) n;
INSERT INTO cities_territorygroup (code, name_kk, name_ru, name_en, note_kk, note_ru, note_en, labels)
VALUES ('bench', 'Ауылдар', 'Сёла', 'Villages', '', '', '', '{{}}');
INSERT INTO cities_groupmembership (group_id, territory_id, official_class, attributes)
SELECT g.id, t.id, '', '{{}}' FROM cities_territorygroup g, cities_territory t
WHERE g.code = 'bench' AND t.code LIKE 'bench-%%';
INSERT INTO indicators_indicator (code, name_kk, name_ru, name_en, sdg, bureau_where, aliases, decimals,
    frequency, aggregation, over_time, polarity, definition_kk, definition_ru, definition_en, instrument,
    unit_id)
SELECT 'bench-' || n, 'Көрсеткіш ' || n, 'Показатель ' || n, 'Indicator ' || n, '', '{{}}', '[]', 1, 'A',
    'none', 'none', 'up', '', '', '', '', u.id
FROM generate_series(1, %(indicators)s) n, indicators_unit u WHERE u.code = 'PT';
INSERT INTO indicators_series (indicator_id, territory_id, breakdown_id, source_id, frequency)
SELECT i.id, t.id, b.id, s.id, 'A'
FROM indicators_indicator i, cities_territory t, indicators_breakdown b, indicators_source s
WHERE i.code LIKE 'bench-%%' AND t.code LIKE 'bench-%%' AND b.code = '' AND s.code = 'bureau';
"""

FIGURES = """
INSERT INTO indicators_observationrevision
    (series_id, period_start, value, status, recorded_at, origin, reason)
SELECT s.id, make_date(y, 1, 1),
       50 + s.id % 40 + (y - 2006) * (s.id % 7 - 3) * 0.5 + (s.id * 31 + y * 17) % 10 * 0.1, 'A',
       make_timestamptz(y + 1, 3, 1, 9, 0, 0), 'benchmark', ''
FROM indicators_series s JOIN indicators_indicator i ON i.id = s.indicator_id, generate_series(2006, 2025) y
WHERE i.code LIKE 'bench-%';
INSERT INTO indicators_observation (series_id, period_start, value, status, published_at)
SELECT series_id, period_start, value, status, recorded_at FROM indicators_observationrevision
WHERE origin = 'benchmark';
"""


def is_built() -> bool:
    """Whether that has been done in this database before."""
    has_tables = Programme._meta.db_table in connection.introspection.table_names()
    return has_tables and Programme.objects.filter(code="bench-1").exists()


def build(observations: int, kpis: int) -> None:
    """The portal's own data, and beside it so many observations and so many KPIs in 50 programmes.

    Programme `bench-1` and the others hold for a place each, `bench-50` for each of fifty places.
    """
    call_command("migrate", verbosity=0)
    call_command("prepare", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(PLACES_AND_CATALOGUE, {"indicators": max(1, observations // (PLACES * YEARS))})
        cursor.execute(FIGURES)
    _promise(max(1, kpis // PROGRAMMES))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    recompute_everything()
    checked = Indicator.objects.filter(code__startswith="bench-").order_by("pk")[:CHECKED]
    check_quality(list(checked.values_list("pk", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _promise(each: int) -> None:
    """The programmes, with so many KPIs, measures and lines of money each."""
    country = Territory.objects.get(parent=None)
    programmes = Programme.objects.bulk_create(
        Programme(
            code=f"bench-{number}", territory=country, starts_on=dt.date(2010, 1, 1),
            ends_on=dt.date(2030, 12, 31), **NAMES, **SHORT,
        )
        for number in range(1, PROGRAMMES + 1)
    )  # fmt: skip
    Goal.objects.bulk_create(
        Goal(programme=programme, code=str(number), kind="goal", number=str(number), order=number, **NAMES)
        for programme in programmes
        for number in range(1, GOALS + 1)
    )
    kpis = Kpi.objects.bulk_create(_kpis(programmes, each))
    Target.objects.bulk_create(
        Target(kpi=kpi, period_start=dt.date(year, 1, 1), value=year - 1955)
        for kpi in kpis
        for year in (2015, 2020, 2025, 2030)
    )
    measures = Measure.objects.bulk_create(
        Measure(
            programme=programme, code=f"M-{number}", number=str(number), cost="amount", order=number, **NAMES
        )
        for programme in programmes
        for number in range(1, each + 1)
    )
    Funding.objects.bulk_create(
        Funding(
            programme_id=measure.programme_id, measure=measure, code=f"{measure.code}-{year}",
            level="local", year_from=year, year_to=year, planned=measure.order * 10,
            paid=measure.order * 9, **NAMES,
        )
        for measure in measures
        for year in (2024, 2025, 2026)
    )  # fmt: skip
    Discrepancy.objects.bulk_create(
        Discrepancy(programme=programme, code=f"D-{number}", kind="value", rule="", **NAMES)
        for programme in programmes
        for number in range(20)
    )


def _kpis(programmes: list[Programme], each: int) -> Iterator[Kpi]:
    total, group = Breakdown.objects.get(code=""), TerritoryGroup.objects.get(code="bench")
    indicators = list(Indicator.objects.filter(code__startswith="bench-").order_by("pk")[:each])
    places = list(Territory.objects.filter(code__startswith="bench-").order_by("pk"))
    goals = {(goal.programme_id, goal.code): goal for goal in Goal.objects.filter(programme__in=programmes)}
    for number, programme in enumerate(programmes):
        is_last = number == len(programmes) - 1
        for order in range(each):
            yield Kpi(
                programme=programme, code=f"K-{order}", indicator=indicators[order % len(indicators)],
                breakdown=total, territory=None if is_last else places[number % len(places)],
                group=group if is_last else None, goal=goals[programme.pk, str(order % GOALS + 1)],
                comparator="at_most" if order % 3 == 0 else "at_least", form="level", baseline_value=50,
                baseline_start=dt.date(2010, 1, 1), order=order, is_headline=order < GOALS, **NAMES,
            )  # fmt: skip
