"""Scored rural settlements as the page shows them and as a table to take away."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.utils.functional import Promise
from tablib import Dataset

from common.collation import sort_key
from indicators.writing import written
from programmes.applied import labels
from programmes.methods.rural_method import Method, MissingThresholdsError
from programmes.methods.rural_scoring import Scope, classify, rank, score, sensitivity

DECIMALS = 1
HEADERS = (
    "settlement", "oblast", "district", "score_low", "score_high", "place_best", "place_worst",
    "shifted_place_best", "shifted_place_worst", "category_lowest", "category_highest", "missing",
)  # fmt: skip

Span = tuple[Any, Any]


def _words(ends: Span) -> str:
    """A number, or the two ends of its range; a dash where there is none."""
    low, high = ends
    if low is None or high is None:
        return "—"
    return "–".join(dict.fromkeys((written(low, DECIMALS), written(high, DECIMALS))))


@dataclass(frozen=True)
class Settlement:
    """A settlement with the ranges that missing values leave; places are None where the rule shuts it out."""

    name: str
    within: dict[str, str]
    score: Span
    blocks: dict[str, Span]
    place: Span
    shifted: Span
    categories: tuple[str, str] | None
    missing: tuple[str, ...]

    @property
    def where(self) -> str:
        """Its oblast and district."""
        return ", ".join(self.within.values())

    @property
    def numbers(self) -> dict[str, str]:
        """Score, place and place under shifted weights, in words."""
        return {name: _words(getattr(self, name)) for name in ("score", "place", "shifted")}

    @property
    def points(self) -> list[tuple[Promise, str]]:
        """The points of each block, in words."""
        return [(labels.BLOCKS[name], _words(ends)) for name, ends in self.blocks.items()]

    @property
    def category(self) -> str:
        """The category, or those between which missing values leave it."""
        names = dict.fromkeys(self.categories or ())
        return "–".join(str(labels.CATEGORIES[name]) for name in names)

    @property
    def cells(self) -> list[str]:
        """A row of the table, under `HEADERS`."""
        spans = [*self.score, *self.place, *self.shifted, *(self.categories or ("", ""))]
        written_spans = ["" if each is None else str(each) for each in spans]
        places = [self.within.get(name, "") for name in ("oblast", "district")]
        return [self.name, *places, *written_spans, ";".join(self.missing)]


@dataclass(frozen=True)
class Shift:
    """What shifting a block's weight does to the order of a group of settlements."""

    block: Promise
    change: float
    group: str
    settlements: int
    correlation: float | None


@dataclass(frozen=True)
class Outcome:
    """The settlements from the best on, what shifts of weights do, and categories without a threshold."""

    settlements: list[Settlement]
    scope: Scope
    shifts: list[Shift]
    unlimited: list[Promise]

    @property
    def blocks(self) -> list[Promise]:
        """The blocks that the score is made of."""
        return [words for words, _points in self.settlements[0].points]

    @property
    def is_grouped(self) -> bool:
        """Whether there is an order for each oblast or district."""
        return self.scope != Scope.NATION

    @property
    def with_gaps(self) -> int:
        """The number of settlements that lack a value."""
        return sum(bool(each.missing) for each in self.settlements)

    @property
    def table(self) -> Dataset:
        """All settlements as a table."""
        return Dataset(*(each.cells for each in self.settlements), headers=list(HEADERS))


def outcome_of(settlements: pd.DataFrame, method: Method, scope: Scope, shift: float) -> Outcome:
    """The settlements scored by the method and ranked in the scope. Raises `MethodError`."""
    scores = score(settlements, method)
    categories, unlimited = None, []
    try:
        categories = _ends(classify(scores))
    except MissingThresholdsError:
        unlimited = [labels.CATEGORIES[name] for name in method.missing_thresholds]
    shifted = sensitivity(scores, shift, scope)
    parts = {
        str(block): _ends(pd.DataFrame({"low": scores.low[block], "high": scores.high[block]}))
        for block in scores.low
    }
    columns = (_ends(scores.totals), _ends(rank(scores, scope)), _ends(shifted.ranks))
    found = [
        Settlement(
            name=str(name),
            within={each: str(settlements[each].iloc[at]) for each in _places(settlements, at)},
            score=columns[0][at],
            blocks={block: ends[at] for block, ends in parts.items()},
            place=columns[1][at],
            shifted=columns[2][at],
            categories=categories[at] if categories else None,
            missing=missing,
        )
        for at, (name, missing) in enumerate(scores.missing.items())
    ]
    return Outcome(
        settlements=sorted(found, key=lambda each: (-each.score[0], -each.score[1], sort_key(each.name))),
        scope=scope,
        shifts=[_shift(row) for row in shifted.correlations.to_dict("records")],
        unlimited=unlimited,
    )


def _places(settlements: pd.DataFrame, at: int) -> list[str]:
    names = [name for name in ("oblast", "district") if name in settlements]
    return [name for name in names if pd.notna(settlements[name].iloc[at])]


def _ends(frame: pd.DataFrame) -> list[Span]:
    """The two columns of a frame as pairs; None for what is missing."""
    pairs = frame.astype(object).to_numpy()
    return [(_plain(low), _plain(high)) for low, high in pairs]


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _shift(row: dict[Any, Any]) -> Shift:
    return Shift(
        block=labels.BLOCKS[row["block"]],
        change=row["change"],
        group=row["group"],
        settlements=row["settlements"],
        correlation=_plain(row["correlation"]),
    )
