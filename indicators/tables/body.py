"""The rows below a wide table's header: its stub columns, its blocks, its footnotes."""

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice

from indicators.tables.grid import Grid
from indicators.tables.header import Header, is_dated
from indicators.tables.headings import Heading, combine
from indicators.tables.layout import Block, Column, Doubt, Role
from indicators.tables.roles import is_idle, role_of
from indicators.tables.surroundings import note_at
from indicators.tables.vocabulary import Category, split_unit

_SAMPLE = 400
_LEAST_SHARE = 0.5
_REPEATABLE = {Role.DIMENSION, Role.PERIOD, Role.UNKNOWN, Role.IGNORED}
_SUBJECTS = {Role.TERRITORY, Role.DIMENSION, Role.INDICATOR, Role.PERIOD}


@dataclass
class Body:
    """What was found in a table's rows."""

    blocks: list[Block] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)


def has_values(grid: Grid, header: Header, row: int) -> bool:
    """Whether any value column of the row holds something other than a label in the middle of the row."""
    filled = grid.filled(row)
    if len(filled) == 1 and len(header.columns) > 1 and filled[0] >= header.first_column:
        return not is_dated(grid, row, filled[0]) and not grid.is_word(row, filled[0])
    return any(grid.text(row, column.index) for column in header.columns)


def repeats_header(grid: Grid, header: Header, row: int) -> bool:
    """Whether the row is one of the header's, printed once more on a further page."""
    return any(grid.row(row) == grid.row(number) for number in range(header.top, header.bottom + 1))


def stub_columns(grid: Grid, header: Header, end: int) -> list[Column]:
    """The columns left of the values, each with the role that its heading or its cells give it.

    Columns further right that are headed as a unit, a comment and the like are stub columns too.
    """
    values = {column.index for column in header.columns}
    columns = []
    taken: set[Role] = set()
    for index in range(grid.width):
        if index in values:
            continue
        text = next(
            (t for row in range(header.bottom, header.top - 1, -1) if (t := grid.text(row, index))), ""
        )
        column = _stub_column(grid, header, end, Column(index, Role.UNKNOWN, text))
        if column.role in taken - _REPEATABLE:
            column = replace(column, role=Role.IGNORED)
        if column.role is not Role.IGNORED or text:
            columns.append(column)
        taken.add(column.role)
    if taken & _SUBJECTS or any(column.territory for column in header.columns):
        return columns
    return _with_territories(columns, header)


def _with_territories(columns: list[Column], header: Header) -> list[Column]:
    """What the rows are about, not understood, counts as territories: refused, not taken for the country."""
    unknown = [c for c in columns if c.role is Role.UNKNOWN and c.index < header.first_column]
    return [replace(c, role=Role.TERRITORY) if c in unknown[:1] else c for c in columns]


def _stub_column(grid: Grid, header: Header, end: int, column: Column) -> Column:
    index, text = column.index, column.text
    body = range(header.bottom + 1, end)
    rows = list(islice((r for r in body if grid.text(r, index) and _is_data(grid, header, r)), _SAMPLE))
    if not rows or (not text and _is_serial([grid.text(row, index).rstrip(".") for row in rows])):
        return Column(index, Role.IGNORED, text)
    stated = role_of(text)
    if stated is Role.TERRITORY and index > header.first_column:
        return Column(index, stated, text)
    if stated is None and (dimension := grid.dimension(text)):
        return Column(index, Role.DIMENSION, text, dimension)
    if stated is not None and stated not in {Role.VALUE, Role.TERRITORY}:
        return Column(index, stated, text)
    if index > header.first_column:
        return column
    return by_content(grid, rows, column) or (Column(index, stated, text) if stated else column)


def _is_data(grid: Grid, header: Header, row: int) -> bool:
    return has_values(grid, header, row) and not repeats_header(grid, header, row)


def _is_serial(texts: list[str]) -> bool:
    """Whether the cells number the rows: 1, 2, 3."""
    return texts == [str(number) for number in range(1, len(texts) + 1)]


def by_content(grid: Grid, rows: list[int], column: Column) -> Column | None:
    """The role that the cells suggest, if at least half of them agree on it."""
    index, text = column.index, column.text
    votes: Counter[tuple[Role, str | None]] = Counter()
    for row in rows:
        cell_text = grid.text(row, index)
        if grid.is_territory(row, index):
            votes[Role.TERRITORY, None] += 1
        elif (category := grid.category(row, index)) is not None and category.dimension:
            votes[Role.DIMENSION, category.dimension] += 1
        elif grid.heading(row, index) is not None:
            votes[Role.PERIOD, None] += 1
        elif grid.indicator(row, index) is not None:
            votes[Role.INDICATOR, None] += 1
        elif grid.vocabulary.unit(cell_text) is not None:
            votes[Role.UNIT, None] += 1
    if not votes:
        return None
    (role, dimension), count = votes.most_common(1)[0]
    return Column(index, role, text, dimension) if count >= _LEAST_SHARE * len(rows) else None


def read_body(grid: Grid, header: Header, end: int, known: tuple[Category, ...]) -> Body:
    """Blocks and footnotes. `known` is what the sheet's name already says of every figure."""
    body, labels, has_figures = Body(), _Labels(known), True
    are_territories_labels = _are_territories_labels(grid, header, end)
    for row in range(header.bottom + 1, end):
        filled = grid.filled(row)
        if not filled or repeats_header(grid, header, row):
            continue
        label = grid.text(row, filled[0])
        if has_values(grid, header, row):
            has_figures = True
        elif note := note_at(grid, row):
            body.notes[row] = note
        elif not is_idle(label) and (are_territories_labels or not grid.is_territory(row, filled[0])):
            body.blocks.append(labels.open(grid, row, filled[0], is_nested=not has_figures))
            has_figures = False
    if not has_figures:
        last = max(
            row for row in range(header.bottom, end) if row == header.bottom or has_values(grid, header, row)
        )
        body.notes |= {block.row: block.text for block in body.blocks if block.row > last}
        body.blocks = [block for block in body.blocks if block.row < last]
    if labels.is_doubtful:
        body.doubts.append(Doubt.BLOCK_ORDER)
    if any(block.is_unknown for block in body.blocks):
        body.doubts.append(Doubt.UNKNOWN_BLOCK)
    return body


def _are_territories_labels(grid: Grid, header: Header, end: int) -> bool:
    """Whether most names of territories stand in rows of their own, above sexes, indicators or years.

    A territory that did not exist yet has a row without figures too, but among others that have them.
    """
    counts: Counter[tuple[bool, bool]] = Counter()
    for row in range(header.bottom + 1, min(end, header.bottom + 1 + _SAMPLE)):
        if filled := grid.filled(row):
            counts[grid.is_territory(row, filled[0]), has_values(grid, header, row)] += 1
    return counts[True, False] > counts[True, True] and counts[False, True] >= counts[True, False]


class _Labels:
    """The labels in force on the way down a table.

    A label replaces an earlier one of its dimension and whatever stood within that. A label of another
    dimension stands within the one directly above it; after figures it replaces it.
    """

    def __init__(self, known: tuple[Category, ...]) -> None:
        self._known = known
        self._stack: list[Category] = []
        self._period: Heading | None = None
        self._indicator: str | None = None
        self._unit = ""
        self._territory: str | None = None
        self.is_doubtful = False

    def open(self, grid: Grid, row: int, column: int, *, is_nested: bool) -> Block:
        """Take in a label; the block that begins there says all that then holds."""
        text, is_unknown = grid.text(row, column), False
        if (category := grid.category(row, column)) is not None:
            self._push(category, is_nested=is_nested)
        elif (heading := grid.heading(row, column)) is not None:
            self._period, self._stack = combine(self._period if is_nested else None, heading), []
        elif (indicator := grid.indicator(row, column)) is not None:
            self._indicator, self._stack = indicator, []
            self._unit = split_unit(text, grid.vocabulary)[1]
        elif grid.is_territory(row, column):
            self._territory, self._stack = text, []
        else:
            is_unknown = True
        return Block(
            row,
            text,
            tuple(self._stack),
            self._period,
            self._indicator,
            is_unknown,
            self._territory,
            self._unit,
        )

    def _push(self, category: Category, *, is_nested: bool) -> None:
        dimensions = [item.dimension for item in self._stack]
        if not category.dimension:
            self._stack = []
        elif category.dimension in dimensions:
            self._stack = [*self._stack[: dimensions.index(category.dimension)], category]
        elif is_nested:
            self._stack = [*self._stack, category]
        else:
            dropped = [item for item in self._stack if item not in self._known and not item.is_total]
            self.is_doubtful = self.is_doubtful or bool(dropped)
            self._stack = [category]
