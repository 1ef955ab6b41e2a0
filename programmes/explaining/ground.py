"""What a row of progress was judged on besides its figures: direction, and every target as a level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.periods import Frequency
from indicators.quality.inputs import is_in_range
from programmes.models import Kpi, Target
from programmes.progress.inputs import Inputs, typed
from programmes.progress.paths import knots_of, places_of


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
    rules = {"kpi": kpi.pk, "comparator": kpi.comparator, "form": kpi.form}
    limits = {"minimum": np.nan, "maximum": np.nan, "per": 1.0}
    place = {"kpi": kpi.pk, "territory": 0, "baseline": _float(baseline), "baseline_year": _float(year)}
    promised = [
        (kpi.pk, each.period.year, float(each.value), _float(each.value_max), each.is_additional)
        for each in computed_with(targets)
    ]
    names = ["kpi", "year", "value", "value_max", "is_additional"]
    inputs = typed(
        Inputs(
            kpis=pd.DataFrame([{**rules, **limits}]),
            places=pd.DataFrame([place]),
            targets=pd.DataFrame(promised, columns=names),
            actuals=pd.DataFrame(columns=["kpi", "territory", "year", "value", "months"]),
        )
    )
    with np.errstate(all="ignore"):
        places = places_of(inputs)
        knots = knots_of(places, inputs.targets)
    levels = zip(knots["year"], knots["level"], knots["low"], knots["high"], strict=True)
    return Ground(
        sense=int(places["sense"].iloc[0]),
        heading=int(places["heading"].iloc[0]),
        knots={int(due): Knot(_known(level), _known(low), _known(high)) for due, level, low, high in levels},
    )


def _float(value: object) -> float:
    return np.nan if value is None else float(value)  # type: ignore[arg-type]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
