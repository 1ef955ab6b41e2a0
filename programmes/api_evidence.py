"""Where figures are printed and where documents contradict themselves, in the API."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import django_filters
import orjson
from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request

from common.rest.fields import ExactNumber, PublishedSerializer, Reference, Texts
from common.rest.filters import ChoiceFilter, CodeFilter, FilterSet
from common.rest.following import UpdatedAfter
from common.rest.rendering import CsvRenderer, OrjsonRenderer, encode
from common.rest.schema import PublishedSchema
from common.rest.views import PublishedViewSet
from programmes.api import OfProgramme
from programmes.evidence.provenance import KINDS, Provenance, citations, provenance
from programmes.filters import kpi_filter, programme_filter
from programmes.labels import FINDERS
from programmes.models import Citation, Discrepancy, DiscrepancyStatement, Document

FIELDS = (
    "kind", "object", "name", "value", "value_max", "qualifier", "unit", "period", "territory", "document",
    "section", "lines",
)  # fmt: skip


class ProvenanceFilterSet(FilterSet):
    """Figures by document, and by what they are."""

    document = CodeFilter(
        "document", queryset=Document.objects.all(), endpoint="",
        help_text=_("The code of a document, such as 004; may be repeated."),
    )  # fmt: skip
    kind = ChoiceFilter(choices=[(kind, kind) for kind in KINDS], method="filter_kind")

    def filter_kind(self, queryset: QuerySet[Citation], name: str, value: list[str]) -> QuerySet[Citation]:
        """Citations of objects of any of the kinds."""
        wanted = Q()
        for kind in value:
            wanted |= Q(**{f"{'series' if kind == 'statistic' else kind}__isnull": False})
        return queryset.filter(wanted)


class ProvenanceSerializer(serializers.Serializer[Provenance]):
    """A figure in the place where a document prints it."""

    kind = serializers.ChoiceField(KINDS)
    object = serializers.CharField(help_text="What the figure belongs to: the id of its kind's own list.")
    name = serializers.CharField()
    value = ExactNumber(help_text="As it is printed there.")
    value_max = ExactNumber(allow_null=True, help_text="The upper end of a range.")
    qualifier = serializers.CharField(help_text="`about`, `at_least`, `at_most`, `exact`, or empty.")
    unit = serializers.CharField(help_text="The unit printed there: a code of the catalogue.")
    period = serializers.CharField(help_text="As SDMX writes it; empty where the document gives none.")
    territory = serializers.CharField()
    document = serializers.CharField()
    section = serializers.CharField()
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="Counted from 1.")


@extend_schema_serializer(many=False)
class ProvenanceListSerializer(serializers.Serializer[Any]):
    """All rows, in the shape of a page that is the last."""

    next = serializers.CharField(allow_null=True, help_text="Always null: no page follows.")
    results = ProvenanceSerializer(many=True)


class ProvenanceSchema(PublishedSchema):
    """Describes a list that has no pages."""

    def get_response_serializers(self) -> Any:
        """The whole list."""
        whole = OpenApiResponse(ProvenanceListSerializer, "The whole list.")
        return {**super().get_response_serializers(), (200, "application/json"): whole}


class ProvenanceViewSet(PublishedViewSet[Citation]):
    """Every figure that the portal took from a document, once for each place that prints it.

    The whole list is streamed at once, in the order of the documents.
    """

    queryset = citations()
    serializer_class = ProvenanceSerializer  # type: ignore[assignment]
    filterset_class = ProvenanceFilterSet
    pagination_class = None
    schema = ProvenanceSchema()
    renderer_classes = (OrjsonRenderer, CsvRenderer)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> StreamingHttpResponse:  # type: ignore[override]
        """All rows, as they are read."""
        rows = map(_fields, provenance(self.filter_queryset(self.get_queryset())))
        accepted = request.accepted_renderer
        body = _as_csv(rows) if accepted.format == "csv" else _as_json(rows)
        content_type = "text/csv; charset=utf-8" if accepted.format == "csv" else "application/json"
        return StreamingHttpResponse(body, content_type=content_type)


def _fields(row: Provenance) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _as_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    yield b'{"next":null,"results":['
    for number, row in enumerate(rows):
        yield (b"," if number else b"") + orjson.dumps(row, default=encode)
    yield b"]}"


def _as_csv(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.DictWriter(line, FIELDS)
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "lines": ";".join(map(str, row["lines"]))})
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


class DiscrepancyFilterSet(FilterSet):
    """Contradictions by programme, kind, KPI and the rule that found them."""

    programme = programme_filter()
    kind = ChoiceFilter(choices=Discrepancy.Kind.choices)
    rule = ChoiceFilter(choices=FINDERS)
    kpi = kpi_filter("kpis")
    is_recorded = django_filters.BooleanFilter(
        help_text=_("Those that a person recorded, or those that only a rule found: true or false.")
    )
    updated_after = UpdatedAfter("discrepancies")


class PlaceSerializer(serializers.Serializer[Citation]):
    """Where something is printed."""

    document = Reference("document.code")
    section = serializers.CharField()
    lines = serializers.ListField(child=serializers.IntegerField())


class StatementSerializer(PublishedSerializer[DiscrepancyStatement]):
    """One of the versions."""

    text = serializers.CharField()
    texts = Texts("text")
    value = ExactNumber(allow_null=True)
    unit = Reference("unit.code", allow_null=True)
    places = PlaceSerializer(source="citations", many=True)

    class Meta:
        model = DiscrepancyStatement
        fields: ClassVar = ["text", "texts", "value", "unit", "is_used", "places"]


class DiscrepancySerializer(PublishedSerializer[Discrepancy]):
    """A contradiction with all its versions."""

    id = serializers.SerializerMethodField()
    programme = Reference("programme.code")
    name = serializers.CharField()
    names = Texts("name")
    reason = serializers.CharField()
    reasons = Texts("reason")
    kpis = serializers.SerializerMethodField()
    statements = StatementSerializer(many=True)

    class Meta:
        model = Discrepancy
        fields: ClassVar = [
            "id", "programme", "code", "name", "names", "kind", "rule", "is_recorded", "reason", "reasons",
            "kpis", "statements",
        ]  # fmt: skip

    def get_id(self, discrepancy: Discrepancy) -> str:
        """Programme and code."""
        return f"{discrepancy.programme.code}:{discrepancy.code}"

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_kpis(self, discrepancy: Discrepancy) -> list[str]:
        """The ids of the KPIs that it concerns."""
        return [f"{discrepancy.programme.code}:{kpi.code}" for kpi in discrepancy.kpis.all()]


class DiscrepancyViewSet(OfProgramme):
    """The register of contradictions in documents: every version, and the one that is used."""

    queryset = Discrepancy.objects.select_related("programme").prefetch_related(
        "kpis", "statements__unit", "statements__citations__document"
    )
    serializer_class = DiscrepancySerializer
    filterset_class = DiscrepancyFilterSet
    id_format = "`<programme>:<code>`, for instance `almaty-2025:D-004-1`."
