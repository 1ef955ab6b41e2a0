"""Units, sources, indicators and published figures in the API."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cities.api import TerritoryViewSet
from common.rest.days import PastDay
from common.rest.fields import Composed, ExactNumber, PublishedSerializer, Reference, Text, Texts
from common.rest.views import ColumnViewSet, CommonForm
from indicators.api_fields import BreakdownCode, PeriodCode
from indicators.exports import OBSERVATIONS, REVISIONS
from indicators.fields import FREQUENCIES, Status
from indicators.filters import (
    TOTAL,
    IndicatorFilterSet,
    ObservationFilterSet,
    RevisionFilterSet,
    SourceFilterSet,
    UnitFilterSet,
)
from indicators.json_stat import JsonStatRenderer
from indicators.models import Dimension, Indicator, Observation, ObservationRevision, Source, Unit
from indicators.periods import Period
from indicators.sdmx.csv import SdmxCsvRenderer

FIGURE = (
    "series__indicator__code", "series__territory__code", BreakdownCode("series__breakdown__code"),
    "series__source__code", PeriodCode("series__frequency", "period_start"),
)  # fmt: skip
"""The parts of a figure's public id."""


class UnitSerializer(PublishedSerializer[Unit]):
    """A unit of measure."""

    name = Text("name")
    names = Texts("name")
    symbol = Text("symbol")
    symbols = Texts("symbol")

    class Meta:
        model = Unit
        fields: ClassVar = ["code", "name", "names", "symbol", "symbols"]


class UnitViewSet(ColumnViewSet[Unit]):
    """Units of measure, by their SDMX codes where these exist.

    `symbol` is what stands behind a number: the name where there is no shorter sign.
    """

    queryset = Unit.objects.all()
    serializer_class = UnitSerializer
    filterset_class = UnitFilterSet


class SourceSerializer(PublishedSerializer[Source]):
    """Somebody who publishes figures."""

    name = Text("name")
    names = Texts("name")
    url = serializers.CharField(help_text="Where it publishes; empty where that is not known.")

    class Meta:
        model = Source
        fields: ClassVar = ["code", "name", "names", "kind", "url", "licence"]


class SourceViewSet(ColumnViewSet[Source]):
    """Who says so: the statistics bureau, akimats, programme documents, surveys."""

    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_class = SourceFilterSet


class IndicatorSerializer(PublishedSerializer[Indicator]):
    """A quantity that is measured regularly."""

    name = Text("name")
    names = Texts("name")
    definition = Text("definition")
    definitions = Texts("definition")
    unit = Reference("unit.code", expands=UnitViewSet)
    numerator = Reference("numerator.code", allow_null=True)
    denominator = Reference("denominator.code", allow_null=True)
    dimensions = serializers.ListField(source="dimension_codes", child=serializers.CharField())
    organisation = Reference("organisation.code", allow_null=True)

    class Meta:
        model = Indicator
        fields: ClassVar = [
            "code", "bureau_key", "sdg", "name", "names", "definition", "definitions", "unit", "decimals",
            "frequency", "aggregation", "numerator", "denominator", "polarity", "minimum", "maximum",
            "dimensions", "instrument", "organisation",
        ]  # fmt: skip


class IndicatorViewSet(ColumnViewSet[Indicator]):
    """What is measured: definition, unit, frequency, possible range, and how it adds up over territories."""

    queryset = Indicator.objects.annotate(
        dimension_codes=ArraySubquery(
            Dimension.objects.filter(indicators=OuterRef("pk")).order_by("code").values("code")
        )
    )
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilterSet


class ObservationSerializer(serializers.Serializer[Mapping[str, Any]]):
    """A published figure."""

    id = Composed(*FIGURE)
    indicator = Reference("series.indicator.code", expands=IndicatorViewSet)
    territory = Reference("series.territory.code", expands=TerritoryViewSet)
    breakdown = BreakdownCode("series__breakdown__code")
    source = Reference("series.source.code", expands=SourceViewSet)  # type: ignore[assignment]
    frequency = serializers.ChoiceField(FREQUENCIES, source="series.frequency")
    period = PeriodCode("series__frequency", "period_start")
    value = ExactNumber(
        allow_null=True, help_text="The figure, digit for digit; null where `status` says why."
    )
    status = serializers.ChoiceField(Status.choices)
    published_at = serializers.DateTimeField()


class FiguresAsOfForm(CommonForm):
    """What addresses of figures understand besides."""

    as_of = PastDay(
        required=False, help_text=_("The figures that were known on a day up to today, such as 2024-03-01.")
    )


class ObservationViewSet(ColumnViewSet[Observation]):
    """Published figures as they stand today, or as they were known at the end of the day `as_of`.

    A figure is a number, or it is missing and its status says why; zero is a number. Pass the `sync` of the
    last answer as `updated_after` to fetch only what has been published since.
    """

    queryset = Observation.objects.all()
    form_class = FiguresAsOfForm
    serializer_class = ObservationSerializer  # type: ignore[assignment]
    filterset_class = ObservationFilterSet
    orderings: ClassVar = {"period": "period_start", "published_at": "published_at"}
    lookup_url_kwarg = "id"
    keyset = ("series_id", "period_start")
    table = OBSERVATIONS
    renderer_classes = (*ColumnViewSet.renderer_classes, SdmxCsvRenderer, JsonStatRenderer)
    id_format = (
        "`<indicator>:<territory>:<breakdown>:<source>:<period>`, "
        "for instance `population:semey:_T:bureau:2024`."
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The figures; of an earlier day the changes that were in force, which have the same columns."""
        if day := self.request.query_params.get("as_of"):
            changes = ObservationRevision.objects.in_force(dt.date.fromisoformat(day))
            return changes.annotate(published_at=F("recorded_at"))
        return super().get_queryset()

    def key_of(self, text: str) -> dict[str, object]:
        """Series and period; a breakdown's code may contain anything but a slash."""
        indicator, territory, rest = text.split(":", 2)
        breakdown, source, written = rest.rsplit(":", 2)
        period = Period.parse(written)
        return {
            "series__indicator__code": indicator,
            "series__territory__code": territory,
            "series__breakdown__code": "" if breakdown == TOTAL else breakdown,
            "series__source__code": source,
            "series__frequency": period.frequency.value,
            "period_start": period.start,
        }


class RevisionSerializer(serializers.Serializer[Mapping[str, Any]]):
    """One published change of a figure."""

    id = Composed("id", help_text="The number of the change; later ones have greater numbers.")
    observation = Composed(*FIGURE, help_text="The id of the figure in `/observations/`.")
    indicator = Reference("series.indicator.code", expands=IndicatorViewSet)
    territory = Reference("series.territory.code", expands=TerritoryViewSet)
    breakdown = BreakdownCode("series__breakdown__code")
    source = Reference("series.source.code", expands=SourceViewSet)  # type: ignore[assignment]
    frequency = serializers.ChoiceField(FREQUENCIES, source="series.frequency")
    period = PeriodCode("series__frequency", "period_start")
    value = ExactNumber(allow_null=True, help_text="The figure from then on, digit for digit.")
    status = serializers.ChoiceField(Status.choices)
    recorded_at = serializers.DateTimeField()
    released_on = serializers.DateField(
        allow_null=True, help_text="The day on which the source released it, where that is known."
    )
    reason = serializers.CharField(help_text="Why a published figure was changed.")


class RevisionViewSet(ColumnViewSet[ObservationRevision]):
    """Every published change of every figure, the first publication included, in the order of recording."""

    queryset = ObservationRevision.objects.all()
    serializer_class = RevisionSerializer  # type: ignore[assignment]
    filterset_class = RevisionFilterSet
    table = REVISIONS
    lookup_url_kwarg = "id"
    keyset = ("id",)
    id_format = "The number of the change."

    def key_of(self, text: str) -> dict[str, object]:
        """The number."""
        if not re.fullmatch("[0-9]{1,18}", text):
            raise ValueError(text)
        return {"pk": int(text)}
