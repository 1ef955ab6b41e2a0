"""Figures out of a sheet, each with its cell; and for each cell that gives none, the reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from indicators.periods import Period
from indicators.tables.cells import Cell, Missing, NotANumber, Row, cell_text, parse_number
from indicators.tables.duplicates import without_duplicates
from indicators.tables.figures import Extraction, Figure, Problem, ProblemCode
from indicators.tables.files import Sheet
from indicators.tables.headings import Caveat, Heading, combine, parse_part, settle
from indicators.tables.layout import Block, Column, Doubt, Layout, LayoutKind, Role
from indicators.tables.territories import Resolution, resolve_territories
from indicators.tables.vocabulary import Category, Vocabulary, find_category, find_indicator, split_unit

_MISSING_STATUSES = frozenset("HLMOQ")
_STATUSES = frozenset("ABDEFGIJKNPSUVW") | _MISSING_STATUSES
_FILLED_DOWN = (Role.TERRITORY, Role.PERIOD, Role.DIMENSION, Role.INDICATOR)
_CAVEATS = {
    Caveat.CUMULATIVE: ProblemCode.CUMULATIVE_PERIOD,
    Caveat.OPENING: ProblemCode.OPENING_DATE,
}


class _Refusal(NamedTuple):
    """What is wrong with a stub cell or a heading, whichever figures it costs."""

    code: ProblemCode
    column: int
    text: str
    params: dict[str, Any] = {}


class _Place(NamedTuple):
    code: str
    text: str


class _Measured(NamedTuple):
    code: str | None
    unit: str


class _Time(NamedTuple):
    period: Period
    caveat: Caveat | None


Breakdown = tuple[tuple[str, str], ...]


def extract(sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> Extraction:
    """All figures and problems of one table, read as the layout says; never raises for what cells hold.

    The figures and the `lost` of the problems add up to the table's data cells. A figure that stands twice
    with different values is refused in both places.
    """
    if layout.is_ignored or layout.column_with(Role.VALUE) is None:
        return Extraction(layout, [], [*_unread(layout)], 0)
    reader = _Reader(sheet, layout, vocabulary)
    reader.read()
    figures, repeated = without_duplicates(reader.figures)
    problems = sorted([*reader.problems, *repeated], key=lambda problem: (problem.row, problem.column))
    return Extraction(layout, figures, problems, reader.cells)


def _unread(layout: Layout) -> Iterator[Problem]:
    """A warning where nobody decided that the table is not to be read."""
    if Doubt.HIDDEN_SHEET in layout.doubts:
        yield Problem(ProblemCode.HIDDEN_SHEET, 0, 0, layout.sheet, lost=0)


class _Reader:
    """Goes down the rows; remembers what each distinct cell means."""

    def __init__(self, sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> None:
        self.rows, self.layout, self.vocabulary = sheet.rows, layout, vocabulary
        self.figures: list[Figure] = []
        self.problems: list[Problem] = []
        self.cells = self.number = 0
        self.values = layout.with_role(Role.VALUE)
        self.dimensions = layout.with_role(Role.DIMENSION)
        self.periods = layout.with_role(Role.PERIOD)
        self.territory = layout.column_with(Role.TERRITORY)
        self.indicator = layout.column_with(Role.INDICATOR)
        self.unit = layout.column_with(Role.UNIT)
        self.status = layout.column_with(Role.STATUS)
        self.width = max((column.index for column in layout.columns), default=-1) + 1
        self.is_tidy = layout.kind is LayoutKind.TIDY
        self.blocks = {block.row: block for block in layout.blocks}
        self.notes = {note.row for note in layout.notes}
        self.headers = [sheet.rows[row] for row in layout.header_rows if row < len(sheet.rows)]
        self.filled_down = sorted(c.index for c in layout.columns if c.role in _FILLED_DOWN)
        self.above: dict[int, Cell] = {}
        self.resolutions = self._resolutions()
        self.closings = self._closings()
        self.place_of = cache(self._place)
        self.times_of = cache(self._times)
        self.breakdowns_of = cache(self._breakdowns)
        self.indicator_of = cache(self._indicator)
        self.part_of = cache(lambda text: find_category(text, vocabulary))
        self.place: _Place | _Refusal | None = None

    def read(self) -> None:
        self._warn()
        block: Block | None = None
        for number, row in self._body():
            if number in self.blocks:
                block = self.blocks[number]
                self.above, self.place = {}, None
            elif number not in self.notes and row not in self.headers:
                self._read_row(number, row, block)

    def _body(self) -> Iterator[tuple[int, Row]]:
        first, last = self.layout.first_row, self.layout.last_row
        return enumerate(self.rows[first : None if last is None else last + 1], first)

    def _read_row(self, number: int, row: Row, block: Block | None) -> None:
        if len(row) < self.width:
            row = (*row, *("",) * (self.width - len(row)))
        if not any(row) and _is_blank(row):
            return
        if not self.is_tidy:
            row = self._filled(row)
        place, part = self._subject(row, block)
        is_named = self.territory is not None and isinstance(place, _Place)
        if not (self.is_tidy or is_named) and _is_blank([row[column.index] for column in self.values]):
            return
        if part is None:
            self.place = place
        self.cells += len(self.values)
        self.number = number
        indicator = self.indicator_of(row[self.indicator.index] if self.indicator else None, block)
        times = self.times_of(tuple([row[column.index] for column in self.periods]), block)
        breakdowns = self.breakdowns_of(tuple([row[column.index] for column in self.dimensions]), block, part)
        if isinstance(place, _Refusal):
            self._refuse(place, len(self.values))
        elif isinstance(indicator, _Refusal):
            self._refuse(indicator, len(self.values))
        elif isinstance(times, _Refusal):
            self._refuse(times, len(self.values))
        elif isinstance(breakdowns, _Refusal):
            self._refuse(breakdowns, len(self.values))
        else:
            self._read_values(row, place, indicator, times, breakdowns)

    def _subject(self, row: Row, block: Block | None) -> tuple[_Place | _Refusal, Category | None]:
        """The row's territory; for a row "urban" below an oblast's, that oblast and the category."""
        if self.territory is None and block is not None and block.territory:
            return self.place_of(block.territory), None
        cell = row[self.territory.index] if self.territory else None
        place = self.place_of(cell)
        if not self.is_tidy and isinstance(place, _Refusal) and isinstance(self.place, _Place):
            part = self.part_of(cell_text(cell))
            if part is not None and part.dimension:
                return self.place, part
        return place, None

    def _read_values(
        self,
        row: Row,
        place: _Place,
        indicator: _Measured,
        times: list[_Time | _Refusal],
        breakdowns: list[Breakdown],
    ) -> None:
        unit = (cell_text(row[self.unit.index]) if self.unit else "") or indicator.unit
        stated = cell_text(row[self.status.index]) if self.status else ""
        for column, time, breakdown in zip(self.values, times, breakdowns, strict=True):
            there = place if column.territory is None else self.place_of(column.territory)
            if isinstance(there, _Refusal):
                self._refuse(there._replace(column=column.index))
                continue
            if isinstance(time, _Refusal):
                self._refuse(time)
                continue
            cell = row[column.index]
            value = parse_number(cell, self.layout.decimal)
            if isinstance(value, NotANumber):
                self._refuse(_Refusal(ProblemCode.NOT_A_NUMBER, column.index, value.text))
                continue
            status = _status(value, stated)
            if status is None:
                self._refuse(_Refusal(ProblemCode.BAD_STATUS, column.index, stated))
                continue
            self.figures.append(
                Figure(
                    self.number, column.index, there.code, there.text, time.period, breakdown,
                    column.indicator or indicator.code, column.unit or unit,
                    None if isinstance(value, Missing) else value, status, cell_text(cell), time.caveat,
                )
            )  # fmt: skip

    def _refuse(self, refusal: _Refusal, lost: int = 1) -> None:
        code, column, text, params = refusal
        self.problems.append(Problem(code, self.number, column, text, params, lost))

    def _filled(self, row: Row) -> Row:
        """With the stub cells that are merged downwards: blank beside a filled one to their right."""
        cells = list(row)
        is_right_filled = False
        for index in reversed(self.filled_down):
            if is_right_filled and _is_blank((row[index],)):
                cells[index] = self.above.get(index, "")
            is_right_filled = is_right_filled or not _is_blank((row[index],))
        self.above = {index: cells[index] for index in self.filled_down}
        return tuple(cells)

    def _place(self, cell: Cell) -> _Place | _Refusal:
        text = cell_text(cell)
        if not text and (self.is_tidy or self.territory is None):
            text = self.layout.territory or ""
            if not text:
                return _Place(self.vocabulary.country, "")
        resolution = self.resolutions.get(text, Resolution(None))
        if resolution.code is not None:
            return _Place(resolution.code, text)
        column = self.territory.index if self.territory else 0
        if resolution.candidates:
            params = {"candidates": list(resolution.candidates)}
            return _Refusal(ProblemCode.AMBIGUOUS_TERRITORY, column, text, params)
        return _Refusal(ProblemCode.UNKNOWN_TERRITORY, column, text)

    def _indicator(self, cell: Cell, block: Block | None) -> _Measured | _Refusal:
        """What a row measures, and in which unit: the innermost statement of each holds."""
        if block is not None and block.is_unknown:
            return _Refusal(ProblemCode.UNKNOWN_BLOCK, 0, block.text)
        unit = (block.unit if block else "") or self.layout.unit_text
        outer = _Measured((block.indicator if block else None) or self.layout.indicator, unit)
        text = cell_text(cell)
        if self.indicator is None or (not text and outer.code is not None):
            return outer
        if found := find_indicator(text, self.vocabulary):
            return _Measured(found, split_unit(text, self.vocabulary)[1] or unit)
        return _Refusal(ProblemCode.UNKNOWN_INDICATOR, self.indicator.index, text)

    def _times(self, cells: tuple[Cell, ...], block: Block | None) -> list[_Time | _Refusal] | _Refusal:
        """The period of each value column's figure in a row with these period cells."""
        stub: Heading | None = None
        for column, cell in zip(self.periods, cells, strict=True):
            if _is_blank((cell,)):
                continue
            heading = self.closings.get(cell) or parse_part(cell, column.text)
            if heading is None:
                return _Refusal(ProblemCode.BAD_PERIOD, column.index, cell_text(cell))
            if heading.caveat is not None:
                code = _CAVEATS[heading.caveat]
                self.problems.append(Problem(code, self.number, column.index, cell_text(cell), lost=0))
            stub = combine(stub, heading)
        outer = combine(self.layout.period, block.period if block else None, stub)
        times = [_time(combine(outer, column.period), column) for column in self.values]
        refusals = [time for time in times if isinstance(time, _Refusal)]
        if len(refusals) < len(times):
            return times
        return refusals[0]._replace(column=self.periods[0].index, text="") if self.periods else refusals[0]

    def _breakdowns(
        self, cells: tuple[Cell, ...], block: Block | None, part: Category | None
    ) -> list[Breakdown] | _Refusal:
        """The categories of each value column's figure in a row with these dimension cells."""
        outer = [*self.layout.breakdown, *(block.breakdown if block else ())]
        for column, cell in zip(self.dimensions, cells, strict=True):
            if not (text := cell_text(cell)):
                continue
            category = find_category(text, self.vocabulary, column.dimension)
            if category is None:
                params = {"dimension": column.dimension}
                return _Refusal(ProblemCode.UNKNOWN_CATEGORY, column.index, text, params)
            outer.append(category)
        outer += [part] if part else []
        return [_breakdown([*outer, *column.breakdown]) for column in self.values]

    def _resolutions(self) -> dict[str, Resolution]:
        names: Counter[str] = Counter(
            [column.territory for column in self.values if column.territory]
            + [block.territory for block in self.layout.blocks if block.territory]
        )
        if self.layout.territory:
            names[self.layout.territory] += 1
        if self.territory:
            index = self.territory.index
            cells = Counter(row[index] for _, row in self._body() if index < len(row))
            for cell, count in cells.items():
                names[cell_text(cell)] += count
        return resolve_territories({name: count for name, count in names.items() if name}, self.vocabulary)

    def _closings(self) -> dict[Cell, Heading]:
        """The closing days in the period column, judged together (see `settle`)."""
        if len(self.periods) != 1:
            return {}
        index, text = self.periods[0].index, self.periods[0].text
        cells = {row[index] for _, row in self._body() if index < len(row)}
        headings = {cell: heading for cell in cells if (heading := parse_part(cell, text)) is not None}
        closing = {cell: heading for cell, heading in headings.items() if heading.is_closing_day}
        return dict(zip(closing, settle(list(closing.values())), strict=True))

    def _warn(self) -> None:
        """Report what holds for whole columns and blocks."""
        bottom = self.layout.header_rows[-1]
        for column in self.layout.columns:
            if column.role is Role.UNKNOWN:
                self._note(ProblemCode.UNKNOWN_COLUMN, bottom, column.index, column.text)
            if column.period is not None and column.period.caveat is not None:
                self._note(_CAVEATS[column.period.caveat], bottom, column.index, column.text)
        for block in self.layout.blocks:
            if block.period is not None and block.period.caveat is not None:
                self._note(_CAVEATS[block.period.caveat], block.row, 0, block.text)
        if self.layout.period is not None and self.layout.period.caveat is not None:
            self._note(_CAVEATS[self.layout.period.caveat], bottom, 0, "")

    def _note(self, code: ProblemCode, row: int, column: int, text: str) -> None:
        self.problems.append(Problem(code, row, column, text, lost=0))


def _time(heading: Heading | None, column: Column) -> _Time | _Refusal:
    period = heading.period() if heading is not None else None
    if heading is None or period is None:
        return _Refusal(ProblemCode.BAD_PERIOD, column.index, column.text)
    return _Time(period, heading.caveat)


def _breakdown(categories: Sequence[Category]) -> Breakdown:
    """The last category of each dimension, totals left out, sorted."""
    chosen = {category.dimension: category for category in categories}
    return tuple(sorted((c.dimension, c.code) for c in chosen.values() if not c.is_total))


def _status(value: object, stated: str) -> str | None:
    """The status of a figure or of its absence; None if the file states one that cannot be."""
    code = stated.partition(":")[0].strip().upper()
    if isinstance(value, Missing):
        return code if code in _MISSING_STATUSES else value.status
    if not code:
        return "A"
    return code if code in _STATUSES - _MISSING_STATUSES else None


def _is_blank(cells: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)
