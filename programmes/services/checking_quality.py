"""Keeps the list of findings about published figures and promises what `programmes.quality` finds now."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pandas as pd
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from indicators.filters import TOTAL
from indicators.models import Indicator, Series
from indicators.periods import period_code
from indicators.quality.inputs import YEAR
from programmes.models import Kpi, QualityFinding, TouchedIndicator
from programmes.models.quality import IS_ACKNOWLEDGED
from programmes.quality import Check, check
from programmes.services.gathering_quality import gather

BATCH = 20_000
"""Series that are read at a time, an indicator's all together."""

LOCK = 7_148_220
"""Number of the advisory lock: two checks at once would undo each other's findings."""

FOUND = (
    "series_id", "other_id", "kpi_id", "territory_id", "frequency", "period_start", "value", "compared",
    "low", "high", "number", "subject", "signature",
)  # fmt: skip
"""What a check says of a finding; the rest is about its acknowledgement."""

NUMBERS = ("value", "compared", "low", "high", "number")

OWN_FIGURE_ONLY = frozenset({Check.OUTLIER.value, Check.OUT_OF_RANGE.value})
"""Checks whose measure moves with the rest of the series or the catalogue: only the figure is signed."""

# The KPIs that rest on a finding's figures: their own or a part of their ratio, in a place of theirs.
CONCERNS = """
WITH finding AS (
    SELECT finding.id, finding.kpi_id, finding.territory_id, series.indicator_id, series.breakdown_id
    FROM programmes_qualityfinding finding
    LEFT JOIN indicators_series series ON series.id = finding.series_id
    LEFT JOIN programmes_kpi own ON own.id = finding.kpi_id
    WHERE coalesce(series.indicator_id, own.indicator_id) = ANY(%(indicators)s)
), wanted AS (
    SELECT finding.id AS finding, finding.kpi_id AS kpi FROM finding WHERE finding.kpi_id IS NOT NULL
    UNION
    SELECT finding.id, kpi.id
    FROM finding
    JOIN indicators_indicator indicator
        ON finding.indicator_id IN (indicator.id, indicator.numerator_id, indicator.denominator_id)
    JOIN programmes_kpi kpi ON kpi.indicator_id = indicator.id AND kpi.breakdown_id = finding.breakdown_id
    WHERE kpi.territory_id = finding.territory_id OR EXISTS (
        SELECT FROM cities_groupmembership member
        WHERE member.group_id = kpi.group_id AND member.territory_id = finding.territory_id
          AND coalesce(member.valid_from <= %(today)s, true)
          AND coalesce(member.valid_to > %(today)s, true))
), dropped AS (
    DELETE FROM programmes_qualityfinding_kpis link USING finding
    WHERE link.qualityfinding_id = finding.id
      AND (link.qualityfinding_id, link.kpi_id) NOT IN (SELECT finding, kpi FROM wanted)
)
INSERT INTO programmes_qualityfinding_kpis (qualityfinding_id, kpi_id)
SELECT finding, kpi FROM wanted ON CONFLICT DO NOTHING
"""


def check_quality(indicators: Collection[int] | None = None, today: dt.date | None = None) -> int:
    """Checks the figures and promises of the indicators (all of them by default), each indicator whole.

    Its parts, categories and sources are held against each other: the findings of one indicator are those
    that a check of everything gives. Their outbox rows go in the transaction that writes the findings: a
    worker that dies leaves them for the next. Returns how many findings there are.
    """
    day = today or timezone.localdate()
    scope = Q() if indicators is None else Q(pk__in=indicators)
    return sum(_check_batch(batch, day) for batch in _batches(scope))


def check_touched(today: dt.date | None = None) -> int:
    """Checks the indicators touched since they were last checked; returns how many."""
    touched = set(TouchedIndicator.objects.values_list("indicator", flat=True))
    check_quality(touched, today)
    return len(touched)


def _batches(scope: Q) -> Iterator[list[int]]:
    """The indicators in parts of about `BATCH` series."""
    indicators = Indicator.objects.filter(scope).annotate(size=Count("series")).order_by("pk")
    batch: list[int] = []
    filled = 0
    for pk, size in indicators.values_list("pk", "size"):
        if batch and filled + size > BATCH:
            yield batch
            batch, filled = [], 0
        batch.append(pk)
        filled += size
    if batch:
        yield batch


@transaction.atomic
def _check_batch(indicators: list[int], today: dt.date) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    touched = list(TouchedIndicator.objects.filter(indicator__in=indicators).values_list("pk", flat=True))
    kpis = list(Kpi.objects.filter(indicator__in=indicators).order_by("pk").values_list("pk", flat=True))
    rows = check(gather(indicators, kpis, today))
    _store(_findings(rows), indicators)
    with connection.cursor() as cursor:
        cursor.execute(CONCERNS, {"indicators": indicators, "today": today})
    TouchedIndicator.objects.filter(pk__in=touched).delete()
    return len(rows)


def _findings(rows: pd.DataFrame) -> list[QualityFinding]:
    """The rows as findings, not yet stored."""
    series = _codes_of_series(rows[["series", "other"]].to_numpy("int64").ravel())
    kpis = _codes_of_kpis(rows["kpi"].to_numpy("int64"))
    moment = timezone.now()
    made = []
    for row in rows.to_dict("records"):
        month = row["month"]
        start = dt.date(month // YEAR, month % YEAR + 1, 1) if month >= 0 else None
        finding = QualityFinding(
            rule=row["check"], series_id=_id(row["series"]), other_id=_id(row["other"]),
            kpi_id=_id(row["kpi"]), territory_id=row["territory"],
            frequency=row["frequency"] if start else "", period_start=start,
            subject=row["subject"], found_at=moment,
            **{name: _number(row[name]) for name in NUMBERS},
        )  # fmt: skip
        finding.signature = _signature(finding)
        finding.key = _key(finding, series, kpis)
        made.append(finding)
    return made


def _id(number: int) -> int | None:
    return None if number < 0 else number


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _signature(finding: QualityFinding) -> str:
    """The figures that the finding is about, with the twelve digits that a sum in doubles keeps."""
    figures = [finding.value] if finding.rule in OWN_FIGURE_ONLY else [finding.value, finding.compared]
    return " ".join("none" if figure is None else f"{figure:.12g}" for figure in figures)


def _key(finding: QualityFinding, series: dict[int, Sequence[str]], kpis: dict[int, str]) -> str:
    """Check, object, period and what it is compared with, in public codes."""
    parts = [finding.rule]
    if finding.series_id is not None:
        indicator, territory, breakdown, source = series[finding.series_id]
        if finding.rule == Check.CATEGORIES_OF_TOTAL.value:
            breakdown = _without(breakdown, finding.subject)
        parts += [indicator, territory, breakdown or TOTAL, source]
    else:
        parts.append(kpis[finding.kpi_id or 0])
    if finding.period_start is not None:
        parts.append(period_code(finding.frequency, finding.period_start))
    if finding.subject:
        parts.append(finding.subject)
    return ":".join(parts)


def _without(breakdown: str, dimension: str) -> str:
    """The breakdown's code without the dimension."""
    return "&".join(term for term in breakdown.split("&") if term.partition("=")[0] != dimension)


def _codes_of_series(ids: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> dict[int, Sequence[str]]:
    rows = Series.objects.filter(pk__in={int(pk) for pk in ids}).values_list(
        "pk", "indicator__code", "territory__code", "breakdown__code", "source__code"
    )
    return {pk: codes for pk, *codes in rows}


def _codes_of_kpis(ids: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> dict[int, str]:
    rows = Kpi.objects.filter(pk__in={int(pk) for pk in ids}).values_list("pk", "programme__code", "code")
    return {pk: f"{programme}:{code}" for pk, programme, code in rows}


def _store(found: list[QualityFinding], indicators: list[int]) -> None:
    """Makes the findings of the indicators those given.

    One that is no longer found is deleted; while an acknowledgement of its last figures holds, it is kept
    as gone, so that the acknowledgement stands should it come back.
    """
    mine = Q(series__indicator__in=indicators) | Q(kpi__indicator__in=indicators)
    stored = {finding.key: finding for finding in QualityFinding.objects.filter(mine)}
    new, changed = [], []
    for finding in found:
        before = stored.pop(finding.key, None)
        if before is None:
            new.append(finding)
        elif before.gone_at is not None or any(
            getattr(before, name) != getattr(finding, name) for name in FOUND
        ):
            for name in FOUND:
                setattr(before, name, getattr(finding, name))
            before.gone_at = None
            changed.append(before)
    left = QualityFinding.objects.filter(pk__in=[finding.pk for finding in stored.values()])
    left.filter(IS_ACKNOWLEDGED, gone_at=None).update(gone_at=timezone.now())
    left.exclude(IS_ACKNOWLEDGED).delete()
    QualityFinding.objects.bulk_create(new, batch_size=1000)
    names = [name.removesuffix("_id") for name in FOUND]
    QualityFinding.objects.bulk_update(changed, [*names, "gone_at"], batch_size=1000)
