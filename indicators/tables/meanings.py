"""What the cells beside the figures mean: territory, indicator, period, categories.

Each distinct cell is looked up once. What is not understood becomes a `Refusal`, which costs the figures that
it is about.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from indicators.periods import Period
from indicators.tables.cells import Cell, cell_text, is_blank
from indicators.tables.figures import ProblemCode
from indicators.tables.headings import Caveat, Heading, combine, parse_part, settle
from indicators.tables.layout import Block, Column, Layout, LayoutKind, Role
from indicators.tables.territories import Resolution, resolve_territories
from indicators.tables.vocabulary import Category, Vocabulary, find_category, find_indicator, split_unit

CAVEATS = {
    Caveat.CUMULATIVE: ProblemCode.CUMULATIVE_PERIOD,
    Caveat.OPENING: ProblemCode.OPENING_DATE,
}


class Refusal(NamedTuple):
    """What is wrong with a stub cell or a heading, whichever figures it costs."""

    code: ProblemCode
    column: int
    text: str
    params: dict[str, Any] = {}


class Place(NamedTuple):
    """A territory, and how it is written."""

    code: str
    text: str


class Measured(NamedTuple):
    """The indicator and the unit that hold for a row."""

    code: str | None
    unit: str


class Time(NamedTuple):
    """The period of a figure."""

    period: Period
    caveat: Caveat | None


Breakdown = tuple[tuple[str, str], ...]


class Meanings:
    """The meanings of a table's cells, in the block that was entered last.

    `cells_of` gives all cells of a column: names and days are judged together.
    """

    def __init__(
        self, layout: Layout, vocabulary: Vocabulary, cells_of: Callable[[int], Iterable[Cell]]
    ) -> None:
        self.layout, self.vocabulary = layout, vocabulary
        self.is_tidy = layout.kind is LayoutKind.TIDY
        self.values = layout.with_role(Role.VALUE)
        self.dimension_columns = layout.with_role(Role.DIMENSION)
        self.period_columns = layout.with_role(Role.PERIOD)
        self.territory = layout.column_with(Role.TERRITORY)
        self.indicator = layout.column_with(Role.INDICATOR)
        self.caveats: list[tuple[ProblemCode, int, str]] = []
        """(code, column, text) of period cells looked up since it was last cleared."""
        self._resolutions = self._resolved(cells_of)
        self._closings = self._settled(cells_of)
        self.part = cache(lambda text: find_category(text, vocabulary))
        self.enter(None)

    def enter(self, block: Block | None) -> None:
        """What the block says holds from now on."""
        self._block = block
        self.place = cache(self._place)
        self.measured = cache(self._measured)
        self.times = cache(self._times)
        self.breakdowns = cache(self._breakdowns)

    def _place(self, cell: Cell) -> Place | Refusal:
        text = cell_text(cell)
        if not text and (self.is_tidy or self.territory is None):
            text = (self._block and self._block.territory) or self.layout.territory or ""
            if not text:
                return Place(self.vocabulary.country, "")
        resolution = self._resolutions.get(text, Resolution(None))
        if resolution.code is not None:
            return Place(resolution.code, text)
        column = self.territory.index if self.territory else 0
        if resolution.candidates:
            params = {"candidates": list(resolution.candidates)}
            return Refusal(ProblemCode.AMBIGUOUS_TERRITORY, column, text, params)
        return Refusal(ProblemCode.UNKNOWN_TERRITORY, column, text)

    def _measured(self, cell: Cell) -> Measured | Refusal:
        """What a row measures, and in which unit: the innermost statement of each holds."""
        block = self._block
        if block is not None and block.is_unknown:
            return Refusal(ProblemCode.UNKNOWN_BLOCK, 0, block.text)
        unit = (block.unit if block else "") or self.layout.unit_text
        outer = Measured((block.indicator if block else None) or self.layout.indicator, unit)
        text = cell_text(cell)
        if self.indicator is None or (not text and outer.code is not None):
            return outer
        if found := find_indicator(text, self.vocabulary):
            return Measured(found, split_unit(text, self.vocabulary)[1] or unit)
        return Refusal(ProblemCode.UNKNOWN_INDICATOR, self.indicator.index, text)

    def _times(self, cells: tuple[Cell, ...]) -> list[Time | Refusal] | Refusal:
        """The period of each value column's figure in a row with these period cells."""
        stub: Heading | None = None
        for column, cell in zip(self.period_columns, cells, strict=True):
            if is_blank((cell,)):
                continue
            heading = self._closings.get(cell) or parse_part(cell, column.text)
            if heading is None:
                return Refusal(ProblemCode.BAD_PERIOD, column.index, cell_text(cell))
            if heading.caveat is not None:
                self.caveats.append((CAVEATS[heading.caveat], column.index, cell_text(cell)))
            stub = combine(stub, heading)
        outer = combine(self.layout.period, self._block.period if self._block else None, stub)
        times = [_time(combine(outer, column.period), column) for column in self.values]
        refusals = [time for time in times if isinstance(time, Refusal)]
        if len(refusals) < len(times):
            return times
        return (
            refusals[0]._replace(column=self.period_columns[0].index, text="")
            if self.period_columns
            else refusals[0]
        )

    def _breakdowns(self, cells: tuple[Cell, ...], part: Category | None) -> list[Breakdown] | Refusal:
        """The categories of each value column's figure in a row with these dimension cells."""
        outer = [*self.layout.breakdown, *(self._block.breakdown if self._block else ())]
        for column, cell in zip(self.dimension_columns, cells, strict=True):
            if not (text := cell_text(cell)):
                continue
            category = find_category(text, self.vocabulary, column.dimension)
            if category is None:
                params = {"dimension": column.dimension}
                return Refusal(ProblemCode.UNKNOWN_CATEGORY, column.index, text, params)
            outer.append(category)
        outer += [part] if part else []
        return [_breakdown([*outer, *column.breakdown]) for column in self.values]

    def _resolved(self, cells_of: Callable[[int], Iterable[Cell]]) -> dict[str, Resolution]:
        names: Counter[str] = Counter(
            [column.territory for column in self.values if column.territory]
            + [block.territory for block in self.layout.blocks if block.territory]
        )
        if self.layout.territory:
            names[self.layout.territory] += 1
        if self.territory:
            for cell, count in Counter(cells_of(self.territory.index)).items():
                names[cell_text(cell)] += count
        return resolve_territories({name: count for name, count in names.items() if name}, self.vocabulary)

    def _settled(self, cells_of: Callable[[int], Iterable[Cell]]) -> dict[Cell, Heading]:
        """The closing days in the period column, judged together (see `settle`)."""
        if len(self.period_columns) != 1:
            return {}
        column = self.period_columns[0]
        cells = dict.fromkeys(cells_of(column.index))
        headings = {cell: heading for cell in cells if (heading := parse_part(cell, column.text)) is not None}
        closing = {cell: heading for cell, heading in headings.items() if heading.is_closing_day}
        return dict(zip(closing, settle(list(closing.values())), strict=True))


def _time(heading: Heading | None, column: Column) -> Time | Refusal:
    period = heading.period() if heading is not None else None
    if heading is None or period is None:
        return Refusal(ProblemCode.BAD_PERIOD, column.index, column.text)
    return Time(period, heading.caveat)


def _breakdown(categories: Sequence[Category]) -> Breakdown:
    """The last category of each dimension, totals left out, sorted."""
    chosen = {category.dimension: category for category in categories}
    return tuple(sorted((c.dimension, c.code) for c in chosen.values() if not c.is_total))
