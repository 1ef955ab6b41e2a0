"""The findings of data quality that touch a KPI, in words."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cities.models import Territory
from common.databases.compiled import compiled
from indicators.models import Dimension
from programmes.explaining_quality import advice, sentence, subject_of
from programmes.models import Kpi, QualityFinding

SHOWN = 10
"""Findings on a KPI's own page; the page of data quality has them all."""


@dataclass(frozen=True)
class Doubt:
    """A finding in words."""

    finding: QualityFinding
    subject: str
    sentence: str
    advice: str


def doubts_about(kpi: Kpi, territory: Territory | None) -> tuple[list[Doubt], bool]:
    """Those found now, of the territory where one is given, and whether there are more; five queries."""
    findings = _there(kpi.pk, territory.pk) if territory is not None else _anywhere(kpi.pk)
    dimensions = {each.code: each for each in Dimension.objects.all()} if findings else {}
    doubts = [
        Doubt(finding, subject_of(finding), sentence(finding, dimensions), advice(finding))
        for finding in findings[:SHOWN]
    ]
    return doubts, len(findings) > SHOWN


@compiled
def _anywhere(kpi: int) -> QuerySet[QualityFinding]:
    touching = QualityFinding.kpis.through.objects.filter(kpi=kpi).values("qualityfinding")
    found = QualityFinding.objects.current().in_words().filter(Q(kpi=kpi) | Q(pk__in=touching))
    return found.order_by("territory__code", "rule", "key")[: SHOWN + 1]


@compiled
def _there(kpi: int, territory: int) -> QuerySet[QualityFinding]:
    touching = QualityFinding.kpis.through.objects.filter(kpi=kpi).values("qualityfinding")
    of_the_place = Q(pk__in=touching, territory=territory)
    found = QualityFinding.objects.current().in_words().filter(Q(kpi=kpi) | of_the_place)
    return found.order_by("territory__code", "rule", "key")[: SHOWN + 1]
