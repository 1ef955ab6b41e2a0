"""What a figure looks like beside its own series: absurd, impossible, in another unit, apart, a jump."""

import numpy as np
import pandas as pd

from indicators.quality.codes import Check
from indicators.quality.inputs import YEAR, Bools, Figures, Floats, findings, is_absurd, together

POWERS = (1, 2, 3, 6)
"""Slips of units: a decimal point, per cent and share, thousands, millions; as powers of ten."""

ABOUT_POWER = 0.1
"""A ratio of 10 means 7.9 to 12.6: the figure itself changes from year to year too."""

CALM = 0.1
"""Neighbours among which a slip is certain lie within this of each other, as powers of ten (26 %)."""

DIGITS = 10
"""Neighbours of fewer units of the last digit (3 accidents, 0.4 %) may change tenfold in earnest."""

NOWHERE = -400.0
"""Stands for the power of ten of zero and of negative figures: far from that of any double."""

NEAR = 5
"""Figures farther away than so many periods are no neighbours."""

POINTS = 8
APART, JUMP = 3.5, 6.0
NORMAL, NORMAL_MEAN = 1.4826, 1.2533
"""Median and mean absolute deviation times these estimate the standard deviation of normal figures."""

SMALLEST = 0.1
"""Less than this part of the usual level, times `APART` or `JUMP`, is never remarkable."""


def of_figures(inputs: Figures) -> pd.DataFrame:
    """What is remarkable of figures by themselves; each figure once, by the first check that applies."""
    figures = _with_limits(inputs)
    values = figures["value"].to_numpy()
    absurd = is_absurd(values)
    low, high = figures["minimum"].to_numpy(), figures["maximum"].to_numpy()
    impossible = ~absurd & ((values < low) | (values > high))
    found = [findings(Check.ABSURD, figures[absurd])]
    outside = figures[impossible]
    limit = np.where(outside["value"] < outside["minimum"], outside["minimum"], outside["maximum"])
    found.append(findings(Check.OUT_OF_RANGE, outside.assign(compared=limit)))
    figures = figures[~absurd & ~impossible].reset_index(drop=True)
    figures["era"] = _eras(figures, inputs.breaks)
    figures["run"] = figures.groupby(["series", "era"], sort=False).ngroup()
    figures["line"] = _lines(figures)
    for check in (unit_slips, outliers, jumps):
        is_found, rows = check(figures)
        found.append(rows)
        figures["was_found"] = is_found if check is unit_slips else figures["was_found"] | is_found
    return together(found)


def _with_limits(inputs: Figures) -> pd.DataFrame:
    """Figures by series and period, with what their series and indicators say of them."""
    series = inputs.series.merge(inputs.indicators, on="indicator", how="left")
    columns = ["series", "indicator", "territory", "source", "frequency", "length", "minimum", "maximum"]
    figures = inputs.figures.merge(series[columns], on="series")
    return figures.sort_values(["series", "month"], ignore_index=True)


def _eras(figures: pd.DataFrame, breaks: pd.DataFrame) -> pd.Series:
    """How many breaks of its series lie up to a figure's period: only figures of one era are compared."""
    eras = pd.Series(0, index=figures.index)
    for each in breaks.to_dict("records"):
        applies = (figures["indicator"] == each["indicator"]) & (figures["month"] >= each["month"])
        if not np.isnan(each["source"]):
            applies &= figures["source"] == each["source"]
        eras += applies
    return eras


def unit_slips(figures: pd.DataFrame) -> tuple[Bools, pd.DataFrame]:
    """Figures about 10, 100, 1000 or 10⁶ times their neighbours, or that part of them.

    Neighbours are up to two figures before and after. They must agree among themselves, which those on the
    two sides of a lasting change do not, and lie nearer to the median of the series than the figure, which
    the neighbours of a right figure among wrong ones do not. Beside zero nothing is a slip.
    """
    values, step = figures["value"].to_numpy(), _last_digit(figures)
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.where(values > 0, np.log10(values), NOWHERE)
    near = np.column_stack([_neighbours(figures, power, shift) for shift in (2, 1, -1, -2)])
    known = np.sort(near, axis=1)  # NaN last
    count = (~np.isnan(known)).sum(axis=1)
    usual = _row_median(known, count)
    apart = np.sort(np.abs(known - usual[:, None]), axis=1)
    ratio = power - usual
    centre = pd.Series(power).groupby(figures["run"]).transform("median").to_numpy()
    is_odd = np.abs(power - centre) > np.abs(usual - centre) + ABOUT_POWER
    slip = np.select([np.abs(np.abs(ratio) - each) <= ABOUT_POWER for each in POWERS], POWERS, 0)
    is_slip = (
        (slip > 0)
        & is_odd
        & (count >= 2)
        & (_row_median(apart, count) <= CALM / 2)
        & (np.minimum(10**usual, values * 10.0 ** (slip * (ratio > 0))) >= DIGITS * step)
    )
    rows = figures.assign(compared=10**usual, low=10 ** near[:, 1], high=10 ** near[:, 2], number=10.0**slip)
    return is_slip, findings(Check.UNIT_SLIP, rows[is_slip])


def _neighbours(figures: pd.DataFrame, power: Floats, shift: int) -> Floats:
    """The power so many places before (after, if negative) in the same run; NaN if too far away."""
    run, month = figures["run"].to_numpy(), figures["month"].to_numpy()
    there = np.arange(len(run)) - shift
    is_inside = (there >= 0) & (there < len(run))
    there = np.where(is_inside, there, 0)
    is_near = np.abs(month[there] - month) <= NEAR * figures["length"].to_numpy()
    return np.where(is_inside & (run[there] == run) & is_near, power[there], np.nan)


def _row_median(ordered: Floats, count: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Floats:
    """The median of the first `count` of each ordered row; NaN where there are none."""
    rows, middle = np.arange(len(ordered)), np.maximum(count, 1)
    low, high = ordered[rows, (middle - 1) // 2], ordered[rows, middle // 2]
    return np.where(count > 0, (low + high) / 2, np.nan)


def _last_digit(figures: pd.DataFrame) -> Floats:
    """What one unit of the last digit that the series is published with is worth."""
    digits = figures["digits"].groupby(figures["series"]).transform("max")
    return 10.0 ** -digits.clip(0, 300).to_numpy("float64")


def _lines(figures: pd.DataFrame) -> pd.Series:
    """A number for each series, era and season: quarters are compared with the same quarter."""
    season = figures["month"] % YEAR
    return figures.groupby([figures["run"], season], sort=False).ngroup()


def _scale(figures: pd.DataFrame, values: pd.Series, line: pd.Series, level: pd.Series) -> pd.Series:
    """How far values usually lie from their line's median: by the median absolute deviation; where more than
    half of them are equal and that is 0, by the mean one. At least a digit, and `SMALLEST` of the level."""
    apart = (values - values.groupby(line).transform("median")).abs()
    scale = NORMAL * apart.groupby(line).transform("median")
    scale = scale.where(scale > 0, NORMAL_MEAN * apart.groupby(line).transform("mean"))
    return scale.clip(lower=np.maximum(_last_digit(figures), SMALLEST * level.abs()))


def outliers(figures: pd.DataFrame) -> tuple[Bools, pd.DataFrame]:
    """Figures more than `APART` scales from the median of at least `POINTS`, and alone there.

    Alone: both neighbours lie on the same side, and the nearer is at least half as far away as the median;
    on the way to a new level they do not. What more than a tenth of a series does is usual in it.
    """
    line, values = figures["line"], figures["value"].where(~figures["was_found"])
    usual = values.groupby(line).transform("median")
    scale = _scale(figures, values, line, usual)
    apart = (values - usual).abs()
    side = np.sign(values - usual)
    steps = [side * (values - values.groupby(line).shift(shift)) for shift in (1, -1)]
    count = values.groupby(line).transform("count")
    is_apart = (count >= POINTS) & (apart > APART * scale) & (np.fmin(*steps) >= apart / 2)
    low = (usual - APART * scale).clip(lower=figures["minimum"].fillna(-np.inf))
    high = (usual + APART * scale).clip(upper=figures["maximum"].fillna(np.inf))
    rows = figures.assign(compared=usual, low=low, high=high, number=count)
    is_found = _rare(is_apart, line, count)
    return is_found, findings(Check.OUTLIER, rows[is_found])


def _rare(is_apart: pd.Series, line: pd.Series, count: pd.Series) -> Bools:
    """Those of a line of which no more than a tenth of its figures, rounded up, are apart."""
    is_rare = is_apart.groupby(line).transform("sum") <= np.ceil(count / 10)
    is_found: Bools = (is_apart & is_rare).to_numpy("bool")
    return is_found


def jumps(figures: pd.DataFrame) -> tuple[Bools, pd.DataFrame]:
    """Changes from a year before that lie more than `JUMP` scales from the usual ones, of at least 7.

    Changes from and to what another check found are not looked at.
    """
    line, values = figures["line"], figures["value"].where(~figures["was_found"])
    before = values.groupby(line).shift()
    is_yearly = figures["month"] - figures["month"].groupby(line).shift() == YEAR
    change = (values - before).where(is_yearly)
    scale = _scale(figures, change, line, values.groupby(line).transform("median"))
    usual = change.groupby(line).transform("median")
    count = change.groupby(line).transform("count")
    is_found = _rare((count >= POINTS - 1) & ((change - usual).abs() > JUMP * scale), line, count)
    usually = change.abs().groupby(line).transform("median")
    rows = figures.assign(compared=before, number=usually)
    return is_found, findings(Check.JUMP, rows[is_found])
