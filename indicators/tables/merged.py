"""Cells of a long table that are merged downwards, which come as one filled cell above blank ones."""

from indicators.tables.grid import Grid
from indicators.tables.layout import Column, Role

_FILLED = frozenset((Role.TERRITORY, Role.PERIOD, Role.DIMENSION, Role.INDICATOR))
_SAMPLE = 2_000


def is_merged_downwards(grid: Grid, first: int, columns: tuple[Column, ...]) -> bool:
    """Whether blank cells continue the filled ones above them, rather than mean the country or the total.

    They do if no two rows then say the same of their figures. Files that are headed by the codes of SDMX
    leave cells blank on purpose.
    """
    if any(column.text == "REF_AREA" or column.text.startswith("REF_AREA:") for column in columns):
        return False
    indices = [column.index for column in columns if column.role in _FILLED]
    above: dict[int, str] = {}
    seen: set[tuple[str, ...]] = set()
    is_filled = False
    for row in range(first, min(first + _SAMPLE, grid.height)):
        if not grid.filled(row):
            continue
        for index in indices:
            text = grid.text(row, index)
            is_filled = is_filled or (not text and bool(above.get(index)))
            above[index] = text or above.get(index, "")
        subject = tuple(above[index] for index in indices)
        if subject in seen:
            return False
        seen.add(subject)
    return is_filled
