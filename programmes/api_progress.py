"""Progress and standings in the API."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cities.api import TerritoryViewSet
from common.rest.days import PastDay
from common.rest.fields import Composed, Reference, Word
from common.rest.problems import Flaw, Problem
from common.rest.rendering import OrjsonRenderer
from common.rest.views import ColumnViewSet, CommonForm
from common.rest.whole import WHOLE
from programmes import exports
from programmes.api import KpiViewSet, ProgrammeViewSet, split_id
from programmes.api_explain import ExplanationSchema, ExplanationSerializer, explanation_of
from programmes.filters import ProgressFilterSet, StandingFilterSet
from programmes.labels import COURSES, REASONS, STANDINGS, VERDICTS
from programmes.models import Kpi, Progress, Standing
from programmes.services.as_of import as_of

RATIO = "A share: 0.95 is 95 %."
M = TypeVar("M", bound=Model)


def _number(help_text: str) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=help_text)


def _year() -> serializers.IntegerField:
    return serializers.IntegerField(allow_null=True)


def _reason() -> Word:
    return Word(REASONS, "Why it could not be computed.")


class AsOfForm(CommonForm):
    """What addresses of results understand besides."""

    as_of = PastDay(
        required=False,
        help_text=gettext_lazy(
            "What was known on a day up to today, such as 2024-03-01; lists then need programme= or kpi=."
        ),
    )  # fmt: skip


class ResultViewSet(ColumnViewSet[M]):
    """Results as of today, or of an earlier day: then they are computed for the KPIs that are named."""

    form_class = AsOfForm
    lookup_url_kwarg = "id"

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """A page of rows; the whole list only as it is today, which is stored."""
        query = request.query_params
        if "as_of" in query and query.get("limit") == WHOLE:
            detail, cure = _("An earlier day comes in pages."), _("Leave limit=all out.")
            raise Problem(Flaw("bad_value", "limit", WHOLE, detail, cure))
        with self._known(self._named):
            return super().list(request, *args, **kwargs)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row by its id."""
        with self._known(lambda: self._kpis_of(kwargs["id"])):
            return super().retrieve(request, *args, **kwargs)

    def _kpis_of(self, text: str) -> QuerySet[Kpi]:
        """The KPI of a row's id."""
        programme, _colon, rest = text.partition(":")
        return Kpi.objects.filter(programme__code=programme, code=rest.partition(":")[0])

    def _known(self, kpis: Callable[[], QuerySet[Kpi]]) -> AbstractContextManager[None]:
        """What was known of the KPIs on the day that is asked for, if one is."""
        day = self.request.query_params.get("as_of")
        return as_of(dt.date.fromisoformat(day), kpis()) if day else nullcontext()

    def _named(self) -> QuerySet[Kpi]:
        """The KPIs that the filters of a list name."""
        query = self.request.query_params
        programmes, ids = query.getlist("programme"), query.getlist("kpi")
        if not programmes and not ids:
            detail = _("An earlier day is computed when it is asked for, and no KPI is named.")
            cure = _("Add programme= or kpi=.")
            raise Problem(Flaw("as_of_names_no_kpi", "as_of", query["as_of"], detail, cure))
        kpis = Kpi.objects.annotate(public_id=Concat("programme__code", Value(":"), "code"))
        return kpis.filter(Q(programme__code__in=programmes) | Q(public_id__in=ids))


class ProgressSerializer(serializers.Serializer[Mapping[str, Any]]):
    """How far a promise was kept in a year."""

    id = Composed("kpi__programme__code", "kpi__code", "territory__code", "year")
    programme = Reference("kpi.programme.code", expands=ProgrammeViewSet)
    kpi = Composed("kpi__programme__code", "kpi__code", help_text="The KPI's id.", expands=KpiViewSet)
    territory = Reference("territory.code", expands=TerritoryViewSet)
    year = serializers.IntegerField()
    actual = _number("The figure of the year; exact in `/observations/`.")
    months = serializers.IntegerField(
        allow_null=True, help_text="Months of the year that the actual covers: 12 is the whole year."
    )
    baseline = _number("The figure that targets start from.")
    baseline_year = _year()
    target = _number("The target of the year, as a level.")
    next_target = _number("The target of the year or the first after it, as a level.")
    next_target_year = _year()
    last_target = _number("The last target, as a level.")
    expected = _number("Where the path from the baseline to the targets stands in the year.")
    verdict = Word(VERDICTS)
    verdict_reason = _reason()
    attainment = _number(f"Actual by target, the other way round for a falling KPI. {RATIO}")
    attainment_reason = _reason()
    distance = _number(f"The part of the way from the baseline to the last target. {RATIO}")
    distance_reason = _reason()
    pace = _number(f"The way covered by the way expected by then. {RATIO}")
    pace_reason = _reason()
    course = Word(COURSES)
    course_reason = _reason()


class ProgressViewSet(ResultViewSet[Progress]):
    """Four separate facts about a KPI in a territory and a year, and the course that follows from them.

    `verdict` on the target of the year, `attainment` of it, `distance` covered towards the last target, and
    `pace` against what was expected by then. A fact that could not be computed is null and its reason is not.
    """

    queryset = Progress.objects.all()
    serializer_class = ProgressSerializer  # type: ignore[assignment]
    filterset_class = ProgressFilterSet
    orderings: ClassVar = {"year": "year"}
    keyset = ("kpi_id", "territory_id", "year")
    table = exports.PROGRESS
    id_format = "`<kpi>:<territory>:<year>`, for instance `almaty-2025:KPI-7:almaty:2024`."

    @action(
        detail=True, serializer_class=ExplanationSerializer,
        renderer_classes=(OrjsonRenderer,), schema=ExplanationSchema(),
    )  # fmt: skip
    def explain(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How the row came about."""
        day = request.query_params.get("as_of")
        with self._known(lambda: self._kpis_of(kwargs["id"])):
            found = explanation_of(self.key_of, kwargs["id"], dt.date.fromisoformat(day) if day else None)
            context = {**self.get_serializer_context(), "explanation": found, "kpi": found.kpi}
            return Response(ExplanationSerializer(found, context=context).data)

    def key_of(self, text: str) -> dict[str, object]:
        """KPI, territory and year."""
        kpi, territory, year = text.rsplit(":", 2)
        programme, code = split_id(kpi)
        return {
            "kpi__programme__code": programme,
            "kpi__code": code,
            "territory__code": territory,
            "year": int(year),
        }


class StandingSerializer(serializers.Serializer[Mapping[str, Any]]):
    """How a promise stands today."""

    id = Composed("kpi__programme__code", "kpi__code", "territory__code")
    programme = Reference("kpi.programme.code", expands=ProgrammeViewSet)
    kpi = Composed("kpi__programme__code", "kpi__code", help_text="The KPI's id.", expands=KpiViewSet)
    territory = Reference("territory.code", expands=TerritoryViewSet)
    standing = serializers.ChoiceField(STANDINGS)
    reason = Word(REASONS, "Why there is no judgement.")
    year = serializers.IntegerField(allow_null=True, help_text="The year of the figure that it rests on.")
    actual = _number("The figure that it rests on.")
    distance = _number(f"The part of the way to the last target covered in that year. {RATIO}")
    next_target_year = _year()
    method = serializers.CharField(help_text="Version of the method.")
    computed_at = serializers.DateTimeField()


class StandingViewSet(ResultViewSet[Standing]):
    """How each KPI stands in each territory today.

    The course while targets lie ahead, the verdict on the last one afterwards, and the year of the figure
    that it rests on.
    """

    queryset = Standing.objects.all()
    serializer_class = StandingSerializer  # type: ignore[assignment]
    filterset_class = StandingFilterSet
    keyset = ("kpi_id", "territory_id")
    table = exports.STANDINGS
    id_format = "`<kpi>:<territory>`, for instance `almaty-2025:KPI-7:almaty`."

    def key_of(self, text: str) -> dict[str, object]:
        """KPI and territory."""
        kpi, territory = text.rsplit(":", 1)
        programme, code = split_id(kpi)
        return {"kpi__programme__code": programme, "kpi__code": code, "territory__code": territory}
