"""Checks by the methods that documents prescribe, in the API: strategies of cities, and monotowns."""

import datetime as dt
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from common.names import LANGUAGES
from common.rest.problems import (
    MEDIA_TYPE,
    Flaw,
    Problem,
    ProblemSerializer,
    UnknownAddress,
    check_parameters,
    flaws_of,
    problem_response,
)
from programmes.applied.checks import METHODS, Check, CheckAnswer, check, checks
from programmes.methods.monotowns import POLICIES, Outcome

COUNTS = "Answers by outcome: of a strategy's binding requirements, of a town's criteria list by list."
PROBLEMS = {
    (400, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Parameters that cannot be used."),
    (429, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Too many requests in this minute."),
}
ID = "`<method>:<code of the programme or the territory>`, for instance `city-strategy:semey-2050`."


class CheckForm(forms.Form):
    """In which language; of one check also by which wording or policy."""

    lang = forms.ChoiceField(
        choices=[(code, code) for code in LANGUAGES], required=False,
        help_text=gettext_lazy("Language of names and messages: kk, ru or en; else that of Accept-Language."),
    )  # fmt: skip


class OneCheckForm(CheckForm):
    """A strategy is judged by the wording of a day, a town under a policy."""

    on = forms.DateField(required=False, help_text=gettext_lazy("The day whose wording to judge by."))
    policy = forms.ChoiceField(
        required=False, choices=[(each.code, each.code) for each in POLICIES],
        help_text=gettext_lazy("How the criteria of a town combine."),
    )  # fmt: skip


class CheckSerializer(serializers.Serializer[Check]):
    """A method applied to a strategy or a town."""

    id = serializers.CharField(help_text=ID)
    method = serializers.ChoiceField(list(METHODS))
    document = serializers.CharField(help_text="The document that prescribes the method.")
    programme = serializers.CharField()
    territory = serializers.CharField(allow_null=True)
    judged_on = serializers.DateField(allow_null=True, help_text="The day whose wording applies.")
    policy = serializers.ChoiceField([each.code for each in POLICIES], allow_null=True)
    outcome = serializers.ChoiceField(
        [(each.value, each.name) for each in Outcome],
        allow_null=True,
        help_text="The class of a town; null for a strategy.",
    )
    stated_outcome = serializers.CharField(
        allow_null=True, help_text="The class that the document itself prints for the town."
    )
    counts = serializers.DictField(child=serializers.IntegerField(), help_text=COUNTS)
    page = serializers.SerializerMethodField(help_text="The same for readers.")

    def get_page(self, found: Check) -> str:
        """On the host that was asked."""
        address: str = self.context["request"].build_absolute_uri(found.page)
        return address


class CheckAnswerSerializer(serializers.Serializer[CheckAnswer]):
    """What is known of one requirement or criterion."""

    code = serializers.CharField()
    section = serializers.CharField()
    title = serializers.CharField()
    outcome = serializers.CharField()
    outcome_in_words = serializers.CharField()
    reason = serializers.CharField()
    stated = serializers.CharField(help_text="A number as its document gives it.")
    numbers = serializers.DictField(child=serializers.IntegerField(), help_text="What was counted, in words.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="What would have to be told.")
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="Where it is written.")


class CheckInFullSerializer(CheckSerializer):
    """A check with its answers, what is missing first in a strategy, in the document's order for a town."""

    answers = CheckAnswerSerializer(many=True)


@extend_schema_serializer(many=False)
class CheckListSerializer(serializers.Serializer[Any]):
    """All checks."""

    results = CheckSerializer(many=True)


def described(form: type[forms.Form]) -> list[OpenApiParameter]:
    """The fields of a form as parameters, in English."""
    with translation.override("en"):
        return [
            OpenApiParameter(
                name,
                dt.date if isinstance(field, forms.DateField) else str,
                enum=[word for word, _word in getattr(field, "choices", ())] or None,
                description=str(field.help_text),
            )
            for name, field in form.base_fields.items()
        ]


class MethodologyCheckViewSet(ViewSet):
    """Whether a city's strategy has what its methodology asks, and which class a monotown's signs give."""

    is_published = True
    authentication_classes = ()
    permission_classes = (AllowAny,)
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    @extend_schema(
        summary="List methodology checks",
        parameters=described(CheckForm),
        responses={
            (200, "application/json"): OpenApiResponse(CheckListSerializer, "All checks."),
            **PROBLEMS,
        },
    )
    def list(self, request: Request) -> Response:
        """Strategies by the wording of the day of their approval, towns by the first policy."""
        self._asked(request, CheckForm)
        return Response(CheckListSerializer({"results": checks()}, context={"request": request}).data)

    @extend_schema(
        summary="Get a methodology check by code",
        parameters=[*described(OneCheckForm), OpenApiParameter("id", str, "path", description=ID)],
        responses={
            (200, "application/json"): OpenApiResponse(CheckInFullSerializer, "The check with its answers."),
            (404, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "There is no such check."),
            **PROBLEMS,
        },
    )
    def retrieve(self, request: Request, id: str) -> Response:
        """Answer by answer: what is met, what is missing, what nobody has told, and where it is written."""
        asked = self._asked(request, OneCheckForm)
        method, _colon, subject = id.partition(":")
        found = check(method, subject, on=asked["on"], policy=asked["policy"] or POLICIES[0].code)
        if found is None:
            cure = _("The list is at %(path)s.") % {"path": reverse("api-methodology-checks-list")}
            raise UnknownAddress(Flaw("unknown_code", "id", id, _("Nothing has this code."), cure))
        return Response(CheckInFullSerializer(found, context={"request": request}).data)

    @staticmethod
    def _asked(request: Request, form: type[forms.Form]) -> dict[str, Any]:
        """The parameters, the language taken up; `Problem` where one cannot be used."""
        check_parameters(request.query_params, form.base_fields, ())
        filled = form(request.query_params)
        if not filled.is_valid():
            raise Problem(*flaws_of(filled))
        if language := filled.cleaned_data["lang"]:
            translation.activate(language)
        return filled.cleaned_data
