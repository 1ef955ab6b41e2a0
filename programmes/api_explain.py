"""How a row of progress came about, in the API: formulas with figures, and each figure's origin."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404

from common.rest.fields import ExactNumber, Reference
from common.rest.problems import MEDIA_TYPE, Flaw, ProblemSerializer, UnknownAddress
from common.rest.schema import PublishedSchema
from indicators.fields import Status
from programmes.explaining import Explanation, explain, stated
from programmes.explaining.facts import Fact
from programmes.explaining.formulas import Figure, Formula, figures_in
from programmes.explaining.inputs import Input
from programmes.explaining.origins import Published, kind_of, register_page
from programmes.explaining.sentences import by_name, with_figures
from programmes.labels import COURSES, REASONS, STANDINGS, VERDICTS
from programmes.models import Citation, Discrepancy, Kpi, LegalAct, Progress, Standing, Target

PLACES = Citation.objects.select_related("document", "unit")
KPIS = Kpi.objects.select_related(
    "programme", "indicator__unit", "indicator__numerator", "indicator__denominator", "breakdown"
).prefetch_related(
    Prefetch("baseline_citations", PLACES),
    Prefetch("targets", Target.objects.select_related("act").prefetch_related(Prefetch("citations", PLACES))),
    Prefetch(
        "discrepancies",
        Discrepancy.objects.select_related("programme").prefetch_related("statements__citations"),
    ),
)


def explanation_of(key: Callable[[str], Mapping[str, Any]], text: str, day: dt.date | None) -> Explanation:
    """The explanation of the row with this id, as of the day; `UnknownAddress` where there is none."""
    try:
        row: Progress = get_object_or_404(Progress.objects.select_related("territory"), **key(text))
    except (Http404, ValueError) as error:
        cure = _("The list is at %(path)s.") % {"path": reverse("api-progress-list")}
        raise UnknownAddress(Flaw("unknown_code", "id", text, _("Nothing has this code."), cure)) from error
    kpi = KPIS.get(pk=row.kpi_id)
    standings = Standing.objects.select_related("territory", "series__source")
    standing = standings.filter(kpi=kpi, territory=row.territory_id).first()
    return explain(kpi, row, standing, day or timezone.localdate(), kpi.discrepancies.all())


class Address(serializers.CharField):
    """An absolute address, made of the object; null where there is none."""

    def __init__(self, path: Callable[..., str], **kwargs: Any) -> None:
        self.path = path
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: object) -> str | None:  # type: ignore[override]
        """The address on the host that was asked."""
        path = self.path(value)
        return self.context["request"].build_absolute_uri(path) if path else None


class Code(serializers.ChoiceField):
    """A word as a code; null where it does not apply."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, allow_null=True, **kwargs)

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        """The code."""
        return value or None


class FigureSerializer(serializers.Serializer[Figure]):
    """A figure of a formula, in reading order."""

    code = serializers.CharField(help_text="The input or the fact that it is; empty for a plain number.")
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="Null where it is not known.")


class FormulaSerializer(serializers.Serializer[Formula]):
    """A formula by name and with its figures."""

    by_name = serializers.SerializerMethodField(help_text="`(actual − baseline) ÷ (expected − baseline)`.")
    filled = serializers.SerializerMethodField(help_text="`(5.2 − 6.3) ÷ (5.7 − 6.3)`, rounded for reading.")
    figures = serializers.SerializerMethodField(help_text="The figures, not rounded.")

    def get_by_name(self, formula: Formula) -> str:
        """In words."""
        return by_name(formula)

    def get_filled(self, formula: Formula) -> str:
        """With figures."""
        return with_figures(formula)

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, formula: Formula) -> Any:
        """Each figure, as often as it occurs."""
        return [FigureSerializer(figure).data for figure in figures_in(formula)]


class FactSerializer(serializers.Serializer[Fact]):
    """One fact: its arithmetic with the result, or the reason why there is none and its cure."""

    code = serializers.ChoiceField(
        ["expected", "verdict", "attainment", "distance", "pace", "course", "standing"]
    )
    name = serializers.CharField()
    meaning = serializers.CharField(help_text="What it says, and by which rule it came about.")
    formula = FormulaSerializer(allow_null=True)
    value = serializers.FloatField(allow_null=True, help_text="A level or a share, as in the row; else null.")
    word = Code(
        list({**dict(VERDICTS), **dict(COURSES), **dict(STANDINGS)}.items()),
        help_text="The verdict, course or standing; null for a number.",
    )
    result = serializers.CharField(help_text="The result in words; empty where there is none.")
    reason = Code(REASONS, help_text="Why it could not be computed.")
    reason_in_words = serializers.CharField()
    cure = serializers.CharField(help_text="What would have to be known or done.")


class PrintedSerializer(serializers.Serializer[Citation]):
    """Lines of a document that print the figure."""

    document = Reference("document.code")
    title = serializers.CharField(source="document.title")
    section = serializers.CharField()
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="Counted from 1.")
    value = ExactNumber(allow_null=True, help_text="What is printed there instead, where it differs.")
    note = serializers.CharField()
    register = Address(
        lambda citation: (
            f"{reverse('api-provenance-list')}?"
            + urlencode({"document": citation.document.code, "kind": kind_of(citation)})
        ),
        help_text="The register of figures of the document in the API.",
    )
    page = serializers.SerializerMethodField(help_text="The page of the register that lists it.")

    def get_page(self, citation: Citation) -> str:
        """The page, in the language of the request."""
        page: str = self.context["request"].build_absolute_uri(register_page(citation, self.context["kpi"]))
        return page


class UsedFigureSerializer(serializers.Serializer[Published]):
    """A published figure with the revision that is in use."""

    observation = serializers.CharField(source="id")
    address = Address(
        lambda each: reverse("api-observations-detail", args=[each.id]), help_text="The figure in the API."
    )
    period = serializers.CharField(source="observation.period")
    value = ExactNumber(source="observation.value", allow_null=True)
    status = serializers.ChoiceField(Status.choices, source="observation.status")
    source = Reference("observation.series.source.code")  # type: ignore[assignment]
    source_name = serializers.CharField(source="observation.series.source.name")
    source_address = serializers.CharField(source="observation.series.source.url")
    revision = serializers.IntegerField(source="revision.id")
    recorded_at = serializers.DateTimeField(source="revision.recorded_at", default_timezone=dt.UTC)
    released_on = serializers.DateField(source="revision.released_on", allow_null=True)
    reason = serializers.CharField(source="revision.reason", help_text="Why it was changed.")
    place = serializers.CharField(
        source="revision.origin",
        help_text="Cell of the upload, report, file and line, or document and lines.",
    )
    upload = serializers.IntegerField(source="revision.upload_id", allow_null=True)
    file_name = serializers.CharField(source="revision.upload.file_name", allow_null=True)
    report = serializers.IntegerField(source="revision.entry.report_id", allow_null=True)
    page = Address(
        lambda each: each.page, allow_null=True, help_text="The upload or report, for those with an account."
    )
    printed = PrintedSerializer(source="citations", many=True)


class ActSerializer(serializers.Serializer[LegalAct]):
    """The legal act that set a target."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(LegalAct.Kind.choices)
    number = serializers.CharField()
    title = serializers.CharField()
    adopted_on = serializers.DateField(allow_null=True)
    effective_on = serializers.DateField(allow_null=True)


class ReplacedSerializer(serializers.Serializer[Target]):
    """A target of the same period that another has replaced."""

    stated = serializers.SerializerMethodField()
    value = ExactNumber()
    value_max = ExactNumber(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField()
    act = ActSerializer(allow_null=True)

    def get_stated(self, target: Target) -> str:
        """As the act stated it."""
        return stated(target, self.context["kpi"])


class ContradictionSerializer(serializers.Serializer[Discrepancy]):
    """A contradiction in the documents about what is printed there."""

    code = serializers.CharField()
    name = serializers.CharField()
    address = Address(
        lambda each: reverse("api-discrepancies-detail", args=[f"{each.programme.code}:{each.code}"])
    )
    page = Address(
        lambda each: reverse("programmes:discrepancy-detail", args=[each.programme.code, each.code])
    )


class InputSerializer(serializers.Serializer[Input]):
    """A figure that enters the formulas."""

    code = serializers.CharField(help_text="`actual`, `baseline`, `target_2025`, `on_track_from`, …")
    name = serializers.CharField()
    basis = serializers.ChoiceField(
        [
            "published", "made", "missing", "printed", "implied", "national", "observed", "target", "default",
            "own",
        ],
        help_text="Where it is from: `made` of figures within the year, `observed`: the actual of the "
        "baseline's year serves, `default` and `own`: a threshold of the method or the programme.",
    )  # fmt: skip
    value = serializers.FloatField(allow_null=True, help_text="As a level; null where it is not known.")
    low = serializers.FloatField(allow_null=True, help_text="The lower end of a range.")
    high = serializers.FloatField(allow_null=True, help_text="The upper end of a range.")
    unit = Reference("unit.code", allow_null=True)
    period = serializers.CharField()
    stated = serializers.CharField(help_text="A target as its document states it.")
    formula = FormulaSerializer(allow_null=True, help_text="How it became the level; null if it was stated.")
    used_in = serializers.SerializerMethodField(help_text="The facts and inputs whose formulas it enters.")
    published = UsedFigureSerializer(source="figures", many=True)
    printed = PrintedSerializer(source="citations", many=True)
    act = ActSerializer(allow_null=True)
    in_force_since = serializers.DateField(allow_null=True)
    replaced = ReplacedSerializer(many=True)
    contradictions = ContradictionSerializer(source="discrepancies", many=True)
    notes = serializers.ListField(child=serializers.CharField())

    def get_used_in(self, each: Input) -> list[str]:
        """Codes of facts and inputs."""
        explanation: Explanation = self.context["explanation"]
        return explanation.uses_of(each.code)


class ExplanationSerializer(serializers.Serializer[Explanation]):
    """How a row of progress came about."""

    id = serializers.SerializerMethodField()
    method = serializers.CharField(help_text="Version of the method.")
    page = serializers.SerializerMethodField(help_text="The same for readers.")
    months = serializers.IntegerField(source="row.months", allow_null=True)
    facts = FactSerializer(many=True)
    inputs = InputSerializer(many=True)

    def get_id(self, explanation: Explanation) -> str:
        """The row's id."""
        kpi, row = explanation.kpi, explanation.row
        return f"{kpi.programme.code}:{kpi.code}:{_territory(explanation)}:{row.year}"

    def get_page(self, explanation: Explanation) -> str:
        """The KPI's page with this row, as of the same day."""
        kpi, request = explanation.kpi, self.context["request"]
        query = {"territory": _territory(explanation), "year": str(explanation.row.year)}
        if day := request.query_params.get("as_of"):
            query["as_of"] = day
        path = reverse("programmes:kpi-detail", args=[kpi.programme.code, kpi.code])
        page: str = request.build_absolute_uri(f"{path}?{urlencode(query)}#computed")
        return page


def _territory(explanation: Explanation) -> str:
    row = explanation.row
    return row.territory.code if isinstance(row, Progress) else ""


class ExplanationSchema(PublishedSchema):
    """Describes the explanation of a row."""

    def get_summary(self) -> str:
        """What it is for."""
        return "Explain progress by code"

    def get_description(self) -> str:  # type: ignore[override]
        """What the answer says."""
        return (
            "Every fact of the row with its formula, the figures filled in, and the result; where there is "
            "none the reason, and what would have to be known or done. Every figure that enters with its "
            "origin: the revision of a published figure, the lines of the document, the legal act."
        )

    def get_response_serializers(self) -> Any:
        """The explanation as JSON, or what is wrong as problem details."""
        return {
            (200, "application/json"): OpenApiResponse(ExplanationSerializer, "How the row came about."),
            (400, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Parameters that cannot be used."),
            (404, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Nothing has the code."),
        }
