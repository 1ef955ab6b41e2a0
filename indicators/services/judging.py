"""Figures that are not published yet, judged as if they were, beside what is published."""

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from cities.models import Territory
from indicators.models import OFFICIAL_FIRST, Source
from indicators.quality import Check, Figures, check_figures
from indicators.quality.inputs import YEAR
from indicators.quality.typing import FEW, is_sudden
from indicators.services.framing import LENGTHS
from indicators.services.gathering_figures import gather_figures

NEW = 10**12
"""Series that do not exist yet are numbered from here."""

KEY = ["territory", "indicator", "breakdown", "frequency"]
SERIES = ["series", "indicator", "territory", "breakdown", "source", "rank", "frequency", "length"]


def judge(figures: pd.DataFrame, source: Source) -> pd.DataFrame:
    """What is doubtful in the figures: the columns of findings, and `figure`, the index of each found.

    figures: territory, indicator (ids), breakdown (code), frequency, month (counted from the year 0), value,
    digits (decimals as written); all of the source, one per key and month.
    """
    if figures.empty:
        return pd.DataFrame()
    indicators = sorted({int(pk) for pk in figures["indicator"]})
    known = gather_figures(indicators, sorted(_related(figures["territory"].unique().tolist())))
    known = _held_against(known, figures["territory"], source)
    own = known.series[known.series["source"] == source.pk]
    placed = figures.reset_index(names="figure").merge(own[[*KEY, "series"]], on=KEY, how="left")
    numbers = placed.groupby(KEY).ngroup() + NEW
    placed["series"] = placed["series"].fillna(numbers).astype("int64")
    new = (
        placed[placed["series"] >= NEW]
        .drop_duplicates("series")
        .assign(
            source=source.pk,
            rank=[str(kind) for kind in OFFICIAL_FIRST].index(source.kind),
            length=lambda rows: rows["frequency"].map(LENGTHS),
        )
    )
    place = ["series", "month"]
    kept = known.figures.merge(placed[place], on=place, how="left", indicator=True)
    kept = kept[kept["_merge"] == "left_only"][list(known.figures)]
    typed = placed[["series", "month", "value", "digits"]]
    together = replace(known, series=_joined(known.series[SERIES], new[SERIES]), figures=_joined(kept, typed))
    found = check_figures(together).merge(placed[[*place, "figure"]], on=place)
    return _joined(found, _sudden(together.figures, placed[~placed["figure"].isin(found["figure"])]))


def _held_against(known: Figures, territories: pd.Series, source: Source) -> Figures:
    """What the figures are held against: what is known of the same territories, or from the same source."""
    of_source = known.series["source"] == source.pk
    series = known.series[of_source | known.series["territory"].isin(territories)]
    figures = known.figures[known.figures["series"].isin(series["series"])]
    return replace(known, series=series, figures=figures)


def _related(territories: Collection[int]) -> set[int]:
    """The territories, what they are parts of, and the parts of both."""
    rows = Territory.objects.filter(pk__in=territories)
    wholes = {*territories, *rows.exclude(parent=None).values_list("parent_id", flat=True)}
    return {*wholes, *Territory.objects.filter(parent__in=wholes).values_list("pk", flat=True)}


def _joined(known: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Both below one another; an empty frame has no types to give."""
    frames = [frame for frame in (known, more) if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else known


def _sudden(figures: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Sudden changes from the same season before, in series too short for other rules."""
    counts = figures.groupby("series").size()
    short = placed[placed["series"].map(counts) < FEW]
    runs = dict(iter(figures[figures["series"].isin(short["series"])].groupby("series")))
    rows = []
    for now in short.to_dict("records"):
        run = runs[now["series"]]
        earlier = run[(run["month"] < now["month"]) & (run["month"] % YEAR == now["month"] % YEAR)]
        if len(earlier):
            last = earlier.loc[earlier["month"].idxmax()]
            digit = 10.0 ** -max(now["digits"], last["digits"])
            if is_sudden(now["value"], last["value"], digit, len(run)):
                rows.append({**now, "check": Check.JUMP.value, "compared": last["value"]})
    return pd.DataFrame(rows)
