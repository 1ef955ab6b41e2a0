"""Who answers for a KPI: who measures it, who reports it, who carries out what leads to it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Organisation
from cities.models import Territory
from common.databases.compiled import compiled
from common.names import LANGUAGES, language
from indicators.models import ReportingForm
from programmes.models import Kpi, Measure


@dataclass(frozen=True)
class Body:
    """A body that the programme names, and for how many measures."""

    name: str
    measures: int


@dataclass(frozen=True)
class Answering:
    """`reports` are bodies with the forms in which the figure is due; `bodies` answer for measures of the
    KPI's own goal, or of its whole programme where none of the goal's measures names any."""

    measured_by: Organisation | None
    reports: Mapping[Organisation, Sequence[ReportingForm]]
    bodies: Sequence[Body]
    of_goal: bool


def who_answers(kpi: Kpi, territory: Territory | None) -> Answering:
    """The bodies with the most measures first; two queries."""
    forms = _forms(kpi.indicator_id, kpi.breakdown_id)
    if territory is not None:
        forms = _forms_of(kpi.indicator_id, kpi.breakdown_id, territory.pk)
    reports: dict[Organisation, list[ReportingForm]] = {}
    for form in forms:
        reports.setdefault(form.organisation, []).append(form)
    named = _responsible(kpi.programme_id)
    own = [bodies for goal, bodies in named if goal is not None and goal == kpi.goal_id]
    bodies = _bodies(own or [bodies for _goal, bodies in named])
    return Answering(kpi.indicator.organisation, reports, bodies, of_goal=bool(own))


@compiled
def _forms(indicator: int, breakdown: int) -> QuerySet[ReportingForm]:
    found = ReportingForm.objects.filter(lines__indicator=indicator, lines__breakdown=breakdown)
    return found.select_related("organisation").distinct()


@compiled
def _forms_of(indicator: int, breakdown: int, territory: int) -> QuerySet[ReportingForm]:
    found = ReportingForm.objects.filter(lines__indicator=indicator, lines__breakdown=breakdown)
    return found.filter(territories=territory).select_related("organisation").distinct()


@compiled
def _responsible(programme: int) -> QuerySet[Measure, tuple[int | None, list[Mapping[str, Any]]]]:
    measures = Measure.objects.filter(programme=programme).exclude(responsible=[])
    return measures.exclude(state=Measure.State.EXCLUDED).values_list("goal", "responsible")


def _bodies(named: Iterable[Iterable[Mapping[str, Any]]]) -> list[Body]:
    counts: Counter[str] = Counter()
    names: dict[str, Mapping[str, str]] = {}
    for bodies in named:
        for body in bodies:
            names[body["organisation"]] = body["name"]
            counts[body["organisation"]] += 1
    return [Body(_localised(names[code]), count) for code, count in counts.most_common()]


def _localised(name: Mapping[str, str]) -> str:
    return next((name[code] for code in (language(), *LANGUAGES) if name.get(code)), "")
