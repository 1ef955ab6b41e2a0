"""Progress: the arithmetic alone, and a full recomputation beside one SQL statement that does a part of it.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.progress --rows 100000 [--json FILE]

A row is a KPI in a territory and a year. Prints seconds, memory and ratios: of the arithmetic's time per row
to that of a tenth of the rows, of the recomputation to the statement, of one worker's time to two workers';
and how long a published figure takes, through the broker and a Celery worker, until its progress is seen.
The figures are made up; the database is thrown away.
"""

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import django
import numpy as np
import pandas as pd

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from cities.models import TerritoryGroup  # noqa: E402
from indicators.models import Breakdown, Indicator, Series  # noqa: E402
from indicators.services.publishing import Figure, publish  # noqa: E402
from indicators.tasks import published  # noqa: E402
from programmes.models import Kpi, Programme, Progress, ProgressRun, Target  # noqa: E402
from programmes.progress import Inputs, compute  # noqa: E402
from programmes.services.running import start_run  # noqa: E402

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
    frequency, aggregation, over_time, polarity, definition_kk, definition_ru, definition_en, instrument,
    unit_id)
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
CREATE TABLE judged AS
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
            "per": 1.0,
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


def fill(rows: int) -> None:
    """A world of so many rows: for each made-up indicator a KPI with four targets."""
    with connection.cursor() as cursor:
        cursor.execute(WORLD, {"kpis": max(1, rows // (YEARS * PLACES))})
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
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


WORKER = """
import re, pathlib, django
django.setup()
from programmes.services.running import work_on
while work_on({run}):
    pass
print(int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024)
"""


def recomputation(workers: int) -> tuple[float, float]:
    """Seconds until a full recomputation by so many worker processes is in use, and their peak memory in MB.

    The processes' own start is not counted: the run begins once they have imported everything.
    """
    script = WORKER.replace("while", "input()\nwhile", 1)
    run = start_run(today=TODAY)
    command = [sys.executable, "-c", script.format(run=run.pk)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    time.sleep(4)
    began = timezone.now()
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.close()
    peaks = []
    for process in processes:
        assert process.stdout
        peaks.append(float(process.stdout.read()))
        process.wait()
    run.refresh_from_db()
    assert run.finished_at
    assert run.state == ProgressRun.State.DONE
    return (run.finished_at - began).total_seconds(), max(peaks)


def statement() -> float:
    """Seconds of the hand-written statement into a new table, the best of three."""

    def judge() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS judged")
            cursor.execute(VERDICTS)

    return min(seconds(judge) for _ in range(3))


def latencies(count: int) -> list[float]:
    """Seconds from publishing a figure to its progress, through the broker and one Celery worker."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "2", "-l", "warning"]
    )
    try:
        series = Series.objects.filter(indicator__code__startswith="bench-").order_by("pk")[:count]
        return [_latency(each, number) for number, each in enumerate(series)]
    finally:
        worker.terminate()
        worker.wait()


def _latency(series: Series, number: int) -> float:
    value = Decimal(1000 + number)
    figure = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, "A",
        dt.date(2025, 1, 1), value, "A", "benchmark",
    )  # fmt: skip
    began = time.perf_counter()
    publish([figure], reason="benchmark")
    published()
    row = Progress.objects.filter(
        kpi__indicator=series.indicator_id, territory=series.territory_id, year=2025
    )
    while not row.filter(actual=float(value)).exists():
        time.sleep(0.005)
        assert time.perf_counter() - began < 120, "the figure never arrived"
    return time.perf_counter() - began


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--figures", type=int, default=100, help="that are published one by one")
    parser.add_argument("--skip", nargs="*", default=[], choices=["arithmetic", "latency", "two"])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: int = options.rows
    found: dict[str, float] = {"rows": rows}
    if "arithmetic" not in options.skip:
        arithmetic(min(rows, 10_000))  # imports and first calls are not what is measured
        tenth, whole = arithmetic(max(1, rows // 10)), arithmetic(rows)
        found["arithmetic_seconds"] = whole
        found["arithmetic_per_row_to_a_tenth"] = whole / (10 * tenth)
        found["arithmetic_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    call_command("migrate", verbosity=0)
    call_command("prepare", verbosity=0)
    fill(rows)
    baseline = statement()
    recomputation(1)  # what is measured replaces as many rows as it writes, as in daily use
    one, memory = recomputation(1)
    found |= {
        "rows_written": Progress.objects.count(),
        "statement_seconds": baseline,
        "recomputation_seconds": one,
        "recomputation_to_statement": one / baseline,
        "recomputation_peak_mb": memory,
    }
    if "two" not in options.skip:
        found["one_worker_to_two"] = one / recomputation(2)[0]
    if "latency" not in options.skip:
        times = sorted(latencies(options.figures))
        for share in (50, 95):
            found[f"published_to_seen_p{share}"] = times[len(times) * share // 100]
    for name, value in found.items():
        print(f"{name.replace('_', ' '):34}{value:>14,.2f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
