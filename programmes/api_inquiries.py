"""Answered inquiries of deputies in the API."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.rest.fields import PublishedSerializer, Reference, Texts, Word
from common.rest.filters import DateFilter, FilterSet
from common.rest.views import PublishedViewSet
from indicators.api_fields import AS_SDMX
from indicators.filters import TOTAL, territory_filter
from indicators.periods import period_code
from programmes.filters import kpi_filter, programme_filter
from programmes.labels import STANDINGS
from programmes.models import FrozenFigure, Inquiry, Question


class QuestionSerializer(PublishedSerializer[Question]):
    """A point of an inquiry and its answer."""

    text = serializers.CharField()
    texts = Texts("text")
    answer = serializers.CharField()
    answers = Texts("answer")

    class Meta:
        model = Question
        fields: ClassVar = ["order", "text", "texts", "answer", "answers"]


class FrozenFigureSerializer(PublishedSerializer[FrozenFigure]):
    """A KPI's figures as they were known on the day of the inquiry."""

    kpi = serializers.SerializerMethodField()
    question = serializers.IntegerField(
        source="question.order", allow_null=True, default=None, help_text="The `order` of its point."
    )
    territory = Reference("territory.code", allow_null=True)
    breakdown = serializers.SerializerMethodField()
    period = serializers.SerializerMethodField(help_text=AS_SDMX)
    standing = Word(STANDINGS)
    source = Reference("source.code", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = FrozenFigure
        fields: ClassVar = [
            "kpi", "question", "territory", "breakdown", "as_of", "period", "actual", "status", "baseline",
            "baseline_year", "target", "target_max", "target_year", "standing", "source",
        ]  # fmt: skip

    def get_kpi(self, figure: FrozenFigure) -> str:
        """The KPI's id."""
        return f"{figure.kpi.programme.code}:{figure.kpi.code}"

    def get_breakdown(self, figure: FrozenFigure) -> str:
        """The breakdown's code, `_T` for the total."""
        return figure.breakdown.code or TOTAL

    def get_period(self, figure: FrozenFigure) -> str | None:
        """The period of the actual."""
        start = figure.period_start
        return period_code(figure.frequency, start) if start else None


class InquirySerializer(PublishedSerializer[Inquiry]):
    """An inquiry with its answers."""

    topic = serializers.CharField()
    topics = Texts("topic")
    programme = Reference("programme.code", allow_null=True)
    document = Reference("document.code", allow_null=True)
    territories: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    kpis = serializers.SerializerMethodField()
    questions = QuestionSerializer(many=True)
    figures = FrozenFigureSerializer(many=True)

    class Meta:
        model = Inquiry
        fields: ClassVar = [
            "code", "number", "date_printed", "due_on", "replied_on", "topic", "topics", "programme",
            "document", "territories", "kpis", "questions", "figures",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_kpis(self, inquiry: Inquiry) -> list[str]:
        """The ids of the KPIs that it concerns."""
        return [f"{kpi.programme.code}:{kpi.code}" for kpi in inquiry.kpis.all()]


class InquiryFilterSet(FilterSet):
    """Inquiries by programme, territory, KPI and day of the reply."""

    programme = programme_filter()
    territory = territory_filter("territories")
    kpi = kpi_filter("kpis")
    replied_from = DateFilter("replied_on", lookup_expr="gte", help_text=_("Answered on the day or later."))
    replied_to = DateFilter("replied_on", lookup_expr="lte", help_text=_("Answered on the day or earlier."))


class InquiryViewSet(PublishedViewSet[Inquiry]):
    """Deputies' inquiries whose reply is published: points, answers, and the figures frozen for them."""

    queryset = Inquiry.objects.published().select_related("programme", "document").prefetch_related(
        "territories", "kpis__programme", "questions",
        Prefetch(
            "figures",
            FrozenFigure.objects.select_related(
                "kpi__programme", "question", "territory", "breakdown", "source"
            ).order_by("question__order", "pk"),
        ),
    )  # fmt: skip
    serializer_class = InquirySerializer
    filterset_class = InquiryFilterSet
