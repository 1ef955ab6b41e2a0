"""What lists of promises take for true today."""

import datetime as dt

from programmes.models import Target
from programmes.overview import in_force, next_target

TODAY = dt.date(2025, 6, 1)
NEXT_YEAR = dt.date(2026, 1, 1)


def target(year: int, valid_from: dt.date | None = None, valid_to: dt.date | None = None) -> Target:
    return Target(period_start=dt.date(year, 1, 1), value=1, valid_from=valid_from, valid_to=valid_to)


def test_an_amended_target_holds_until_the_day_its_amendment_takes_effect() -> None:
    original, amended = target(2030, valid_to=NEXT_YEAR), target(2030, valid_from=NEXT_YEAR)
    assert in_force([original, amended], TODAY) == [original]
    assert in_force([original, amended], NEXT_YEAR) == [amended]


def test_the_next_target_is_the_first_that_is_not_over_else_the_last() -> None:
    targets = [target(2030), target(2024), target(2025)]
    assert next_target(targets, TODAY) is targets[2]
    assert next_target(targets, dt.date(2031, 1, 1)) is targets[0]
    assert next_target([], TODAY) is None
