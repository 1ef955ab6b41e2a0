"""Several columns that name territories: in two languages, as a code, or the oblast beside the district."""

from collections.abc import Sequence
from dataclasses import replace

from indicators.tables.cells import cell_text
from indicators.tables.grid import Grid
from indicators.tables.layout import Column, Role
from indicators.tables.roles import role_of
from indicators.tables.territories import look_up_territory
from indicators.tables.vocabulary import TerritoryMatch

_SAMPLE = 400


def one_territory(grid: Grid, columns: Sequence[Column], first: int) -> tuple[tuple[Column, ...], int | None]:
    """The columns with a single one for the territory, and the column with the wider territory around it.

    Of columns that name the same the one is taken whose cells are best understood; of an oblast beside its
    district the district.
    """
    named = [c for c in columns if c.role is Role.TERRITORY or role_of(c.text) is Role.TERRITORY]
    if len(named) < 2:
        return tuple(columns), None
    rows = range(first, min(first + _SAMPLE, grid.height))
    found = {c.index: [_matches(grid, row, c.index) for row in rows] for c in named}
    best = max(named, key=lambda column: (sum(map(bool, found[column.index])), -column.index))
    inner = next((c for c in named if _is_within(found[c.index], found[best.index])), None)
    chosen, outer = (inner, best.index) if inner else (best, None)
    others = {column.index for column in named}
    roles = {index: Role.TERRITORY if index == chosen.index else Role.IGNORED for index in others}
    return tuple(replace(c, role=roles.get(c.index, c.role)) for c in columns), outer


def _matches(grid: Grid, row: int, column: int) -> Sequence[TerritoryMatch]:
    text = cell_text(grid.cell(row, column))
    return look_up_territory(text, grid.vocabulary) if text else ()


def _is_within(inner: list[Sequence[TerritoryMatch]], outer: list[Sequence[TerritoryMatch]]) -> bool:
    """Whether one column names smaller territories than the other, whose cells may be merged downwards."""
    pairs = []
    around: Sequence[TerritoryMatch] = ()
    for small, large in zip(inner, outer, strict=True):
        around = large or around
        if small and around:
            pairs.append((small, around))
    return bool(pairs) and all(
        max(match.level for match in small) > min(match.level for match in large)
        and {match.code for match in small}.isdisjoint(match.code for match in large)
        for small, large in pairs
    )
