"""Money beside results: what goals cost for each unit of their progress (docs/measures-and-money.md)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from programmes.models import Goal, Kpi, Programme, Progress, Standing
from programmes.overview import GoalNode, Rollup, rollups
from programmes.plans.counting import Counted, Share
from programmes.plans.unit_costs import Result, UnitCost, WhyNot, cost_of_a_point, paid_cost, planned_cost

NO_QUANTITIES = {Kpi.Form.RANK, Kpi.Form.RANGE, Kpi.Form.YES_NO}
NO_WAYS = {Kpi.Comparator.WITHIN, Kpi.Comparator.REACH}


@dataclass(frozen=True)
class GoalCost:
    """A goal's money and, where it has exactly one, its KPI; what a unit and a point of the way cost."""

    goal: Goal
    money: Counted
    kpis: int
    kpi: Kpi | None
    planned: UnitCost
    paid: UnitCost
    point: UnitCost

    @property
    def is_known(self) -> bool:
        """Whether any of the three could be computed."""
        return any(each.amount is not None for each in (self.planned, self.paid, self.point))


def goal_costs(programme: Programme, nodes: Iterable[GoalNode], found: Counted) -> list[GoalCost]:
    """A row for each goal with money counted, all its parts included, in the order given; five queries."""
    shares: defaultdict[int | None, list[Share]] = defaultdict(list)
    for share in found.shares:
        shares[share.row.goal].append(share)
    kpis = _kpis(programme)
    judged = rollups("goal_id", programme=programme.pk)
    with_money = []
    for node in nodes:
        goals = [part.goal.pk for part in node.walk()]
        money = Counted([share for goal in goals for share in shares[goal]])
        if money.shares:
            with_money.append((node.goal, money, [kpi for goal in goals for kpi in kpis[goal]], goals))
    single = [found[0] for _goal, _money, found, _goals in with_money if len(found) == 1]
    chosen = Kpi.objects.select_related("indicator__unit").in_bulk(single)
    results = _results(chosen)
    return [
        _cost(
            goal,
            money,
            [chosen.get(pk) for pk in found],
            results,
            Rollup.total_of(judged[goal] for goal in goals if goal in judged),
        )
        for goal, money, found, goals in with_money
    ]


def _kpis(programme: Programme) -> Mapping[int | None, list[int]]:
    found: defaultdict[int | None, list[int]] = defaultdict(list)
    for pk, goal in programme.kpis.order_by("order").values_list("pk", "goal_id"):
        found[goal].append(pk)
    return found


def _results(kpis: Mapping[int, Kpi]) -> dict[int, Result]:
    """The figures of KPIs for one territory, from the last row of their progress; two queries."""
    rows = Progress.objects.filter(kpi__in=kpis, last_target__isnull=False).order_by("kpi", "-year")
    ends = {row.kpi_id: row for row in rows.distinct("kpi")}
    actual = dict(Standing.objects.filter(kpi__in=ends).values_list("kpi", "actual"))
    return {
        kpi: Result(_exact(row.baseline), _exact(row.last_target), _exact(actual.get(kpi)))
        for kpi, row in ends.items()
    }


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


def _cost(
    goal: Goal,
    money: Counted,
    kpis: Sequence[Kpi | None],
    results: Mapping[int, Result],
    judged: Rollup,
) -> GoalCost:
    kpi = kpis[0] if len(kpis) == 1 else None
    why_not = _why_not(len(kpis), kpi)
    point = cost_of_a_point(
        money.paid, money.unpaid, judged.distance, is_complete=judged.judged == judged.total > 0
    )
    if kpi is None or why_not is not None:
        none = UnitCost(why_not=why_not)
        return GoalCost(
            goal, money, len(kpis), kpi, none, none, UnitCost(why_not=why_not) if not kpis else point
        )
    result = results.get(kpi.pk, Result(kpi.baseline_value, None, None))
    return GoalCost(
        goal,
        money,
        1,
        kpi,
        planned_cost(money.planned, result),
        paid_cost(money.paid, money.unpaid, result),
        point,
    )


def _why_not(count: int, kpi: Kpi | None) -> WhyNot | None:
    """Why the money cannot be divided by one KPI's figures."""
    if not count:
        return WhyNot.NO_KPI
    if kpi is None:
        return WhyNot.SEVERAL_KPIS
    if kpi.group_id is not None:
        return WhyNot.FOR_A_GROUP
    if kpi.form in NO_QUANTITIES or kpi.comparator in NO_WAYS:
        return WhyNot.NOT_A_QUANTITY
    return None
