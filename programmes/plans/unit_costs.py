"""What a unit of a KPI costs: money divided by the way from the baseline (docs/measures-and-money.md).

Pure: figures in, results out. What cannot be computed is None with a reason, never 0.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from programmes.plans.money import Amount


class WhyNot(StrEnum):
    """Why money cannot be divided by a result."""

    NO_PLAN = "no_amount_planned"
    NO_PAYMENT = "nothing_known_to_be_paid"
    PAYMENT_INCOMPLETE = "payments_incomplete"
    SEVERAL_KPIS = "several_kpis"
    FOR_A_GROUP = "for_each_of_a_group"
    NOT_A_QUANTITY = "not_a_quantity"
    NO_BASELINE = "baseline_missing"
    NO_TARGET = "no_target"
    NO_ACTUAL = "no_observation"
    NO_WAY = "no_way_to_go"
    NO_PROGRESS = "no_progress"
    NO_KPI = "no_kpi"
    NOT_ALL_JUDGED = "not_all_judged"


@dataclass(frozen=True)
class Result:
    """A KPI's figures: where it starts, where it must be last, and where it is; None is what is missing."""

    baseline: Decimal | None
    target: Decimal | None
    actual: Decimal | None


@dataclass(frozen=True)
class UnitCost:
    """Million tenge for a unit of the KPI, or a range; or why it cannot be computed."""

    amount: Amount | None = None
    why_not: WhyNot | None = None


def planned_cost(planned: Amount | None, result: Result) -> UnitCost:
    """What is planned, divided by the way from the baseline to the last target."""
    if planned is None:
        return UnitCost(why_not=WhyNot.NO_PLAN)
    if (missing := _missing(result)) is not None:
        return UnitCost(why_not=missing)
    return UnitCost(_per_unit(planned, _way(result)))


def paid_cost(paid: Decimal | None, unpaid: int, result: Result) -> UnitCost:
    """What is paid, divided by the way covered so far; `unpaid` lines say nothing of payment."""
    if paid is None:
        return UnitCost(why_not=WhyNot.NO_PAYMENT)
    if unpaid:
        return UnitCost(why_not=WhyNot.PAYMENT_INCOMPLETE)
    if (missing := _missing(result)) is not None:
        return UnitCost(why_not=missing)
    if result.actual is None or result.baseline is None:
        return UnitCost(why_not=WhyNot.NO_ACTUAL)
    gone = result.actual - result.baseline
    if gone * _way(result) <= 0:
        return UnitCost(why_not=WhyNot.NO_PROGRESS)
    return UnitCost(_per_unit(Amount(paid, paid), gone))


def cost_of_a_point(paid: Decimal | None, unpaid: int, way: float | None, *, is_complete: bool) -> UnitCost:
    """What is paid, divided by the percentage points of their way that a goal's KPIs have covered on average.

    `way` is the mean of the distances, from 0 to 1; `is_complete` says that every KPI can be judged.
    """
    if paid is None:
        return UnitCost(why_not=WhyNot.NO_PAYMENT)
    if unpaid:
        return UnitCost(why_not=WhyNot.PAYMENT_INCOMPLETE)
    if not is_complete or way is None:
        return UnitCost(why_not=WhyNot.NOT_ALL_JUDGED)
    if not way:
        return UnitCost(why_not=WhyNot.NO_PROGRESS)
    return UnitCost(_per_unit(Amount(paid, paid), Decimal(str(way)) * 100))


def _missing(result: Result) -> WhyNot | None:
    if result.baseline is None:
        return WhyNot.NO_BASELINE
    if result.target is None:
        return WhyNot.NO_TARGET
    return None if _way(result) else WhyNot.NO_WAY


def _way(result: Result) -> Decimal:
    return (result.target or Decimal(0)) - (result.baseline or Decimal(0))


def _per_unit(money: Amount, way: Decimal) -> Amount:
    return Amount(money.low / abs(way), money.high / abs(way))
