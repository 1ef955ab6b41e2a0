"""Who answers for a KPI: who measures it, who reports it, who carries out what leads to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Organisation
from cities.models import Territory
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
    """`forms` are the reports in which the figure is due; `bodies` answer for measures of the KPI's goal, or
    of the whole programme where the KPI belongs to no goal."""

    measured_by: Organisation | None
    forms: Sequence[ReportingForm]
    bodies: Sequence[Body]

    def __bool__(self) -> bool:
        return bool(self.measured_by or self.forms or self.bodies)


def who_answers(kpi: Kpi, territory: Territory | None) -> Answering:
    """The bodies with the most measures first; two queries."""
    forms = ReportingForm.objects.filter(
        lines__indicator=kpi.indicator_id, lines__breakdown=kpi.breakdown_id
    ).select_related("organisation")
    if territory is not None:
        forms = forms.filter(territories=territory)
    measures = Measure.objects.filter(programme=kpi.programme_id).exclude(responsible=[])
    measures = measures.exclude(state=Measure.State.EXCLUDED)
    if kpi.goal_id is not None:
        measures = measures.filter(goal=kpi.goal_id)
    return Answering(
        kpi.indicator.organisation, list(forms.distinct()), _bodies(measures.values_list("responsible"))
    )


def _bodies(responsible: object) -> list[Body]:
    counts: Counter[str] = Counter()
    names: dict[str, Mapping[str, str]] = {}
    for (bodies,) in responsible:  # type: ignore[attr-defined]
        for body in bodies:
            names[body["organisation"]] = body["name"]
            counts[body["organisation"]] += 1
    return [Body(_localised(names[code]), count) for code, count in counts.most_common()]


def _localised(name: Mapping[str, str]) -> str:
    return next((name[code] for code in (language(), *LANGUAGES) if name.get(code)), "")
