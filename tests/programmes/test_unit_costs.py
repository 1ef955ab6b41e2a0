"""Money beside results: what is divided by what, and when nothing is."""

from decimal import Decimal

import pytest

from programmes.plans.money import Amount
from programmes.plans.unit_costs import Result, WhyNot, paid_cost, planned_cost


def result(baseline: str | None, target: str | None, actual: str | None = None) -> Result:
    return Result(*(None if text is None else Decimal(text) for text in (baseline, target, actual)))


def tenge(low: int, high: int | None = None) -> Amount:
    return Amount(Decimal(low), Decimal(low if high is None else high))


def test_the_plan_is_divided_by_the_way_to_the_last_target() -> None:
    """98.5 % to 100 % is one and a half percentage points: 300 million make 200 million each."""
    assert planned_cost(tenge(300), result("98.5", "100")).amount == tenge(200)


def test_a_falling_kpi_costs_as_much_as_a_rising_one() -> None:
    assert planned_cost(tenge(330), result("6.3", "3")).amount == tenge(100)


def test_a_range_of_money_stays_a_range() -> None:
    assert planned_cost(tenge(20, 30), result("0", "10")).amount == tenge(2, 3)


def test_what_is_paid_is_divided_by_the_way_covered() -> None:
    assert paid_cost(Decimal(110), 0, result("6.3", "3", "5.2")).amount == tenge(100)


def test_nothing_paid_costs_nothing_and_that_is_a_figure() -> None:
    assert paid_cost(Decimal(0), 0, result("6.3", "3", "5.2")).amount == tenge(0)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (result(None, "3"), WhyNot.NO_BASELINE),
        (result("6.3", None), WhyNot.NO_TARGET),
        (result("3", "3"), WhyNot.NO_WAY),
    ],
)
def test_without_a_way_the_plan_is_not_divided(found: Result, why: WhyNot) -> None:
    assert planned_cost(tenge(5), found).why_not == why
    assert paid_cost(Decimal(5), 0, found).why_not == why


@pytest.mark.parametrize(
    ("actual", "why"),
    [(None, WhyNot.NO_ACTUAL), ("6.3", WhyNot.NO_PROGRESS), ("7", WhyNot.NO_PROGRESS)],
)
def test_without_progress_what_is_paid_is_not_divided(actual: str | None, why: WhyNot) -> None:
    assert paid_cost(Decimal(5), 0, result("6.3", "3", actual)).why_not == why


def test_without_money_nothing_is_divided() -> None:
    assert planned_cost(None, result("1", "2")).why_not == WhyNot.NO_PLAN
    assert paid_cost(None, 0, result("1", "2", "2")).why_not == WhyNot.NO_PAYMENT


def test_payments_of_some_lines_alone_are_not_divided() -> None:
    assert paid_cost(Decimal(5), 1, result("1", "2", "2")).why_not == WhyNot.PAYMENT_INCOMPLETE
