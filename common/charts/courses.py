"""Lines of several places over years on one pair of axes, each named at its right end; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from common.charts.fitting import shortened, width_of
from common.charts.lines import Point, path, runs
from common.charts.scales import Scale, round_levels, round_years

TYPE = 12.0  # px
APART = 15.0  # px between two names
NAMES = 0.3  # of the width, at most, for the names
MARKS = (
    "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
    "m-3.2 -3.2h6.4v6.4h-6.4z",
    "m0 -4.2l4.2 7.2h-8.4z",
    "m0 -4.6l4.6 4.6l-4.6 4.6l-4.6 -4.6z",
    "m-4 -1.2h2.8v-2.8h2.4v2.8h2.8v2.4h-2.8v2.8h-2.4v-2.8h-2.8z",
    "m0 4.2l4.2 -7.2h-8.4z",
)
"""A disc, a square, triangles, a rhombus and a cross: shapes that colour blindness and grey print leave."""


@dataclass(frozen=True)
class Course:
    """A line: its number from 1, its path, its marks, and where its name stands."""

    number: int
    name: str
    paths: list[str]
    points: list[Point]
    name_y: float

    @property
    def marks(self) -> str:
        """All its marks as SVG path data."""
        shape = MARKS[(self.number - 1) % len(MARKS)]
        return "".join(f"M{x} {y}{shape}" for x, y in self.points)


@dataclass(frozen=True)
class Courses:
    """The whole drawing; levels and years with their texts, in px."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    levels: list[tuple[float, str]]
    years: list[tuple[float, str]]
    courses: list[Course]


def draw(
    figures: Sequence[tuple[str, Mapping[int, float]]],
    write: Callable[[float], str],
    width: float,
    height: float,
) -> Courses | None:
    """A line for each name with figures by year; None where there is no figure. A missing year is a gap."""
    values = [value for _name, by_year in figures for value in by_year.values()]
    if not values:
        return None
    known = {year for _name, by_year in figures for year in by_year}
    levels = round_levels(values)
    texts = [write(level) for level in levels]
    names = [shortened(name, width * NAMES, TYPE) for name, _by_year in figures]
    left = 10 + max(width_of(text, TYPE) for text in texts)
    right = width - 12 - max(width_of(name, TYPE) for name in names)
    top, bottom = 10.0, height - 26.0
    x = Scale(min(known), max(known), left + 8, right - 6)
    y = Scale(levels[0], levels[-1], bottom, top)
    ends = [y(by_year[max(by_year)]) if by_year else None for _name, by_year in figures]
    places = _apart(ends, top, bottom)
    courses = [
        _course(number, name, by_year, (x, y), place)
        for number, (name, (_full, by_year), place) in enumerate(
            zip(names, figures, places, strict=True), start=1
        )
        if place is not None
    ]
    years = round_years(min(known), max(known), right - left) or [min(known)]
    return Courses(
        width, height, round(left, 1), round(right, 1), bottom,
        [(y(level), text) for level, text in zip(levels, texts, strict=True)],
        [(x(year), str(year)) for year in years], courses,
    )  # fmt: skip


def _course(
    number: int, name: str, by_year: Mapping[int, float], scales: tuple[Scale, Scale], name_y: float
) -> Course:
    x, y = scales
    drawn = [[(x(when), y(value)) for when, value in run] for run in runs(by_year.items())]
    points = [point for run in drawn for point in run]
    return Course(number, name, [path(run) for run in drawn if len(run) > 1], points, round(name_y + 4, 1))


def _apart(ends: Sequence[float | None], top: float, bottom: float) -> list[float | None]:
    """Where the names stand: beside the ends of their lines, moved down, then up, until all are readable."""
    order = sorted((end, index) for index, end in enumerate(ends) if end is not None)
    placed: list[float] = []
    for end, _index in order:
        placed.append(max(end, placed[-1] + APART) if placed else max(end, top))
    limit = bottom
    for position in range(len(placed) - 1, -1, -1):
        placed[position] = min(placed[position], limit)
        limit = placed[position] - APART
    found: list[float | None] = [None] * len(ends)
    for (_end, index), place in zip(order, placed, strict=True):
        found[index] = place
    return found
