"""Whether the trend so far would meet the coming targets: shown beside the standing, never inside it.

The trend is the line of Theil (1950) through the last comparable actuals of whole years, its slope's interval
that of Sen (1968, Journal of the American Statistical Association 63, 1379–1389).
"""

import datetime as dt
from itertools import combinations

import numpy as np
import pandas as pd

from programmes.codes import Outlook, Reason
from programmes.progress.facts import satisfies
from programmes.progress.inputs import YEAR, Floats, Ints
from programmes.progress.words import first_of, is_word

FEWEST, MOST = 4, 10
"""Actuals that a trend needs, and those that it looks back on: older ones tell of another time."""
Z = 1.2815515655446004
"""Of the normal distribution: four fifths lie within so many standard deviations."""
TO_DEVIATION = 1.4826
"""Makes the median absolute deviation the standard deviation of a normal distribution."""


def forecasts_of(
    rows: pd.DataFrame, places: pd.DataFrame, knots: pd.DataFrame, today: dt.date
) -> pd.DataFrame:
    """A row per pair and target still to come: value, low, high, outlook, reason, points."""
    used = rows["actual"].notna() & rows["is_comparable"] & (rows["months"] == YEAR)
    points = rows.loc[used, ["place", "year", "actual"]]
    points = points[points.groupby("place").cumcount(ascending=False) < MOST]
    counts = np.bincount(points["place"], minlength=len(places))
    last = points.groupby("place")["year"].last().reindex(places["place"]).to_numpy("float64")
    coming = knots[(knots["year"] >= today.year)]
    coming = coming[~(coming["year"].to_numpy() <= last[coming["place"].to_numpy()])].reset_index(drop=True)
    place = coming["place"].to_numpy()
    lines = _lines(points, counts)[place]
    ahead = coming["year"].to_numpy() - last[place]
    value, ends = lines[:, 0] + lines[:, 1] * ahead, lines[:, 2:6:2] + lines[:, 3:6:2] * ahead[:, None]
    scatter = lines[:, 6]
    rule = places.iloc[place].reset_index(drop=True)
    limits = rule["minimum"].to_numpy(), rule["maximum"].to_numpy()
    result = pd.DataFrame(
        {
            "kpi": rule["kpi"].to_numpy(),
            "territory": rule["territory"].to_numpy(),
            "year": coming["year"].to_numpy(),
            "value": _within(value, limits),
            "low": _within(ends.min(axis=1) - Z * scatter, limits),
            "high": _within(ends.max(axis=1) + Z * scatter, limits),
            "points": counts[place],
        }
    )
    return _judged(result, rule, coming)


def _judged(result: pd.DataFrame, rule: pd.DataFrame, coming: pd.DataFrame) -> pd.DataFrame:
    """The forecasts with an outlook, or the reason why there is none."""
    low, high = result["low"].to_numpy(), result["high"].to_numpy()
    sense = rule["sense"].to_numpy()
    target = coming["low"].to_numpy("float64"), coming["high"].to_numpy("float64")
    good = satisfies(low, sense, *target), satisfies(high, sense, *target)
    passed_by = (sense == 0) & ((high < target[0]) | (low > target[1]))
    result["reason"] = first_of(
        ((rule["form"] == "yes_no").to_numpy(), Reason.NOT_A_QUANTITY),
        (result["points"].to_numpy() < FEWEST, Reason.TOO_FEW_OBSERVATIONS),
        (~np.isfinite(low + high), Reason.OUT_OF_RANGE),
        (np.isnan(target[0]), Reason.BASELINE_MISSING),
    )
    known = result["reason"].to_numpy() == 0
    result["outlook"] = first_of(
        (~known, ""),
        (good[0] & good[1], Outlook.LIKELY),
        (passed_by | ((sense != 0) & ~good[0] & ~good[1]), Outlook.UNLIKELY),
        (known, Outlook.UNCERTAIN),
    )
    # Without a target's level the trend can still be shown.
    shown = known | is_word(result["reason"].to_numpy(), Reason.BASELINE_MISSING)
    for name in ("value", "low", "high"):
        result[name] = np.where(shown, result[name], np.nan)
    return result


def _lines(points: pd.DataFrame, counts: Ints) -> Floats:
    """Of each pair, at its last year: level and slope of the line, of its lower and of its upper slope, and
    the scatter about it; NaN where the points are too few. Shape: pairs × 7."""
    lines = np.full((len(counts), 7), np.nan)
    size = counts[points["place"].to_numpy()]
    for count in range(FEWEST, MOST + 1):
        years = points["year"].to_numpy("float64")[size == count].reshape(-1, count)
        values = points["actual"].to_numpy()[size == count].reshape(-1, count)
        if len(years):
            lines[np.flatnonzero(counts == count)] = _theil_sen(years - years[:, -1:], values)
    return lines


def _theil_sen(years: Floats, values: Floats) -> Floats:
    """The same for pairs of equally many points, a row each."""
    count = years.shape[1]
    first, second = np.array(list(combinations(range(count), 2))).T
    slopes = np.sort((values[:, second] - values[:, first]) / (years[:, second] - years[:, first]), axis=1)
    pairs = slopes.shape[1]
    spread = Z * np.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    lower = max(int(np.floor((pairs - spread) / 2)) - 1, 0)
    upper = min(int(np.ceil((pairs + spread) / 2)), pairs - 1)
    chosen = np.stack([np.median(slopes, axis=1), slopes[:, lower], slopes[:, upper]], axis=1)
    levels = np.median(values[:, None, :] - chosen[:, :, None] * years[:, None, :], axis=2)
    residuals = values - levels[:, :1] - chosen[:, :1] * years
    scatter = TO_DEVIATION * np.median(np.abs(residuals), axis=1)
    return np.stack(
        [each for pair in zip(levels.T, chosen.T, strict=True) for each in pair] + [scatter], axis=1
    )


def _within(value: Floats, limits: tuple[Floats, Floats]) -> Floats:
    """The value, kept between what the indicator can be at all."""
    return np.fmax(np.fmin(value, limits[1]), limits[0]) + 0 * value
