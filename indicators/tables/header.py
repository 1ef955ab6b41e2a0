"""The header of a wide table: its rows, and what each column's headings say together.

A header has one or more levels: years above quarters, sexes above years. A cell merged over several columns
comes as its text followed by blanks, which are filled from the left on every level but the lowest.
"""

from dataclasses import dataclass, replace

from indicators.tables.cells import cell_text
from indicators.tables.grid import Grid
from indicators.tables.headings import combine, parse_heading, settle
from indicators.tables.layout import Column, Role
from indicators.tables.roles import is_idle, role_of
from indicators.tables.vocabulary import split_unit

_LEAST_SHARE = 0.5
"""Of a header's cells so many must be understood."""
_LOOK_FURTHER = 15
_MOST_LEVELS = 10


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top` to `bottom`, and the value columns found in them."""

    top: int
    bottom: int
    columns: tuple[Column, ...]

    @property
    def first_column(self) -> int:
        return self.columns[0].index


def find_header(grid: Grid, start: int, end: int) -> Header | None:
    """The first header from row `start` to before `end`; a lone column gives way to a wider header."""
    lone: Header | None = None
    for row in range(start, end):
        if lone is not None and row > lone.bottom + _LOOK_FURTHER:
            break
        if (header := _header_at(grid, row, end)) is None:
            continue
        if len(header.columns) > 1:
            return header
        lone = lone or header
    return lone


def _header_at(grid: Grid, row: int, end: int) -> Header | None:
    if not _is_header_row(grid, row):
        return None
    first = speaking(grid, row)[0]
    bottom = row
    while bottom + 1 < min(end, row + _MOST_LEVELS) and _continues(grid, row, bottom + 1, first):
        bottom += 1
    columns = _value_columns(grid, row, bottom)
    if bottom + 1 < end and _is_numbering(grid, bottom + 1):
        bottom += 1
    return Header(row, bottom, columns) if columns and _has_figures_below(grid, bottom, columns) else None


def header_of(grid: Grid, top: int, bottom: int) -> Header | None:
    """Those rows as a header, if some heading in them is understood."""
    columns = _value_columns(grid, top, bottom)
    return Header(top, bottom, columns) if columns else None


def _is_header_row(grid: Grid, row: int) -> bool:
    """Whether most of the row's cells, its stub aside, name periods, categories, territories, indicators."""
    filled, said = grid.filled(row), speaking(grid, row)
    if not said or filled == [0]:
        return False
    stub = [column for column in filled if column < said[0]]
    cells = [c for c in filled if c >= said[0] and not is_idle(grid.text(row, c))]
    return (
        len(said) >= _LEAST_SHARE * len(cells)
        and all(_is_stub_heading(grid, row, column) for column in stub)
        and _runs_in_order(grid, row, said)
    )


def speaking(grid: Grid, row: int) -> list[int]:
    return [column for column in grid.filled(row) if _says_something(grid, row, column)]


def is_dated(grid: Grid, row: int, column: int) -> bool:
    """Whether the cell names a year."""
    heading = grid.heading(row, column)
    return heading is not None and heading.year is not None


def _is_stub_heading(grid: Grid, row: int, column: int) -> bool:
    """Stub columns are headed by words: a row that begins with a territory or a figure is no header."""
    if not isinstance(grid.cell(row, column), str):
        return False
    return role_of(grid.text(row, column)) is not None or not grid.is_territory(row, column)


def _says_something(grid: Grid, row: int, column: int) -> bool:
    cell = grid.cell(row, column)
    if isinstance(cell, float) and not cell.is_integer():
        return False
    if role_of(grid.text(row, column)) is not None and (column == 0 or _holds_periods(grid, row, column)):
        return False
    return (
        grid.heading(row, column) is not None
        or grid.category(row, column) is not None
        or (column > 0 and (grid.is_territory(row, column) or grid.indicator(row, column) is not None))
    )


def _holds_periods(grid: Grid, row: int, column: int) -> bool:
    """Whether the column below a heading such as `Год` says of each row of which year it is."""
    cells = [grid.cell(below, column) for below in range(row + 1, min(row + _LOOK_FURTHER, grid.height))]
    cells = [cell for cell in cells if cell_text(cell)]
    return bool(cells) and all(parse_heading(cell) is not None for cell in cells)


def _runs_in_order(grid: Grid, row: int, columns: list[int]) -> bool:
    """Bare numbers that look like years are headings only if they run in order without repeating."""
    years = [grid.cell(row, column) for column in columns if isinstance(grid.cell(row, column), float | int)]
    numbers = [float(str(year)) for year in years]
    return len(set(numbers)) == len(numbers) and numbers in (sorted(numbers), sorted(numbers, reverse=True))


def _continues(grid: Grid, top: int, row: int, first: int) -> bool:
    """Whether the row is a further level of the header that begins at `top`, with values from `first` on."""
    filled, said = grid.filled(row), speaking(grid, row)
    stub = [column for column in filled if column < first]
    cells = [c for c in filled if c >= first and not is_idle(grid.text(row, c))]
    if not cells or not all(_is_stub_heading(grid, row, c) and not grid.heading(row, c) for c in stub):
        return False
    has_years = any((h := grid.heading(top, c)) is not None and h.year is not None for c in grid.filled(top))
    if has_years and any(isinstance(grid.cell(row, column), float | int) for column in cells):
        return False
    if len(filled) == 1 and len(speaking(grid, top)) > 1 and is_dated(grid, row, filled[0]):
        return False
    if all(grid.is_word(row, column) for column in cells) and all(
        role_of(grid.text(row, column)) is not None for column in stub
    ):
        return True
    return len([column for column in said if column >= first]) >= _LEAST_SHARE * len(cells)


def _is_numbering(grid: Grid, row: int) -> bool:
    """A row that only counts the columns: `А | 1 | 2 | 3`."""
    texts = [grid.text(row, column) for column in grid.filled(row)]
    if texts and texts[0] in {"А", "A", "Б", "B"}:
        texts = texts[1:]
    return len(texts) > 1 and texts in ([str(n) for n in range(k, k + len(texts))] for k in (1, 2))


def _has_figures_below(grid: Grid, bottom: int, columns: tuple[Column, ...]) -> bool:
    """Whether a value column holds anything in the next rows; below a title that names a year none does."""
    rows = range(bottom + 1, min(bottom + 40, grid.height))
    return any(grid.text(row, column.index) for row in rows for column in columns)


def _value_columns(grid: Grid, top: int, bottom: int) -> tuple[Column, ...]:
    levels = [_level(grid, row, is_lowest=row == bottom) for row in range(top, bottom + 1)]
    columns = []
    for index in range(grid.width):
        cells = [(top + i, level[index]) for i, level in enumerate(levels) if index in level]
        heads = [(row, head) for row, head in cells if head is not None]
        is_headed = any(head == index for _, head in heads)
        if len(heads) == len(cells) and is_headed and any(_says_something(grid, *cell) for cell in heads):
            columns.append(_column(grid, index, heads))
    headings = [column.period for column in columns if column.period is not None]
    settled = iter(settle(headings))
    return tuple(
        column if column.period is None else replace(column, period=next(settled)) for column in columns
    )


def _level(grid: Grid, row: int, *, is_lowest: bool) -> dict[int, int | None]:
    """For each column of one header row the column whose cell heads it; None where that is not understood."""
    heads: dict[int, int | None] = {}
    filled = set(grid.filled(row))
    for column in range(grid.width):
        if column in filled:
            heads[column] = column if _is_understood(grid, row, column) else None
        elif not is_lowest and column - 1 in heads:
            heads[column] = heads[column - 1]
    return heads


def _is_understood(grid: Grid, row: int, column: int) -> bool:
    """Whether the cell says something, or is known to say nothing: `факт`, `в том числе`."""
    text = grid.text(row, column)
    return (
        _says_something(grid, row, column)
        or is_idle(text)
        or role_of(text) is Role.VALUE
        or grid.is_unit(row, column)
    )


def _column(grid: Grid, index: int, cells: list[tuple[int, int]]) -> Column:
    """What the headings above a column say together; it is not understood where they name different years."""
    column = Column(index, Role.VALUE, " / ".join(dict.fromkeys(grid.text(*cell) for cell in cells)))
    for row, head in cells:
        text = grid.text(row, head)
        if is_idle(text) or role_of(text) is Role.VALUE:
            continue
        if (heading := grid.heading(row, head)) is not None:
            if column.period and len({column.period.year, heading.year} - {None}) > 1:
                return Column(index, Role.UNKNOWN, column.text)
            column = replace(column, period=combine(column.period, heading))
        elif (category := grid.category(row, head)) is not None:
            column = replace(column, breakdown=(*column.breakdown, category))
        elif (indicator := grid.indicator(row, head)) is not None:
            unit = split_unit(text, grid.vocabulary)[1] or column.unit
            column = replace(column, indicator=indicator, unit=unit)
        elif grid.is_unit(row, head):
            column = replace(column, unit=text.strip("() "))
        else:
            column = replace(column, territory=text)
    return column
