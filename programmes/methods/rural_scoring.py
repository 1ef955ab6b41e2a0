"""The potential of rural settlements by points: values in, results out (docs/methods-rural-scoring.md).

The method is that of document 002, lines 26–30, as far as it is printed; `rural_method` says what is not. A
missing value is never filled in: the score becomes a range from the least to the most points that it can be,
and so do rank and category.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from programmes.methods.rural_method import (
    Category,
    Criterion,
    Effect,
    Fault,
    Method,
    MethodError,
    MissingThresholdsError,
)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Groups = Mapping[str, npt.NDArray[np.intp]]
DECIMALS = 9  # scores that agree so far are equal: 0.1 + 0.2 is 0.3
GEOSPATIAL = "geospatial"
LADDER = tuple(Category)


class Scope(StrEnum):
    """Among whom a settlement is ranked; the first two are also names of columns."""

    DISTRICT = "district"
    OBLAST = "oblast"
    NATION = "nation"


@dataclass(frozen=True)
class Scores:
    """Frames with a row per settlement. `points`: a column per sub-criterion, NaN where its value is missing.

    `low` and `high`: the least and the most points by block (and `geospatial`, if the rule adds points).
    `holds`: whether the geospatial rule does, 1, 0 or NaN; 1 for all if there is none.
    """

    method: Method
    settlements: pd.DataFrame
    points: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    holds: "pd.Series[float]"

    @property
    def totals(self) -> pd.DataFrame:
        """Columns `low` and `high`, the ends of the score; they are equal where no value is missing."""
        return pd.DataFrame({"low": self.low.sum(axis=1), "high": self.high.sum(axis=1)}).round(DECIMALS)

    @property
    def missing(self) -> "pd.Series[Any]":
        """The columns, as a tuple, in which each settlement lacks a value."""
        gaps = self.points.isna()
        if self.method.geospatial:
            gaps[self.method.geospatial.column] = self.holds.isna()
        names = gaps.columns.to_numpy()
        return pd.Series([tuple(names[row]) for row in gaps.to_numpy()], index=gaps.index, dtype="object")


def score(settlements: pd.DataFrame, method: Method) -> Scores:
    """The points of settlements: a row each, a column per sub-criterion and one for the geospatial rule.

    Raises `MethodError` for a missing column, a repeated settlement, a value that is no finite number, and a
    scale to be taken from values that do not differ. A missing value is held to lie within such a scale.
    """
    if not settlements.index.is_unique:
        raise MethodError(Fault.INDEX, *map(str, settlements.index[settlements.index.duplicated()]))
    points = pd.DataFrame(
        {each.code: _points(_numbers(settlements, each.code), each) for each in method.criteria},
        index=settlements.index,
    )
    holds = pd.Series(_holds(settlements, method), index=settlements.index)
    low = _by_block(points.fillna(0.0), method)
    high = _by_block(points.fillna({each.code: each.points for each in method.criteria}), method)
    if method.geospatial and method.geospatial.effect == Effect.SCORE:
        low[GEOSPATIAL] = holds.fillna(0.0) * method.geospatial.points
        high[GEOSPATIAL] = holds.fillna(1.0) * method.geospatial.points
    return Scores(method, settlements, points, low, high, holds)


def _by_block(points: pd.DataFrame, method: Method) -> pd.DataFrame:
    codes = {block: [each.code for each in method.criteria if each.block == block] for block in method.blocks}
    return pd.DataFrame({block.value: points[columns].sum(axis=1) for block, columns in codes.items()})


def _holds(settlements: pd.DataFrame, method: Method) -> Floats:
    if method.geospatial is None:
        return np.ones(len(settlements))
    values = _numbers(settlements, method.geospatial.column)
    if not np.isin(values[~np.isnan(values)], (0, 1)).all():
        raise MethodError(Fault.VALUE, method.geospatial.column)
    return values


def _numbers(settlements: pd.DataFrame, column: str) -> Floats:
    if column not in settlements:
        raise MethodError(Fault.COLUMN, column)
    try:
        values: Floats = settlements[column].to_numpy("float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise MethodError(Fault.VALUE, column) from error
    if np.isinf(values).any():
        raise MethodError(Fault.VALUE, column)
    return values


def _points(values: Floats, criterion: Criterion) -> Floats:
    """From 0 to the criterion's points, in proportion to the place on its scale."""
    if np.isnan(values).all():
        return values
    low, high = criterion.scale or (float(np.nanmin(values)), float(np.nanmax(values)))
    if low == high:
        raise MethodError(Fault.FLAT, criterion.code, value=low)
    share = np.clip((values - low) / (high - low), 0, 1)
    return criterion.points * (share if criterion.is_better_higher else 1 - share)


def classify(scores: Scores) -> pd.DataFrame:
    """Columns `lowest` and `highest`: the categories between which missing values leave each settlement.

    Raises `MissingThresholdsError`. It is arithmetic, not the list: that is fixed by the local executive
    bodies in agreement with the central body for regional development (document 002, lines 50–54).
    """
    method, totals, holds = scores.method, scores.totals, scores.holds.to_numpy()
    if method.missing_thresholds:
        raise MissingThresholdsError(method.missing_thresholds)
    lowest, highest = _steps(totals["low"], method), _steps(totals["high"], method)
    rule = method.geospatial
    if rule and rule.effect == Effect.FILTER:
        lowest, highest = np.where(holds == 1, lowest, 0), np.where(holds == 0, 0, highest)
    elif rule and rule.category is not None:
        own, cases = LADDER.index(rule.category), [holds == 1, np.isnan(holds)]
        lowest = np.select(cases, [own, np.minimum(lowest, own)], lowest)
        highest = np.select(cases, [own, np.maximum(highest, own)], highest)
    words = np.array([name.value for name in LADDER], dtype=object)
    return pd.DataFrame({"lowest": words[lowest], "highest": words[highest]}, index=scores.points.index)


def _steps(totals: "pd.Series[float]", method: Method) -> npt.NDArray[np.intp]:
    """The step of the ladder, from 0 for the lowest, that each score reaches."""
    names = [name for name in LADDER if name in method.thresholds]
    limits = np.round([method.thresholds[name] for name in names], DECIMALS)
    steps = np.array([0, *(LADDER.index(name) for name in names)])
    return steps[np.searchsorted(limits, totals.to_numpy(), side="right")]


def rank(scores: Scores, scope: Scope = Scope.NATION) -> pd.DataFrame:
    """Columns `best` and `worst`: the places, from 1, that a settlement can take within its scope.

    Equal scores share a place. A settlement that the geospatial rule shuts out has none (NA). To rank within
    districts or oblasts the settlements need a column of that name; raises `MethodError` where it has gaps.
    """
    totals = scores.totals
    return _ranked(scores, totals["low"].to_numpy(), totals["high"].to_numpy(), _groups(scores, scope))


def _groups(scores: Scores, scope: Scope) -> Groups:
    """The positions of the settlements of each district or oblast, or of all of them."""
    if scope == Scope.NATION:
        return {scope.value: np.arange(len(scores.points))}
    if scope not in scores.settlements:
        raise MethodError(Fault.COLUMN, scope)
    names = scores.settlements[scope.value]
    if names.isna().any():
        raise MethodError(Fault.GROUP, scope, settlements=int(names.isna().sum()))
    return {str(name): np.asarray(at) for name, at in names.groupby(names).indices.items()}


def _competitors(scores: Scores) -> tuple[Bools, Bools]:
    """Which settlements certainly and which possibly pass the geospatial rule, so far as it shuts out."""
    rule, holds = scores.method.geospatial, scores.holds.to_numpy()
    if rule and rule.effect == Effect.FILTER:
        return holds == 1, holds != 0
    everyone = np.full(len(holds), True)
    return everyone, everyone


def _ranked(scores: Scores, low: Floats, high: Floats, groups: Groups) -> pd.DataFrame:
    sure, possible = _competitors(scores)
    best, worst = np.zeros(len(low)), np.zeros(len(low))
    for at in groups.values():
        least, most = np.sort(low[at][sure[at]]), np.sort(high[at][possible[at]])
        best[at] = 1 + len(least) - np.searchsorted(least, high[at], side="right")
        # A settlement whose own range is open would count among those possibly ahead of it.
        worst[at] = 1 + len(most) - np.searchsorted(most, low[at], side="right") - (high[at] > low[at])
    best[~possible] = worst[~possible] = np.nan
    return pd.DataFrame({"best": best, "worst": worst}, index=scores.points.index).astype("Int64")


@dataclass(frozen=True)
class Sensitivity:
    """`ranks`: columns `best` and `worst` over the method's own weights and all the shifted ones.

    `correlations`: a row per shift and group with `block`, `change` in points, `group`, `settlements` (those
    ranked for certain, no value missing) and the `correlation` (Spearman's) of their order with that by the
    method's own weights; NaN where it is undefined: fewer than two settlements, or all equal.
    """

    ranks: pd.DataFrame
    correlations: pd.DataFrame


def sensitivity(scores: Scores, shift: float, scope: Scope = Scope.NATION) -> Sensitivity:
    """What becomes of ranks if each block's weight is `shift` points less or more.

    The other blocks shrink or grow in proportion, so that the weights still make 100; points of the
    geospatial rule stay as they are. Raises `MethodError` if a weight would leave 0 to 100.
    """
    blocks, groups, totals = scores.method.blocks, _groups(scores, scope), scores.totals
    if not 0 < shift <= min(min(points, 100 - points) for points in blocks.values()):
        raise MethodError(Fault.SHIFT, shift=shift)
    own = totals["low"].to_numpy()
    whole = (own == totals["high"].to_numpy()) & _competitors(scores)[0]
    ranks, rows = [rank(scores, scope)], []
    for block, change in [(block, change) for block in blocks for change in (-shift, shift)]:
        factors = pd.Series((100 - blocks[block] - change) / (100 - blocks[block]), index=list(blocks))
        factors[block] = 1 + change / blocks[block]
        weights = factors.reindex(scores.low.columns, fill_value=1.0)
        low = (scores.low * weights).sum(axis=1).round(DECIMALS).to_numpy()
        high = (scores.high * weights).sum(axis=1).round(DECIMALS).to_numpy()
        ranks.append(_ranked(scores, low, high, groups))
        for name, at in groups.items():
            known = at[whole[at]]
            rows.append((block.value, change, name, len(known), _spearman(own[known], low[known])))
    best = pd.concat([each["best"] for each in ranks], axis=1).min(axis=1)
    worst = pd.concat([each["worst"] for each in ranks], axis=1).max(axis=1)
    columns = ["block", "change", "group", "settlements", "correlation"]
    return Sensitivity(pd.DataFrame({"best": best, "worst": worst}), pd.DataFrame(rows, columns=columns))


def _spearman(one: Floats, other: Floats) -> float:
    """The correlation of average ranks."""
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return math.nan
    return float(np.corrcoef(pd.Series(one).rank(), pd.Series(other).rank())[0, 1])
