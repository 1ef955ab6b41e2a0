"""Units, sources, indicators and published figures in the API."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.rest.days import PastDay
from common.rest.fields import ExactNumber, PublishedSerializer, Reference, Texts
from common.rest.views import CommonForm, FactViewSet, PublishedViewSet
from indicators.fields import FREQUENCIES, Status
from indicators.filters import (
    TOTAL,
    IndicatorFilterSet,
    ObservationFilterSet,
    SourceFilterSet,
    UnitFilterSet,
)
from indicators.models import Indicator, Observation, ObservationRevision, Source, Unit
from indicators.periods import Period, period_code


class UnitSerializer(PublishedSerializer[Unit]):
    """A unit of measure."""

    name = serializers.CharField()
    names = Texts("name")
    symbol = serializers.CharField()
    symbols = Texts("symbol")

    class Meta:
        model = Unit
        fields: ClassVar = ["code", "name", "names", "symbol", "symbols"]


class UnitViewSet(PublishedViewSet[Unit]):
    """Units of measure, by their SDMX codes where these exist.

    `symbol` is what stands behind a number: the name where there is no shorter sign.
    """

    queryset = Unit.objects.all()
    serializer_class = UnitSerializer
    filterset_class = UnitFilterSet


class SourceSerializer(PublishedSerializer[Source]):
    """Somebody who publishes figures."""

    name = serializers.CharField()
    names = Texts("name")
    url = serializers.CharField(help_text="Where it publishes; empty where that is not known.")

    class Meta:
        model = Source
        fields: ClassVar = ["code", "name", "names", "kind", "url", "licence"]


class SourceViewSet(PublishedViewSet[Source]):
    """Who says so: the statistics bureau, akimats, programme documents, surveys."""

    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_class = SourceFilterSet


class IndicatorSerializer(PublishedSerializer[Indicator]):
    """A quantity that is measured regularly."""

    name = serializers.CharField()
    names = Texts("name")
    definition = serializers.CharField()
    definitions = Texts("definition")
    unit = Reference("unit.code")
    numerator = Reference("numerator.code", allow_null=True)
    denominator = Reference("denominator.code", allow_null=True)
    dimensions: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    organisation = Reference("organisation.code", allow_null=True)

    class Meta:
        model = Indicator
        fields: ClassVar = [
            "code", "bureau_key", "sdg", "name", "names", "definition", "definitions", "unit", "decimals",
            "frequency", "aggregation", "numerator", "denominator", "polarity", "minimum", "maximum",
            "dimensions", "instrument", "organisation",
        ]  # fmt: skip


class IndicatorViewSet(PublishedViewSet[Indicator]):
    """What is measured: definition, unit, frequency, possible range, and how it adds up over territories."""

    queryset = Indicator.objects.select_related(
        "unit", "numerator", "denominator", "organisation"
    ).prefetch_related("dimensions")
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilterSet


class ObservationSerializer(serializers.Serializer[Mapping[str, Any]]):
    """A published figure."""

    id = serializers.CharField()
    indicator = serializers.CharField()
    territory = serializers.CharField()
    breakdown = serializers.CharField(help_text="`DIMENSION=CATEGORY`, joined with `&`; `_T` for the total.")
    source = serializers.CharField()  # type: ignore[assignment]
    frequency = serializers.ChoiceField(FREQUENCIES)
    period = serializers.CharField(help_text="`2024`, `2024-S1`, `2024-Q3` or `2024-05`.")
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


class ObservationViewSet(FactViewSet[Observation]):
    """Published figures as they stand today, or as they were known at the end of the day `as_of`.

    A figure is a number, or it is missing and its status says why; zero is a number. Pass the `sync` of the
    last answer as `updated_after` to fetch only what has been published since.
    """

    queryset = Observation.objects.all()
    form_class = FiguresAsOfForm
    serializer_class = ObservationSerializer  # type: ignore[assignment]
    filterset_class = ObservationFilterSet
    keyset = ("series_id", "period_start")
    id_format = (
        "`<indicator>:<territory>:<breakdown>:<source>:<period>`, "
        "for instance `population:semey:_T:bureau:2024`."
    )
    columns: ClassVar = {
        "indicator": "series__indicator__code",
        "territory": "series__territory__code",
        "breakdown": "series__breakdown__code",
        "source": "series__source__code",
        "frequency": "series__frequency",
        "period": "period_start",
        "value": "value",
        "status": "status",
        "published_at": "published_at",
    }

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

    def finish(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with its id, the total by its word, and the period as text."""
        row["breakdown"] = row["breakdown"] or TOTAL
        row["period"] = period_code(row["frequency"], row["period"])
        parts = (row[name] for name in ("indicator", "territory", "breakdown", "source", "period"))
        return {"id": ":".join(parts), **row}
