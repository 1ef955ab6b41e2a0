"""Lines of funding as money counted once: of all programmes, or of one goal by goal."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from programmes.models import Funding, Programme
from programmes.overview import GoalNode
from programmes.plans.counting import Counted, Row, Share, counted
from programmes.plans.flows import Flow
from programmes.plans.money import Amount

FIELDS = (
    "pk", "parent_id", "relation", "level", "year_from", "year_to", "planned", "planned_max", "paid",
    "is_yearly", "programme_id", "whose", "measure_id",
)  # fmt: skip


def rows_of(lines: QuerySet[Funding]) -> QuerySet[Funding, Any]:
    """What is counted of the lines. What a measure costs belongs to its goal."""
    whose = Coalesce(F("goal_id"), F("measure__goal_id"))
    rows = lines.order_by("programme_id", "order", "pk").annotate(whose=whose)
    return rows.values_list(*FIELDS, named=True)


def count(rows: Iterable[Any]) -> Counted:
    """The money of the lines of which these are the `rows_of`, counted once."""
    return counted(
        Row(
            key=row.pk,
            parent=row.parent_id,
            relation=row.relation,
            level=row.level,
            years=(row.year_from, row.year_to),
            planned=Amount.of(row.planned, row.planned_max),
            paid=row.paid,
            is_yearly=row.is_yearly,
            programme=row.programme_id,
            goal=row.whose,
            measure=row.measure_id,
        )
        for row in rows
    )


def by_programme(found: Counted, programmes: Sequence[Programme]) -> Flow:
    """The flow from sources to programmes to years."""
    names: dict[Hashable, str] = {programme.pk: programme.short_name for programme in programmes}
    return Flow(found.shares, lambda share: share.row.programme, names)


def by_goal(found: Counted, roots: Sequence[GoalNode], whole: str) -> Flow:
    """The flow from sources to goals to years; `whole` names what belongs to no goal.

    The goals are those at the top of the tree, or the parts of the one at the top under which all money is.
    """
    tops = list(roots)
    owner = _tops(tops)
    used = {owner.get(share.row.goal) for share in found.shares}
    if (
        len(used) == 1
        and (only := next((node for node in tops if node.goal.pk in used), None))
        and only.parts
    ):
        tops = [only, *only.parts]
        owner = {only.goal.pk: only.goal.pk, **_tops(only.parts)}
    names: dict[Hashable, str] = {None: whole}
    names |= {node.goal.pk: f"{node.goal.number} {node.goal.name}".strip() for node in tops}

    def goal_of(share: Share) -> Hashable:
        return owner.get(share.row.goal)

    return Flow(found.shares, goal_of, names)


def _tops(roots: Sequence[GoalNode]) -> Mapping[int | None, int]:
    return {part.goal.pk: node.goal.pk for node in roots for part in node.walk()}
