"""Outlines of territories as SVG paths of few points; pure.

Every position is moved to the nearest point of a grid, the same for all outlines, so that neighbours keep
their common border; what then repeats itself or lies on a straight line goes. Too small rings vanish.
"""

from collections.abc import Mapping, Sequence

from common.charts.points import Frame

Ring = Sequence[Sequence[float]]
Cell = tuple[int, int]

MOST_POINTS = 6000
COARSEST = 64


def paths(
    outlines: Mapping[str, Sequence[Sequence[Ring]]], frame: Frame, most: int = MOST_POINTS
) -> dict[str, str]:
    """SVG path data of each outline (polygons of rings of positions), in px of the frame.

    The grid is as fine as it can be with at most so many points in all: 1 px, 2 px, 4 px …
    """
    step = 1
    while True:
        drawn = {
            key: [_ring(ring, frame, step) for each in found for ring in each]
            for key, found in outlines.items()
        }
        if step >= COARSEST or sum(len(ring) for rings in drawn.values() for ring in rings) <= most:
            return {key: "".join(_path(ring, step) for ring in rings if ring) for key, rings in drawn.items()}
        step *= 2


def _ring(ring: Ring, frame: Frame, step: int) -> list[Cell]:
    """The ring's corners on the grid without the last, which is the first again; none if it has no area."""
    cells: list[Cell] = []
    for longitude, latitude, *_height in ring:
        x, y = frame((longitude, latitude))
        cell = round(x / step), round(y / step)
        while len(cells) > 1 and _is_straight(cells[-2], cells[-1], cell):
            cells.pop()
        if not cells or cells[-1] != cell:
            cells.append(cell)
    while len(cells) > 1 and cells[-1] == cells[0]:
        cells.pop()
    return cells if len(cells) > 2 else []


def _is_straight(one: Cell, middle: Cell, other: Cell) -> bool:
    """Whether the middle corner can go: it lies on the line, or where the line turns back on itself."""
    (x, y), (x2, y2), (x3, y3) = one, middle, other
    return (x2 - x) * (y3 - y) == (x3 - x) * (y2 - y)


def _path(ring: Sequence[Cell], step: int) -> str:
    (x, y), parts = ring[0], [f"M{ring[0][0] * step} {ring[0][1] * step}l"]
    for x2, y2 in ring[1:]:
        parts.append(f"{(x2 - x) * step} {(y2 - y) * step} ")
        x, y = x2, y2
    return "".join(parts).rstrip() + "z"
