"""What a row of progress was judged on besides its figures: direction, and every target as a level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.periods import Frequency
from indicators.quality.inputs import is_in_range
from programmes.models import Kpi, Target
from programmes.progress.paths import directions_of, levels_of, nearer_end


@dataclass(frozen=True)
class Knot:
    """A target as a level, None where it is not known: the end that counts on the path, and both ends."""

    level: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Ground:
    """`sense`: +1 more is better, −1 less is better, 0 a corridor; `heading`: where the path leads."""

    sense: int
    heading: int
    knots: Mapping[int, Knot]


def computed_with(targets: Sequence[Target]) -> list[Target]:
    """The targets that the method uses: of whole years, and not out of every range."""
    return [
        target
        for target in targets
        if target.frequency == Frequency.ANNUAL
        and is_in_range(target.value)
        and (target.value_max is None or is_in_range(target.value_max))
    ]


def ground_of(kpi: Kpi, targets: Sequence[Target], baseline: float | None, year: int | None) -> Ground:
    """The direction and the levels, as `programmes.progress` finds them from baseline and targets."""
    promised = sorted(computed_with(targets), key=lambda each: each.period.year)
    due = np.array([each.period.year for each in promised], "int64")
    values = np.array(list(_summed(promised))).reshape(-1, 2)
    comparator, form = (np.array([word], object) for word in (kpi.comparator, kpi.form))
    base = np.array([_float(baseline)])
    with np.errstate(all="ignore"):
        low, upper = levels_of(form, values.T, base, due - _float(year))
        high = np.where(np.isnan(upper), low, upper)
        ends = (low[:1], high[:1], low[-1:]) if promised else [np.array([np.nan])] * 3
        sense, heading = directions_of(comparator, form, base, *ends)
        level = nearer_end(np.repeat(heading, len(due)), low, high)
    return Ground(
        sense=int(sense[0]),
        heading=int(heading[0]),
        knots={
            int(each): Knot(*map(_known, ends)) for each, *ends in zip(due, level, low, high, strict=True)
        },
    )


def _summed(targets: Sequence[Target]) -> Iterator[list[float]]:
    """Lower and upper end of each target by year; one on top of the one before is added to it."""
    sums = [0.0, 0.0]
    for target in targets:
        ends = [float(target.value), _float(target.value_max)]
        before = sums if target.is_additional else [0.0, 0.0]
        sums = [sum_ if np.isnan(end) else sum_ + end for sum_, end in zip(before, ends, strict=True)]
        yield [np.nan if np.isnan(end) else sum_ for sum_, end in zip(sums, ends, strict=True)]


def _float(value: object) -> float:
    return np.nan if value is None else float(value)  # type: ignore[arg-type]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
