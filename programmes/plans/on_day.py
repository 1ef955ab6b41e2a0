"""What a programme said on a day, as its page shows it: acts, targets and measures, goal by goal."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from programmes.models import Goal, Kpi, LegalAct, Measure, Target
from programmes.overview import GoalNode, in_force
from programmes.plans.validity import Effect, effect, exclusion


@dataclass(frozen=True)
class DatedMeasure:
    """A measure, and how its exclusion stood on the day; nothing where no act excludes it."""

    measure: Measure
    exclusion: Effect | None


@dataclass
class GoalOnDay:
    """What a goal promised on the day; without a goal, the programme as a whole."""

    goal: Goal | None
    targets: list[tuple[Kpi, list[Target]]] = field(default_factory=list)
    measures: list[DatedMeasure] = field(default_factory=list)


def acts_by_effect(acts: Iterable[LegalAct], day: dt.date) -> dict[str, list[LegalAct]]:
    """The acts by how each stood on the day."""
    found: defaultdict[str, list[LegalAct]] = defaultdict(list)
    for act in acts:
        found[effect(act, day).value].append(act)
    return dict(found)


def promises(
    kpis: Iterable[Kpi], measures: Iterable[Measure], nodes: Iterable[GoalNode], day: dt.date
) -> list[GoalOnDay]:
    """What the goals promised, in the order of the tree; `kpis` come with their targets prefetched."""
    found: dict[int | None, GoalOnDay] = {None: GoalOnDay(None)}
    found |= {node.goal.pk: GoalOnDay(node.goal) for node in nodes}
    for kpi in kpis:
        if targets := in_force(kpi.targets.all(), day):
            found[kpi.goal_id].targets.append((kpi, targets))
    for measure in measures:
        is_excluded = measure.state == Measure.State.EXCLUDED
        state = exclusion(measure.excluded_by, day) if is_excluded else None
        found[measure.goal_id].measures.append(DatedMeasure(measure, state))
    return [each for each in found.values() if each.targets or each.measures]
