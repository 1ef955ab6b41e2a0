"""A programme's action plan as pages show it: goal by goal, the parts of a measure under it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from programmes.models import Goal, Measure, Programme
from programmes.overview import GoalNode, as_tree


@dataclass(frozen=True)
class Row:
    """A measure in a list; `depth` counts the measures above it that the list shows over it."""

    measure: Measure
    depth: int


@dataclass(frozen=True)
class Group:
    """The measures of a goal; without one, those of the programme as a whole."""

    goal: Goal | None
    rows: list[Row]


def goals_in_order(programme: Programme) -> list[GoalNode]:
    """Every goal of the programme with its parts, in the order in which its tree reads; one query."""
    goals = programme.goals.select_related("parent").order_by("order")
    return [node for root in as_tree({goal.pk: GoalNode(goal) for goal in goals}) for node in root.walk()]


def grouped(measures: Iterable[Measure], nodes: Iterable[GoalNode]) -> list[Group]:
    """The measures by goal in the order of the tree; goals without any are left out.

    A part whose measure is not in the list, or belongs to another goal, stands for itself.
    """
    by_goal: defaultdict[int | None, list[Measure]] = defaultdict(list)
    for measure in measures:
        by_goal[measure.goal_id].append(measure)
    goals = [None, *(node.goal for node in nodes)]
    return [
        Group(goal, rows_of(found)) for goal in goals if (found := by_goal.get(goal.pk if goal else None, []))
    ]


def rows_of(measures: list[Measure]) -> list[Row]:
    """The measures in their order, each part right after its measure where that is among them."""
    listed = {measure.pk for measure in measures}
    parts: defaultdict[int | None, list[Measure]] = defaultdict(list)
    for measure in measures:
        parts[measure.parent_id if measure.parent_id in listed else None].append(measure)
    rows: list[Row] = []

    def add(above: int | None, depth: int) -> None:
        for measure in parts[above]:
            rows.append(Row(measure, depth))
            add(measure.pk, depth + 1)

    add(None, 0)
    return rows
