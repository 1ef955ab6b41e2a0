"""How the potential of rural settlements is scored: blocks, sub-criteria, the geospatial rule, thresholds.

Document 002, lines 26–30, prints the points of three blocks (demography 50, infrastructure 30, economy 20)
and that there is a geospatial rule; lines 35–38 that more than 150 indicators were examined. It prints
neither sub-criteria and their scales, nor what the rule does, nor the limits between categories: all of that
is configuration here, and none of it has a default.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType


class Block(StrEnum):
    DEMOGRAPHY = "demography"
    INFRASTRUCTURE = "infrastructure"
    ECONOMY = "economy"


class Category(StrEnum):
    """From the lowest to the highest; document 002, lines 50–54, names the last three."""

    OTHER = "other"
    SATELLITE = "satellite"
    SUPPORT = "support"
    STRATEGIC = "strategic"


class Effect(StrEnum):
    """What the geospatial rule does: adds points, shuts out, or decides the category whatever the score."""

    SCORE = "score"
    FILTER = "filter"
    OVERRIDE = "override"


class Fault(StrEnum):
    """What is wrong with a method or with the values handed in."""

    BLOCKS = "blocks_do_not_make_100"
    CRITERIA = "criteria_do_not_make_block"
    CODES = "criterion_repeated"
    POINTS = "points_not_positive"
    SCALE = "scale_not_ascending"
    FLAT = "scale_undefined"
    RULE = "geospatial_rule_inconsistent"
    THRESHOLDS = "thresholds_not_descending"
    MISSING_THRESHOLDS = "thresholds_missing"
    COLUMN = "column_missing"
    VALUE = "value_not_a_number"
    INDEX = "settlement_repeated"
    GROUP = "group_missing"
    SHIFT = "shift_out_of_range"


class MethodError(ValueError):
    """The method or the values cannot be used: what is wrong, with what, and the numbers found."""

    def __init__(self, fault: Fault, *about: str, **numbers: float) -> None:
        super().__init__(f"{fault}: {', '.join(about)} {numbers or ''}".strip())
        self.fault, self.about, self.numbers = fault, about, numbers


class MissingThresholdsError(MethodError):
    """No category without limits between categories; `about` names the categories that lack one."""

    def __init__(self, missing: Iterable[Category]) -> None:
        super().__init__(Fault.MISSING_THRESHOLDS, *missing)


BLOCK_POINTS: Mapping[Block, float] = MappingProxyType(
    {Block.DEMOGRAPHY: 50.0, Block.INFRASTRUCTURE: 30.0, Block.ECONOMY: 20.0}
)  # document 002, lines 29–30


@dataclass(frozen=True)
class Criterion:
    """A sub-criterion: the column of its values, its block, and the points of the best value.

    `scale` is the pair of values between which points grow or, unless `is_better_higher`, fall; beyond it
    they stay as they are. Without one the scale runs from the smallest to the greatest value handed in.
    """

    code: str
    block: Block
    points: float
    is_better_higher: bool = True
    scale: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not 0 < self.points < math.inf:
            raise MethodError(Fault.POINTS, self.code, points=self.points)
        if self.scale and not -math.inf < self.scale[0] < self.scale[1] < math.inf:
            raise MethodError(Fault.SCALE, self.code, low=self.scale[0], high=self.scale[1])


@dataclass(frozen=True)
class GeospatialRule:
    """The column that says whether the rule holds (1, 0 or missing) and what follows from it.

    `points` are what a rule that scores adds to the hundred; `category` is what one that overrides assigns.
    """

    column: str
    effect: Effect
    points: float = 0.0
    category: Category | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.points < math.inf:
            raise MethodError(Fault.POINTS, self.column, points=self.points)
        given = (self.points > 0, self.category is not None)
        if given != (self.effect == Effect.SCORE, self.effect == Effect.OVERRIDE):
            raise MethodError(Fault.RULE, self.column, self.effect, points=self.points)


@dataclass(frozen=True)
class Method:
    """A whole configuration. The threshold of a category is the score from which a settlement belongs to it.

    Raises `MethodError` unless the blocks make 100, the sub-criteria their block, and the thresholds fall
    from strategic to satellite between the highest possible score and 0.
    """

    criteria: tuple[Criterion, ...]
    blocks: Mapping[Block, float] = field(default_factory=lambda: BLOCK_POINTS)
    geospatial: GeospatialRule | None = None
    thresholds: Mapping[Category, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._check_blocks()
        self._check_thresholds()
        columns = [each.code for each in self.criteria]
        if self.geospatial:
            columns.append(self.geospatial.column)
        if repeated := sorted({column for column in columns if columns.count(column) > 1}):
            raise MethodError(Fault.CODES, *repeated)

    def _check_blocks(self) -> None:
        total = sum(self.blocks.values())
        if set(self.blocks) != set(Block) or min(self.blocks.values()) <= 0 or not math.isclose(total, 100):
            raise MethodError(Fault.BLOCKS, total=total)
        for block, points in self.blocks.items():
            found = sum(each.points for each in self.criteria if each.block == block)
            if not math.isclose(found, points):
                raise MethodError(Fault.CRITERIA, block, found=found, points=points)

    def _check_thresholds(self) -> None:
        limits = [self.thresholds[name] for name in reversed(Category) if name in self.thresholds]
        highest = 100 + (self.geospatial.points if self.geospatial else 0)
        falls = all(above > below for above, below in pairwise([*limits, 0]))
        if Category.OTHER in self.thresholds or not falls or any(limit > highest for limit in limits):
            raise MethodError(
                Fault.THRESHOLDS, **{name.value: each for name, each in self.thresholds.items()}
            )

    @property
    def missing_thresholds(self) -> tuple[Category, ...]:
        """The categories that nothing assigns: neither a threshold nor an overriding rule."""
        given = {*self.thresholds, Category.OTHER, self.geospatial.category if self.geospatial else None}
        return tuple(name for name in reversed(Category) if name not in given)
