"""A small line of yearly figures, for rows of tables; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]

WIDTH, HEIGHT, MARGIN = 96.0, 24.0, 3.0  # px


@dataclass(frozen=True)
class Spark:
    """Lines through consecutive years as SVG path data, lonely years as points, and the last point."""

    lines: list[str]
    points: list[Point]
    last: Point


def draw(figures: Mapping[int, float]) -> Spark | None:
    """The line of figures by year; a missing year is a gap. None where there are fewer than two."""
    if len(figures) < 2:
        return None
    years = sorted(figures)
    low, high = min(figures.values()), max(figures.values())
    placed = {
        year: (
            round(MARGIN + (WIDTH - 2 * MARGIN) * (year - years[0]) / (years[-1] - years[0]), 1),
            round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * _share(figures[year], low, high), 1),
        )
        for year in years
    }
    runs = [[years[0]]]
    for before, year in pairwise(years):
        if year == before + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    lines = [
        "M" + "L".join(f"{placed[year][0]} {placed[year][1]}" for year in run) for run in runs if len(run) > 1
    ]
    return Spark(lines, [placed[run[0]] for run in runs if len(run) == 1], placed[years[-1]])


def _share(value: float, low: float, high: float) -> float:
    """How far up the figure lies; in the middle where all are the same."""
    return (value - low) / (high - low) if high > low else 0.5
