"""Finding the tables of a sheet and what their rows and columns are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from indicators.tables.body import Body, by_content, has_values, read_body, repeats_header, stub_columns
from indicators.tables.cells import DecimalMark, decimal_mark
from indicators.tables.files import Sheet
from indicators.tables.grid import Grid
from indicators.tables.header import Header, find_header, header_of
from indicators.tables.headings import Heading, parse_heading, title_period
from indicators.tables.layout import Column, Doubt, Layout, LayoutKind, Note, Role
from indicators.tables.merged import is_merged_downwards
from indicators.tables.nesting import one_territory
from indicators.tables.roles import is_idle, is_multiplier, role_of
from indicators.tables.strips import strips
from indicators.tables.surroundings import (
    Lines,
    corner_unit,
    lines_above,
    note_at,
    notes_with_cells,
    unit_text,
)
from indicators.tables.titles import title_indicator, title_territory
from indicators.tables.vocabulary import Category, Vocabulary

_TIDY_WITHIN = 30
"""In a long table the header stands within so many rows of the top."""
_SAMPLE = 2_000


def detect_layouts(sheet: Sheet, vocabulary: Vocabulary, file_name: str = "") -> list[Layout]:
    """The tables of a sheet from left to right and top to bottom; an empty list where none is recognised.

    Those of a hidden sheet are to be ignored until a person says otherwise: nobody sees what stands in it.
    """
    layouts = _layouts(Grid(sheet, vocabulary), file_name)
    if not sheet.is_hidden:
        return layouts
    return [
        replace(layout, is_ignored=True, doubts=(Doubt.HIDDEN_SHEET, *layout.doubts)) for layout in layouts
    ]


def _layouts(grid: Grid, file_name: str) -> list[Layout]:
    for row in range(min(_TIDY_WITHIN, grid.height)):
        if columns := _tidy_columns(grid, row, file_name):
            return [_tidy(grid, row, columns, file_name)]
    layouts: list[Layout] = []
    lines: Lines = []
    for strip in strips(grid):
        start, header = 0, find_header(strip, 0, grid.height)
        while header is not None:
            following = _next_header(strip, header)
            end = grid.height if following is None else _start_of_title(strip, header, following)
            # A part of a table that goes on below or beside has no title of its own.
            lines = _titles(strip, start, header.top) or lines
            layouts.append(_wide(strip, header, end, lines, file_name))
            start, header = end, following
    return layouts


def layout_below(grid: Grid, header_rows: tuple[int, ...], layout: Layout) -> Layout | None:
    """The same table with these rows as its header; None where their headings say nothing."""
    top, bottom = header_rows[0], header_rows[-1]
    if columns := _tidy_columns(grid, bottom, ""):
        found = _tidy(grid, bottom, columns, "")
    elif header := header_of(grid, top, bottom):
        end = grid.height if layout.last_row is None else layout.last_row + 1
        found = _wide(grid, header, end, _titles(grid, 0, top), "")
    else:
        return None
    return replace(
        found,
        period=found.period or layout.period,
        indicator=found.indicator or layout.indicator,
        indicator_texts=layout.indicator_texts,
        is_ignored=layout.is_ignored,
    )


def _titles(grid: Grid, start: int, header: int) -> Lines:
    return [line for line in lines_above(grid, start, header) if not is_idle(line[2])]


def _tidy_columns(grid: Grid, row: int, file_name: str) -> tuple[Column, ...]:
    """The columns of a long table, if the row heads one: it names at least a value and its period.

    Where the title names the period, a territory is enough.
    """
    columns: list[Column] = []
    taken: set[Role] = set()
    for index in grid.filled(row):
        text = grid.text(row, index)
        role, dimension = role_of(text), None
        if role is None:
            dimension = grid.dimension(text)
            role = Role.DIMENSION if dimension else Role.UNKNOWN
            if dimension and any(column.dimension == dimension for column in columns):
                role, dimension = Role.IGNORED, None
        elif role in taken and role is not Role.PERIOD:
            role = Role.IGNORED
        taken.add(role)
        columns.append(Column(index, role, text, dimension))
    if Role.VALUE not in taken or not taken & {Role.PERIOD, Role.TERRITORY}:
        return ()
    if Role.PERIOD not in taken and not _title_period(lines_above(grid, 0, row), grid.sheet.name, file_name):
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
    has_period = any(column.role is Role.PERIOD for column in columns)
    lines = lines_above(grid, 0, row)
    texts = _indicator_texts(lines, grid.sheet.name, file_name)
    period = None if has_period else _title_period(lines, grid.sheet.name, file_name)
    columns, outer = one_territory(grid, columns, row + 1)
    return Layout(
        sheet=grid.sheet.name,
        kind=LayoutKind.TIDY,
        header_rows=(row,),
        first_row=row + 1,
        columns=columns,
        outer_territory=outer,
        fills_down=is_merged_downwards(grid, row + 1, columns),
        multiplier=next((column.index for column in columns if is_multiplier(column.text)), None),
        period=period,
        indicator=_first(title_indicator, texts, grid),
        title=_title(lines),
        indicator_texts=texts,
        unit_text=unit_text(grid, lines),
        notes=tuple(_notes_below(grid, row)),
        decimal=_decimal(grid, columns, row + 1, grid.height),
        doubts=(Doubt.UNKNOWN_COLUMN,) if unknown else (),
        confidence=round(1 - len(unknown) / len(columns), 2),
    )


def _notes_below(grid: Grid, header: int) -> Iterator[Note]:
    """The notes that end a long table."""
    for row in range(grid.height - 1, max(header, grid.height - 1 - _TIDY_WITHIN), -1):
        if note := note_at(grid, row):
            yield Note(row, note)
        elif grid.filled(row):
            return


def _next_header(grid: Grid, header: Header) -> Header | None:
    """The header of a further table below, its stub named or blank, its columns the same or several."""
    start = header.bottom + 2
    while (found := find_header(grid, start, grid.height)) is not None:
        stub = [column for column in grid.filled(found.top) if column < found.first_column]
        is_like = [c.index for c in found.columns] == [c.index for c in header.columns]
        is_named = all(role_of(grid.text(found.top, column)) is not None for column in stub)
        if is_named and (is_like or len(found.columns) > 1) and not _is_next_page(grid, header, found):
            return found
        start = found.top + 1
    return None


def _is_next_page(grid: Grid, header: Header, found: Header) -> bool:
    """Whether the header only repeats the one above, with no title of its own."""
    if not all(repeats_header(grid, header, row) for row in range(found.top, found.bottom + 1)):
        return False
    row = found.top - 1
    while row > header.bottom and not has_values(grid, header, row):
        if any(not is_idle(grid.text(row, column)) for column in grid.filled(row)):
            return False
        row -= 1
    return True


def _start_of_title(grid: Grid, header: Header, following: Header) -> int:
    """The first of the rows of text directly above the following header."""
    row = following.top
    while row - 1 > header.bottom and grid.filled(row - 1) and not has_values(grid, header, row - 1):
        row -= 1
    return row


def _wide(grid: Grid, header: Header, end: int, lines: Lines, file_name: str) -> Layout:
    known = _known(grid, lines)
    body = read_body(grid, header, end, known)
    stub: Sequence[Column] = stub_columns(grid, header, end)
    stub, outer = one_territory(grid, stub, header.bottom + 1)
    columns = tuple(sorted((*stub, *header.columns), key=lambda column: column.index))
    texts = _indicator_texts(lines, grid.sheet.name, file_name)
    names_territory = any(c.role is Role.TERRITORY or c.territory for c in columns) or any(
        block.territory for block in body.blocks
    )
    territory = None if names_territory else _first(title_territory, texts, grid)
    lacks_year = _lacks_year(columns, body)
    period = _title_period(lines, grid.sheet.name, file_name) if lacks_year else None
    header_rows, rows = range(header.top, header.bottom + 1), range(header.bottom + 1, end)
    return Layout(
        sheet=grid.sheet.name,
        kind=_kind(header.columns),
        header_rows=tuple(header_rows),
        first_row=header.bottom + 1,
        columns=columns,
        last_row=None if end == grid.height else end - 1,
        outer_territory=outer,
        blocks=tuple(body.blocks),
        breakdown=known,
        period=period,
        territory=territory,
        indicator=_first(title_indicator, texts, grid),
        title=_title(lines),
        indicator_texts=texts,
        unit_text=unit_text(grid, lines) or corner_unit(grid, header_rows, header.first_column),
        notes=notes_with_cells(body.notes, grid, header_rows, rows, [column.index for column in stub]),
        decimal=_decimal(grid, columns, header.bottom + 1, end),
        doubts=_doubts(
            columns,
            body,
            has_territory=names_territory or territory is not None,
            has_year=period is not None or not lacks_year,
        ),
        confidence=_confidence(grid, header, columns, end),
    )


def _known(grid: Grid, lines: Lines) -> tuple[Category, ...]:
    """Categories that the sheet's name or a line above the table states for the whole of it."""
    found: dict[str, Category] = {}
    for text in (grid.sheet.name, *(text for _, _, text in lines)):
        category = grid.vocabulary.category(text) if text else None
        if category is not None and category.dimension:
            found.setdefault(category.dimension, category)
    return tuple(found.values())


def _title(lines: Lines) -> str:
    return next((text for _, _, text in lines if any(letter.isalpha() for letter in text)), "")


def _title_period(lines: Lines, sheet: str, file_name: str) -> Heading | None:
    texts = (*(text for _, _, text in lines), sheet, PurePath(file_name).stem)
    found = next((period for text in texts if (period := title_period(text)) is not None), None)
    part = parse_heading(sheet)
    return part.under(found) if found and part and part.year is None else found


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


def _indicator_texts(lines: Lines, sheet: str, file_name: str) -> tuple[str, ...]:
    """What may name the indicator, the likeliest first: lines above the table, the sheet, the file."""
    texts = (*(text for _, _, text in lines), sheet, PurePath(file_name).stem)
    return tuple(dict.fromkeys(text for text in texts if any(letter.isalpha() for letter in text)))


def _first(find: Callable[[str, Vocabulary], str | None], texts: tuple[str, ...], grid: Grid) -> str | None:
    return next((found for text in texts if (found := find(text, grid.vocabulary)) is not None), None)


def _decimal(grid: Grid, columns: tuple[Column, ...], first: int, end: int) -> DecimalMark:
    values = [column.index for column in columns if column.role is Role.VALUE]
    rows = grid.sheet.rows[first : min(end, first + _SAMPLE)]
    return decimal_mark(
        cell for row in rows for index in values if index < len(row) and isinstance(cell := row[index], str)
    )
