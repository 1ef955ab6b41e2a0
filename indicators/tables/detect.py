"""Finding the tables of a sheet and what their rows and columns are."""

from pathlib import PurePath

from indicators.tables.body import Body, by_content, has_values, read_body, stub_columns
from indicators.tables.cells import DecimalMark, decimal_mark
from indicators.tables.files import Sheet
from indicators.tables.grid import Grid
from indicators.tables.header import Header, find_header
from indicators.tables.layout import Column, Doubt, Layout, LayoutKind, Role
from indicators.tables.roles import role_of
from indicators.tables.surroundings import lines_above, notes_with_cells, title_period, unit_text
from indicators.tables.territories import look_up_territory
from indicators.tables.vocabulary import Category, Vocabulary, find_indicator

_TIDY_WITHIN = 30
"""In a long table the header stands within so many rows of the top."""
_SAMPLE = 2_000


def detect_layouts(sheet: Sheet, vocabulary: Vocabulary, file_name: str = "") -> list[Layout]:
    """The tables of a sheet from top to bottom; an empty list where none is recognised."""
    grid = Grid(sheet, vocabulary)
    for row in range(min(_TIDY_WITHIN, grid.height)):
        columns = _tidy_columns(grid, row)
        if columns:
            return [_tidy(grid, row, columns, file_name)]
    layouts = []
    start, header = 0, find_header(grid, 0, grid.height)
    while header is not None:
        following = _next_header(grid, header)
        end = grid.height if following is None else _start_of_title(grid, header, following)
        layouts.append(_wide(grid, header, start, end, file_name))
        start, header = end, following
    return layouts


def _tidy_columns(grid: Grid, row: int) -> tuple[Column, ...]:
    """The columns of a long table, if the row heads one: it names at least a period and a value."""
    columns: list[Column] = []
    taken: set[Role] = set()
    for index in grid.filled(row):
        text = grid.text(row, index)
        role, dimension = role_of(text), None
        if role is None:
            dimension = grid.dimension(text)
            role = Role.DIMENSION if dimension else Role.UNKNOWN
        elif role in taken and role is not Role.PERIOD:
            role = Role.IGNORED
        taken.add(role)
        columns.append(Column(index, role, text, dimension))
    if not {Role.PERIOD, Role.VALUE} <= taken:
        return ()
    return tuple(_by_its_cells(grid, row, column, columns) for column in columns)


def _by_its_cells(grid: Grid, header: int, column: Column, columns: list[Column]) -> Column:
    """A column whose heading says nothing, if its cells are territories or categories that no other holds."""
    if column.role is not Role.UNKNOWN:
        return column
    body = range(header + 1, min(grid.height, header + 1 + _SAMPLE))
    found = by_content(grid, [row for row in body if grid.text(row, column.index)], column)
    taken = {(other.role, other.dimension) for other in columns}
    is_new = found is not None and (found.role, found.dimension) not in taken
    return found if found and is_new and found.role in {Role.TERRITORY, Role.DIMENSION} else column


def _tidy(grid: Grid, row: int, columns: tuple[Column, ...], file_name: str) -> Layout:
    unknown = [column for column in columns if column.role is Role.UNKNOWN]
    lines = lines_above(grid, 0, row)
    texts = _indicator_texts(lines, grid.sheet.name, file_name)
    return Layout(
        sheet=grid.sheet.name,
        kind=LayoutKind.TIDY,
        header_rows=(row,),
        first_row=row + 1,
        columns=columns,
        indicator=_first_indicator(grid, texts),
        indicator_texts=texts,
        unit_text=unit_text(grid, lines),
        decimal=_decimal(grid, columns, row + 1, grid.height),
        doubts=(Doubt.UNKNOWN_COLUMN,) if unknown else (),
        confidence=round(1 - len(unknown) / len(columns), 2),
    )


def _next_header(grid: Grid, header: Header) -> Header | None:
    """The header of a further table below, its stub named or blank, its columns the same or several."""
    start = header.bottom + 2
    while (found := find_header(grid, start, grid.height)) is not None:
        stub = [column for column in grid.filled(found.top) if column < found.first_column]
        is_like = [c.index for c in found.columns] == [c.index for c in header.columns]
        is_named = all(role_of(grid.text(found.top, column)) is not None for column in stub)
        if is_named and (is_like or len(found.columns) > 1):
            return found
        start = found.top + 1
    return None


def _start_of_title(grid: Grid, header: Header, following: Header) -> int:
    """The first of the rows of text directly above the following header."""
    row = following.top
    while row - 1 > header.bottom and grid.filled(row - 1) and not has_values(grid, header, row - 1):
        row -= 1
    return row


def _wide(grid: Grid, header: Header, start: int, end: int, file_name: str) -> Layout:
    lines = lines_above(grid, start, header.top)
    known = _known(grid, lines)
    body = read_body(grid, header, end, known)
    stub = stub_columns(grid, header, end)
    columns = tuple(sorted((*stub, *header.columns), key=lambda column: column.index))
    texts = _indicator_texts(lines, grid.sheet.name, file_name)
    names_territory = any(c.role is Role.TERRITORY or c.territory for c in columns)
    territory = None if names_territory else _territory_around(grid, texts)
    period = title_period(texts) if _lacks_year(columns, body) else None
    header_rows, rows = range(header.top, header.bottom + 1), range(header.bottom + 1, end)
    return Layout(
        sheet=grid.sheet.name,
        kind=_kind(header.columns),
        header_rows=tuple(header_rows),
        first_row=header.bottom + 1,
        columns=columns,
        last_row=None if end == grid.height else end - 1,
        blocks=tuple(body.blocks),
        breakdown=known,
        period=period,
        territory=territory,
        indicator=_first_indicator(grid, texts),
        indicator_texts=texts,
        unit_text=unit_text(grid, lines),
        notes=notes_with_cells(body.notes, grid, header_rows, rows, [column.index for column in stub]),
        decimal=_decimal(grid, columns, header.bottom + 1, end),
        doubts=_doubts(
            columns,
            body,
            has_territory=names_territory or territory is not None,
            has_year=period is not None or not _lacks_year(columns, body),
        ),
        confidence=_confidence(grid, header, columns, end),
    )


def _known(grid: Grid, lines: list[tuple[int, int, str]]) -> tuple[Category, ...]:
    """Categories that the sheet's name or a line above the table states for the whole of it."""
    found: dict[str, Category] = {}
    for text in (grid.sheet.name, *(text for _, _, text in lines)):
        category = grid.vocabulary.category(text) if text else None
        if category is not None and category.dimension:
            found.setdefault(category.dimension, category)
    return tuple(found.values())


def _territory_around(grid: Grid, texts: tuple[str, ...]) -> str | None:
    return next((text for text in texts if look_up_territory(text, grid.vocabulary)), None)


def _lacks_year(columns: tuple[Column, ...], body: Body) -> bool:
    """Whether some figure's year can only stand in the title."""
    if any(column.role is Role.PERIOD for column in columns):
        return False
    if any(block.period is not None for block in body.blocks):
        return False
    values = [column for column in columns if column.role is Role.VALUE]
    return any(column.period is None or column.period.year is None for column in values)


def _kind(columns: tuple[Column, ...]) -> LayoutKind:
    if any(column.period is not None for column in columns):
        return LayoutKind.PERIODS_ACROSS
    if any(column.territory is not None for column in columns):
        return LayoutKind.TERRITORIES_ACROSS
    return LayoutKind.CATEGORIES_ACROSS


def _doubts(
    columns: tuple[Column, ...], body: Body, *, has_territory: bool, has_year: bool
) -> tuple[Doubt, ...]:
    found = list(body.doubts)
    if not has_territory:
        found.append(Doubt.NO_TERRITORY)
    if not has_year:
        found.append(Doubt.NO_PERIOD)
    if any(column.role is Role.UNKNOWN for column in columns):
        found.append(Doubt.UNKNOWN_COLUMN)
    return tuple(found)


def _confidence(grid: Grid, header: Header, columns: tuple[Column, ...], end: int) -> float:
    """The share of understood columns times the share of rows (of the first ones) with a known territory."""
    understood = sum(column.role is not Role.UNKNOWN for column in columns) / len(columns)
    stub = next((column.index for column in columns if column.role is Role.TERRITORY), None)
    last = min(end, header.bottom + 1 + _SAMPLE)
    rows = [row for row in range(header.bottom + 1, last) if has_values(grid, header, row)]
    if stub is not None and rows:
        understood *= sum(grid.is_territory(row, stub) for row in rows) / len(rows)
    return round(understood, 2)


def _indicator_texts(lines: list[tuple[int, int, str]], sheet: str, file_name: str) -> tuple[str, ...]:
    """What may name the indicator, the likeliest first: lines above the table, the sheet, the file."""
    texts = (*(text for _, _, text in lines), sheet, PurePath(file_name).stem)
    return tuple(dict.fromkeys(text for text in texts if any(letter.isalpha() for letter in text)))


def _first_indicator(grid: Grid, texts: tuple[str, ...]) -> str | None:
    return next((code for text in texts if (code := find_indicator(text, grid.vocabulary)) is not None), None)


def _decimal(grid: Grid, columns: tuple[Column, ...], first: int, end: int) -> DecimalMark:
    values = [column.index for column in columns if column.role is Role.VALUE]
    rows = grid.sheet.rows[first : min(end, first + _SAMPLE)]
    return decimal_mark(
        cell for row in rows for index in values if index < len(row) and isinstance(cell := row[index], str)
    )
