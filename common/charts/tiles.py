"""A map of equal tiles: columns from west to east, rows from north to south; pure.

Every place gets the same area, so that a city is seen as well as a steppe. Texts are cut to what fits.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Cell = tuple[int, int]  # column and row, counted from 0

WIDE, SLIM = 0.62, 0.5  # of the size of type: how wide a letter of a name is, and a digit of a figure
MARGIN = 3.0  # px between a tile's edge and its texts
SMALLEST = 9.0  # px of type


@dataclass(frozen=True)
class Tile:
    """A tile's px, and the middle of its texts."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where its texts are centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Tiles:
    """The whole drawing's size and its tiles by their keys."""

    width: float
    height: float
    tiles: Mapping[str, Tile]


def lay_out(cells: Mapping[str, Cell], width: float, height: float, gap: float) -> Tiles:
    """Tiles over the full width, each so high."""
    columns = 1 + max(column for column, _row in cells.values())
    rows = 1 + max(row for _column, row in cells.values())
    broad = (width - gap * (columns - 1)) / columns
    tiles = {
        key: Tile(round(column * (broad + gap), 1), row * (height + gap), round(broad, 1), height)
        for key, (column, row) in cells.items()
    }
    return Tiles(width, rows * (height + gap) - gap, tiles)


def fitting_size(text: str, width: float, size: float) -> float:
    """The size of type, at most `size`, at which a figure fits into the tile's width."""
    room = (width - 2 * MARGIN) / (max(len(text), 1) * SLIM)
    return round(max(min(size, room), SMALLEST), 1)


def cut(text: str, width: float, size: float) -> str:
    """As much of a name as fits into the tile's width: `Қызылорда` becomes `Қызыл.`"""
    most = int((width - 2 * MARGIN) / (size * WIDE))
    return text if len(text) <= most else f"{text[: max(most - 1, 1)].rstrip()}."
