"""Targets as first set, where acts have replaced or dropped them since."""

import datetime as dt
from collections.abc import Iterable, Sequence

from programmes.explaining.ground import computed_with, ground_of
from programmes.models import Kpi, Target

Level = tuple[int, float, float | None]


def first_set(targets: Iterable[Target], day: dt.date) -> list[Target]:
    """For each period the target that was set first, of those set up to the day; by period."""
    known = (target for target in targets if target.valid_from is None or target.valid_from <= day)
    first: dict[tuple[str, dt.date], Target] = {}
    for target in sorted(known, key=lambda each: (each.valid_from or dt.date.min, each.pk)):
        first.setdefault((target.frequency, target.period_start), target)
    return sorted(first.values(), key=lambda target: target.period_start)


def replaced(first: Iterable[Target], in_force: Iterable[Target]) -> list[Target]:
    """Those of the first that no longer hold as they were set."""
    held = {target.pk: target for target in in_force}
    same = {(each.frequency, each.period_start): _promise(each) for each in held.values()}
    return [
        each
        for each in first
        if each.pk not in held and same.get((each.frequency, each.period_start)) != _promise(each)
    ]


def original_levels(
    kpi: Kpi, first: Sequence[Target], in_force: Sequence[Target], baseline: float | None, year: int | None
) -> list[Level]:
    """The replaced targets as levels by year, the upper end of a range beside its lower one."""
    gone = computed_with(replaced(first, in_force))
    if not gone:
        return []
    knots = ground_of(kpi, first, baseline, year).knots
    found = [(target, knots.get(target.period.year)) for target in gone]
    return [
        (target.period.year, knot.level, knot.high if target.value_max is not None else None)
        for target, knot in found
        if knot is not None and knot.level is not None
    ]


def _promise(target: Target) -> tuple[object, ...]:
    return target.value, target.value_max, target.is_additional
