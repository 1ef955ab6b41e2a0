"""Figures out of a sheet, each with its cell; and for each cell that gives none, the reason."""

import re
from collections.abc import Iterator

from indicators.tables.cells import Cell, Missing, NotANumber, Row, cell_text, is_blank, parse_number
from indicators.tables.duplicates import Repeated, without_duplicates
from indicators.tables.figures import Extraction, Figure, Problem, ProblemCode
from indicators.tables.files import Sheet
from indicators.tables.layout import Doubt, Layout, LayoutKind, Role
from indicators.tables.meanings import CAVEATS, Breakdown, Meanings, Measured, Place, Refusal, Time
from indicators.tables.vocabulary import Category, Vocabulary

_MISSING_STATUSES = frozenset("HLMOQ")
_STATUSES = frozenset("ABDEFGIJKNPSUVW")
_POWER = re.compile(r"-?[0-9]{1,2}")
_FILLED_DOWN = (Role.TERRITORY, Role.PERIOD, Role.DIMENSION, Role.INDICATOR)


def extract(sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> Extraction:
    """All figures and problems of one table, read as the layout says; never raises for what cells hold.

    The figures and the `lost` of the problems add up to the table's data cells. A figure that stands twice
    with different values is refused in both places.
    """
    found: list[Figure] = []
    problems: list[Problem] = []
    for item in _read(sheet, layout, vocabulary):
        if isinstance(item, Figure):
            found.append(item)
        else:
            problems.append(item)
    figures, repeated = without_duplicates(found)
    problems = sorted([*problems, *repeated], key=lambda problem: (problem.row, problem.column))
    cells = len(figures) + sum(problem.lost for problem in problems)
    return Extraction(layout, figures, problems, cells)


def iterate(sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> Iterator[Figure | Problem]:
    """What `extract` finds, one by one and in constant memory; figures that stand twice come last.

    The table is read twice: the first time to know which figures repeat.
    """
    repeated = Repeated()
    for item in _read(sheet, layout, vocabulary):
        if isinstance(item, Figure):
            repeated.note(item)
    held_back: list[Figure] = []
    for item in _read(sheet, layout, vocabulary):
        if isinstance(item, Figure) and item in repeated:
            held_back.append(item)
        else:
            yield item
    figures, problems = without_duplicates(held_back)
    yield from figures
    yield from problems


def _read(sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> Iterator[Figure | Problem]:
    if not layout.is_ignored:
        yield from _warnings(layout)
        if layout.column_with(Role.VALUE) is not None:
            yield from _Reader(sheet, layout, vocabulary).read()
    elif Doubt.HIDDEN_SHEET in layout.doubts:
        yield Problem(ProblemCode.HIDDEN_SHEET, 0, 0, layout.sheet, lost=0)


class _Reader:
    """Goes down the rows."""

    def __init__(self, sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> None:
        self.rows, self.layout = sheet.rows, layout
        self.found: list[Figure | Problem] = []
        self.number = 0
        self.values = layout.with_role(Role.VALUE)
        self.dimensions = layout.with_role(Role.DIMENSION)
        self.periods = layout.with_role(Role.PERIOD)
        self.territory = layout.column_with(Role.TERRITORY)
        self.indicator = layout.column_with(Role.INDICATOR)
        self.unit = layout.column_with(Role.UNIT)
        self.status = layout.column_with(Role.STATUS)
        self.width = max(column.index for column in layout.columns) + 1
        self.is_tidy = layout.kind is LayoutKind.TIDY
        self.headers = [sheet.rows[row] for row in layout.header_rows if row < len(sheet.rows)]
        self.outer = layout.outer_territory
        self.filled_down = sorted(
            self.outer if c.role is Role.TERRITORY and self.outer is not None else c.index
            for c in layout.columns
            if c.role in _FILLED_DOWN
        )
        self.above: dict[int, Cell] = {}
        self.place: Place | Refusal | None = None
        self.means = Meanings(layout, vocabulary, self._column)

    def read(self) -> Iterator[Figure | Problem]:
        """Figures and problems row by row."""
        blocks = {block.row: block for block in self.layout.blocks}
        notes = {note.row for note in self.layout.notes}
        for number, row in self._body():
            if number in blocks:
                self.means.enter(blocks[number])
                self.above, self.place = {}, None
            elif number not in notes and row not in self.headers and (any(row) or not is_blank(row)):
                self.number = number
                self._read_row(row)
                yield from self.found
                self.found.clear()

    def _body(self) -> Iterator[tuple[int, Row]]:
        first, last = self.layout.first_row, self.layout.last_row
        return enumerate(self.rows[first : None if last is None else last + 1], first)

    def _column(self, index: int) -> Iterator[Cell]:
        """The cells of a column; with the territories those of the wider ones around them."""
        is_territory = self.territory is not None and index == self.territory.index
        indices = {index, self.outer} if is_territory and self.outer is not None else {index}
        return (row[i] for _, row in self._body() for i in indices if i < len(row))

    def _read_row(self, row: Row) -> None:
        if len(row) < self.width:
            row = (*row, *("",) * (self.width - len(row)))
        if not self.is_tidy or self.layout.fills_down:
            row = self._filled(row)
        place, part = self._subject(row)
        is_named = self.territory is not None and isinstance(place, Place)
        if not (self.is_tidy or is_named) and is_blank([row[column.index] for column in self.values]):
            return
        if part is None:
            self.place = place
        measured = self.means.measured(row[self.indicator.index] if self.indicator else None)
        times = self.means.times(tuple([row[column.index] for column in self.periods]))
        if self.means.caveats:
            self.found += [
                Problem(code, self.number, column, text, lost=0) for code, column, text in self.means.caveats
            ]
            self.means.caveats.clear()
        breakdowns = self.means.breakdowns(tuple([row[column.index] for column in self.dimensions]), part)
        if isinstance(place, Refusal):
            self._refuse(place, len(self.values))
        elif isinstance(measured, Refusal):
            self._refuse(measured, len(self.values))
        elif isinstance(times, Refusal):
            self._refuse(times, len(self.values))
        elif isinstance(breakdowns, Refusal):
            self._refuse(breakdowns, len(self.values))
        else:
            self._read_values(row, place, measured, times, breakdowns)

    def _subject(self, row: Row) -> tuple[Place | Refusal, Category | None]:
        """The row's territory; for a row "urban" below an oblast's, that oblast and the category."""
        cell = row[self.territory.index] if self.territory else None
        if self.outer is not None and is_blank((cell,)):
            cell = row[self.outer]
        place = self.means.place(cell)
        if not self.is_tidy and isinstance(place, Refusal) and isinstance(self.place, Place):
            part = self.means.part(cell_text(cell))
            if part is not None and part.dimension:
                return self.place, part
        return place, None

    def _read_values(
        self,
        row: Row,
        place: Place,
        measured: Measured,
        times: list[Time | Refusal],
        breakdowns: list[Breakdown],
    ) -> None:
        unit = (cell_text(row[self.unit.index]) if self.unit else "") or measured.unit
        stated = cell_text(row[self.status.index]) if self.status else ""
        power = self._power(row)
        for column, time, breakdown in zip(self.values, times, breakdowns, strict=True):
            there = place if column.territory is None else self.means.place(column.territory)
            if isinstance(there, Refusal):
                self._refuse(there._replace(column=column.index))
                continue
            if isinstance(time, Refusal):
                self._refuse(time)
                continue
            cell = row[column.index]
            value = parse_number(cell, self.layout.decimal)
            if isinstance(power, NotANumber):
                self._refuse(Refusal(ProblemCode.NOT_A_NUMBER, self.layout.multiplier or 0, power.text))
                continue
            if isinstance(value, NotANumber):
                self._refuse(Refusal(ProblemCode.NOT_A_NUMBER, column.index, value.text))
                continue
            status = "A" if not stated and not isinstance(value, Missing) else _status(value, stated)
            if status is None:
                self._refuse(Refusal(ProblemCode.BAD_STATUS, column.index, stated))
                continue
            self.found.append(
                Figure(
                    self.number, column.index, there.code, there.text, time.period, breakdown,
                    column.indicator or measured.code, column.unit or unit,
                    None if isinstance(value, Missing) else value.scaleb(power) if power else value, status,
                    cell_text(cell), time.caveat,
                )
            )  # fmt: skip

    def _power(self, row: Row) -> int | NotANumber:
        """The power of ten by which the row's figures are to be multiplied."""
        text = cell_text(row[self.layout.multiplier]) if self.layout.multiplier is not None else ""
        return NotANumber(text) if text and not _POWER.fullmatch(text) else int(text or 0)

    def _refuse(self, refusal: Refusal, lost: int = 1) -> None:
        code, column, text, params = refusal
        self.found.append(Problem(code, self.number, column, text, params, lost))

    def _filled(self, row: Row) -> Row:
        """With the stub cells that are merged downwards: blank beside a filled one to their right."""
        cells = list(row)
        is_right_filled = self.is_tidy
        for index in reversed(self.filled_down):
            if is_right_filled and is_blank((row[index],)):
                cells[index] = self.above.get(index, "")
            is_right_filled = is_right_filled or not is_blank((row[index],))
        self.above = {index: cells[index] for index in self.filled_down}
        return tuple(cells)


def _warnings(layout: Layout) -> Iterator[Problem]:
    """What holds for whole columns and blocks."""
    bottom = layout.header_rows[-1]
    for column in layout.columns:
        if column.role is Role.UNKNOWN:
            yield Problem(ProblemCode.UNKNOWN_COLUMN, bottom, column.index, column.text, lost=0)
        if column.period is not None and column.period.caveat is not None:
            yield Problem(CAVEATS[column.period.caveat], bottom, column.index, column.text, lost=0)
    for block in layout.blocks:
        if block.period is not None and block.period.caveat is not None:
            yield Problem(CAVEATS[block.period.caveat], block.row, 0, block.text, lost=0)
    if layout.period is not None and layout.period.caveat is not None:
        yield Problem(CAVEATS[layout.period.caveat], bottom, 0, "", lost=0)


def _status(value: object, stated: str) -> str | None:
    """The status of a figure or of its absence; None if the file states one that cannot be."""
    code = stated.partition(":")[0].strip().upper()
    if isinstance(value, Missing):
        return code if code in _MISSING_STATUSES else value.status
    if not code:
        return "A"
    return code if code in _STATUSES else None
