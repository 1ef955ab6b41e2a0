"""Tables that stand side by side, each with its own names of territories."""

from collections.abc import Iterator

from indicators.tables.grid import Grid
from indicators.tables.header import speaking
from indicators.tables.layout import Role
from indicators.tables.roles import role_of

_WITHIN = 60
_BELOW = 40


def strips(grid: Grid) -> Iterator[Grid]:
    """The sheet, or where tables stand side by side each of them, from left to right."""
    starts = next((found for row in range(min(_WITHIN, grid.height)) if (found := _starts(grid, row))), [])
    if not starts:
        yield grid
        return
    for start, end in zip([0, *starts], [*starts, grid.width], strict=True):
        yield Grid(grid.sheet, grid.vocabulary, range(start, end))


def _starts(grid: Grid, row: int) -> list[int]:
    """The columns of a header row at which a further table begins: names, with headings on both sides."""
    said = speaking(grid, row)
    if len(said) < 2:
        return []
    inner = [column for column in range(said[0] + 1, said[-1]) if column not in said]
    return [column for column in inner if _names_territories(grid, row, column)]


def _names_territories(grid: Grid, header: int, column: int) -> bool:
    text = grid.text(header, column)
    if text and role_of(text) is not Role.TERRITORY:
        return False
    filled = [r for r in range(header + 1, min(header + _BELOW, grid.height)) if grid.text(r, column)]
    return bool(filled) and 2 * sum(grid.is_territory(row, column) for row in filled) >= len(filled)
