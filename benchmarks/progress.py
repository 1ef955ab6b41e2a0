"""Progress: the arithmetic alone, and a full recomputation beside one SQL statement that does a part of it.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.progress --rows 100000 [--json FILE]

A row is a KPI in a territory and a year. Prints seconds, microseconds a row, memory, and the ratios: of the
time per row to that of a tenth of the rows, and of the recomputation to the statement. The figures are made
up and rolled back.
"""

import argparse
import datetime as dt
import json
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import django
import numpy as np
import pandas as pd

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from cities.models import TerritoryGroup  # noqa: E402
from indicators.models import Breakdown, Indicator  # noqa: E402
from programmes.models import Kpi, Programme, Progress, Target  # noqa: E402
from programmes.progress import Inputs, compute  # noqa: E402
from programmes.services.recomputing import recompute  # noqa: E402

YEARS, PLACES = 20, 50
TODAY = dt.date(2026, 1, 1)
FORMS = np.array(["level", "multiple", "change_pct", "change_abs", "growth_pct", "level", "rank", "level"])

WORLD = f"""
INSERT INTO cities_territory (code, level, name_kk, name_ru, name_en, parent_id)
SELECT 'bench-' || n, 'settlement', 'б', 'б', 'b', country.id
FROM (SELECT id FROM cities_territory WHERE parent_id IS NULL LIMIT 1) country,
    generate_series(1, {PLACES}) n;
INSERT INTO cities_territorygroup (code, name_kk, name_ru, name_en, note_kk, note_ru, note_en, labels)
VALUES ('bench', 'б', 'б', 'b', '', '', '', '{{}}');
INSERT INTO cities_groupmembership (group_id, territory_id, official_class, attributes)
SELECT g.id, t.id, '', '{{}}' FROM cities_territorygroup g, cities_territory t
WHERE g.code = 'bench' AND t.code LIKE 'bench-%%';
INSERT INTO indicators_indicator (code, name_kk, name_ru, name_en, sdg, bureau_where, aliases, decimals,
    frequency, aggregation, over_time, polarity, definition_kk, definition_ru, definition_en, instrument, unit_id)
SELECT 'bench-' || n, 'б', 'б', 'b', '', '{{}}', '[]', 1, 'A', 'none', 'none', 'up', '', '', '', '', u.id
FROM generate_series(1, %(kpis)s) n, indicators_unit u WHERE u.code = 'PT';
INSERT INTO indicators_series (indicator_id, territory_id, breakdown_id, source_id, frequency)
SELECT i.id, t.id, b.id, s.id, 'A'
FROM indicators_indicator i, cities_territory t, indicators_breakdown b, indicators_source s
WHERE i.code LIKE 'bench-%%' AND t.code LIKE 'bench-%%' AND b.code = '' AND s.code = 'bureau';
INSERT INTO indicators_observation (series_id, period_start, value, status, published_at)
SELECT s.id, make_date(y, 1, 1), (s.id * 7 + y * 13) %% 140 + 5, 'A', now()
FROM indicators_series s JOIN indicators_indicator i ON i.id = s.indicator_id, generate_series(2006, 2025) y
WHERE i.code LIKE 'bench-%%';
"""

VERDICTS = """
CREATE TEMPORARY TABLE judged ON COMMIT DROP AS
SELECT kpi.id AS kpi, series.territory_id AS territory, o.period_start, o.value,
       CASE WHEN target.value IS NULL THEN ''
            WHEN (kpi.comparator = 'at_most' AND o.value <= target.value)
              OR (kpi.comparator <> 'at_most' AND o.value >= target.value) THEN 'met'
            ELSE 'missed' END AS verdict,
       CASE WHEN kpi.comparator = 'at_most' THEN target.value / nullif(o.value, 0)
            ELSE o.value / nullif(target.value, 0) END AS attainment
FROM programmes_kpi kpi
JOIN cities_groupmembership member ON member.group_id = kpi.group_id
JOIN indicators_series series ON series.indicator_id = kpi.indicator_id
    AND series.territory_id = member.territory_id AND series.breakdown_id = kpi.breakdown_id
JOIN indicators_observation o ON o.series_id = series.id
LEFT JOIN programmes_target target ON target.kpi_id = kpi.id AND target.period_start = o.period_start
WHERE kpi.code LIKE 'bench-%'
"""


def made_up(rows: int) -> Inputs:
    """Inputs of so many rows, of every form."""
    count = max(1, rows // (YEARS * PLACES))
    random, kpi = np.random.default_rng(1), np.arange(count)
    kpis = pd.DataFrame(
        {
            "kpi": kpi,
            "comparator": np.where(kpi % 3 == 0, "at_most", "at_least"),
            "form": FORMS[kpi % len(FORMS)],
            "path": np.where(kpi % 5 == 0, "step", "linear"),
            "on_track_from": 0.95,
            "at_risk_from": 0.6,
            "tolerance_months": 36,
            "over_time": "none",
            "aggregation": np.where(kpi % 4 == 0, "mean", "none"),
            "minimum": 0.0,
            "maximum": np.nan,
        }
    )
    places = pd.DataFrame({"kpi": np.repeat(kpi, PLACES), "territory": np.tile(np.arange(PLACES), count)})
    actuals = places.loc[np.repeat(places.index, YEARS)].reset_index(drop=True)
    actuals["year"] = np.tile(np.arange(2006, 2006 + YEARS), len(places))
    actuals["value"] = random.uniform(5, 150, len(actuals))
    actuals["months"] = 12
    targets = pd.DataFrame({"kpi": np.repeat(kpi, 4), "year": np.tile([2015, 2020, 2025, 2030], count)})
    targets = targets.assign(value=random.uniform(1, 3, len(targets)), value_max=np.nan, is_additional=False)
    places = places.assign(baseline=random.uniform(10, 100, len(places)), baseline_year=2010.0)
    return Inputs(kpis, places, targets, actuals)


def seconds(step: Callable[[], object]) -> float:
    """How long the step takes."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def arithmetic(rows: int) -> float:
    """Seconds of the arithmetic alone: the best of three, for the first has memory to ask for."""
    inputs = made_up(rows)
    return min(seconds(lambda: compute(inputs, TODAY)) for _ in range(3))


def recomputation(rows: int) -> tuple[float, float, int]:
    """Seconds of recomputing so many rows from tables to tables, of the statement, and rows written."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(WORLD, {"kpis": max(1, rows // (YEARS * PLACES))})
        ids = _promise()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        took = seconds(lambda: recompute(ids, TODAY))
        written = Progress.objects.filter(kpi__in=ids).count()
        with connection.cursor() as cursor:
            baseline = seconds(lambda: cursor.execute(VERDICTS))
        transaction.set_rollback(True)
    return took, baseline, written


def _promise() -> list[int]:
    """A KPI with four targets for each made-up indicator; returns their ids."""
    group = TerritoryGroup.objects.get(code="bench")
    programme, total = Programme.objects.all()[0], Breakdown.objects.get(code="")
    kpis = Kpi.objects.bulk_create(
        Kpi(
            programme=programme, code=indicator.code, indicator=indicator, breakdown=total, group=group,
            comparator="at_most" if number % 3 == 0 else "at_least", form="level", baseline_value=50,
            baseline_start=dt.date(2010, 1, 1), name_kk="б", name_ru="б", name_en="b",
        )
        for number, indicator in enumerate(Indicator.objects.filter(code__startswith="bench-"))
    )  # fmt: skip
    Target.objects.bulk_create(
        Target(kpi=kpi, period_start=dt.date(year, 1, 1), value=year - 1955)
        for kpi in kpis
        for year in (2015, 2020, 2025, 2030)
    )
    return [kpi.pk for kpi in kpis]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: int = options.rows
    arithmetic(min(rows, 10_000))  # imports and first calls are not what is measured
    tenth, whole = arithmetic(max(1, rows // 10)), arithmetic(rows)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    call_command("migrate", verbosity=0)
    if not Kpi.objects.exists():
        call_command("prepare", verbosity=0)
    took, baseline, written = recomputation(rows)
    found = {
        "rows": rows,
        "arithmetic_seconds": whole,
        "arithmetic_per_row_to_a_tenth": whole / (10 * tenth),
        "arithmetic_peak_mb": memory,
        "recomputation_seconds": took,
        "recomputation_rows": written,
        "statement_seconds": baseline,
        "recomputation_to_statement": took / baseline,
    }
    for name, value in found.items():
        print(f"{name.replace('_', ' '):34}{value:>14,.2f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
