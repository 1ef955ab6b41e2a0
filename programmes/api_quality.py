"""Findings of data quality in the API."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.rest.fields import PublishedSerializer, Reference
from common.rest.views import PublishedViewSet
from indicators.models import Dimension
from programmes.explaining_quality import advice, sentence, subject_of
from programmes.filters_quality import QualityFilterSet
from programmes.models import QualityFinding

NUMBERS = "By check, as its sentence has it; null where there is none."


def _figure(help_text: str) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=help_text)


class QualityFindingSerializer(PublishedSerializer[QualityFinding]):
    """A doubt about a published figure or a KPI's definition."""

    id = serializers.CharField(source="key")
    state = serializers.ChoiceField(QualityFinding.State.choices)
    subject = serializers.SerializerMethodField(help_text="What the finding is about, in words.")
    text = serializers.SerializerMethodField(help_text="What is doubtful, in words.")
    advice = serializers.SerializerMethodField(help_text="What to do about it, in words.")
    indicator = Reference("series.indicator.code", allow_null=True)
    territory = Reference("territory.code")
    source = Reference("series.source.code", allow_null=True)  # type: ignore[assignment]
    other_source = Reference("other.source.code", allow_null=True)
    period = serializers.CharField(allow_null=True)
    kpis = serializers.SerializerMethodField(help_text="The ids of the KPIs that it concerns.")
    value = _figure("The figure in doubt; exact in `/observations/`.")
    compared = _figure("The figure that it is held against.")
    low = _figure(NUMBERS)
    high = _figure(NUMBERS)
    number = _figure(NUMBERS)
    found_at = serializers.DateTimeField(format=None, default_timezone=dt.UTC)
    acknowledged_at = serializers.DateTimeField(format=None, default_timezone=dt.UTC, allow_null=True)
    reason = serializers.CharField(
        source="acknowledged_reason", help_text="Why somebody says that it is right; empty if nobody did."
    )

    class Meta:
        model = QualityFinding
        fields: ClassVar = [
            "id", "rule", "state", "subject", "text", "advice", "indicator", "territory", "source",
            "other_source", "period", "kpis", "value", "compared", "low", "high", "number", "found_at",
            "acknowledged_at", "reason",
        ]  # fmt: skip

    def get_subject(self, finding: QualityFinding) -> str:
        """Place, indicator and period, or programme and promise."""
        return subject_of(finding)

    def get_text(self, finding: QualityFinding) -> str:
        """The finding as a sentence."""
        dimensions: Mapping[str, Dimension] = self.context["dimensions"]
        return sentence(finding, dimensions)

    def get_advice(self, finding: QualityFinding) -> str:
        """What whoever answers for the figure can do."""
        return advice(finding)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_kpis(self, finding: QualityFinding) -> list[str]:
        """Programme and code of each."""
        return [f"{kpi.programme.code}:{kpi.code}" for kpi in finding.kpis.all()]


class QualityFindingViewSet(PublishedViewSet[QualityFinding]):
    """Doubts about published figures and about the definitions of KPIs, found by rule.

    An open one waits for whoever answers for the figure; an acknowledged one has a public reason; one that
    is no longer found is listed while it has one.
    """

    queryset = QualityFinding.objects.in_words()
    serializer_class = QualityFindingSerializer
    filterset_class = QualityFilterSet
    lookup_field = "key"
    lookup_url_kwarg = "id"
    keyset = ("key",)
    id_format = (
        "`<check>:<what it is about>:<period>`, "
        "for instance `jump:manufacturing-share:astana:_T:bureau:2019`."
    )

    def write(self, rows: Iterable[Any]) -> Sequence[Mapping[str, Any]]:
        """The rows with their sentences, for which the names of dimensions are looked up once."""
        dimensions = {dimension.code: dimension for dimension in Dimension.objects.all()}
        context = {**self.get_serializer_context(), "dimensions": dimensions}
        serializer: Any = QualityFindingSerializer(list(rows), many=True, context=context)
        data: Sequence[Mapping[str, Any]] = serializer.data
        return data
