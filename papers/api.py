"""Papers in the API: ordered, watched while a worker makes them, and fetched in each format."""

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from accounts.authentication import ApiKeyAuthentication, KeyScope
from accounts.permissions import Action, may
from accounts.services.keys import Scope
from common.rest.bodies import Member, StrictJsonParser, check_body, one_of, read_object, text, whole_number
from common.rest.fields import Reference
from common.rest.problems import (
    MEDIA_TYPE,
    Flaw,
    Forbidden,
    Problem,
    ProblemSerializer,
    TooManyRequests,
    UnknownAddress,
    check_parameters,
    flaws_of,
    problem_response,
)
from papers.forms import FORMS, OrderForm
from papers.messages import paper_error
from papers.models import Paper, PaperFile
from papers.services.ordering import PaperError, order_paper
from papers.tasks import send

LATEST = 100
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The number of the paper.")
LONGEST_CODE = 100
MEMBERS = {name: Member(whole_number) for name in ("first_year", "last_year")}
"""How the fields of an order are read that are no texts."""
EVERYWHERE = {
    401: "Nobody is logged in, or the key opens nothing.",
    403: "To order papers takes a mandate, and of a key the scope.",
    429: "Too many requests, or too many papers in this hour.",
}
KINDS = {"not_allowed": Forbidden, "too_many": TooManyRequests}
"""What kind of problem an error of an order is."""


class MayOrder(BasePermission):
    """Only those who may order papers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the user may order any."""
        return may(request.user, Action.ORDER)


class PaperFileSerializer(serializers.Serializer[PaperFile]):
    """A paper in one format."""

    format = serializers.ChoiceField(PaperFile.Format.choices)
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    address = serializers.SerializerMethodField(help_text="Where everybody can fetch it.")

    def get_address(self, file: PaperFile) -> str:
        """The address on the host that was asked."""
        path = reverse("papers:paper-file", args=[file.paper_id, file.format])
        return str(self.context["request"].build_absolute_uri(path))


class PaperSerializer(serializers.Serializer[Paper]):
    """A paper that somebody ordered, and how far it has got."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(Paper.Kind.choices)
    language = serializers.CharField()
    programme = Reference("programme.code", allow_null=True)
    territory = Reference("territory.code", allow_null=True)
    first_year = serializers.IntegerField(allow_null=True)
    last_year = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(Paper.State.choices)
    percent = serializers.IntegerField()
    title = serializers.CharField(help_text="Empty until it is ready.")
    failure = serializers.SerializerMethodField(help_text="Why it could not be made, and what to do.")
    figures_on = serializers.DateField(allow_null=True, help_text="The day as of which its figures are.")
    revision = serializers.IntegerField(
        allow_null=True, help_text="The last revision of figures that it knows: see `/revisions/`."
    )
    ordered_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    files = PaperFileSerializer(many=True)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_failure(self, paper: Paper) -> str | None:
        """In the language of the request."""
        return paper_error(paper.failure) if paper.failure else None


class OrderSerializer(serializers.Serializer[Any]):
    """What a paper is to be about: `programme` of a programme (with years), of a strategy or of data quality,
    `territory` of monotowns."""

    kind = serializers.ChoiceField(Paper.Kind.choices)
    language = serializers.ChoiceField(["kk", "ru", "en"])
    programme = serializers.CharField(required=False, help_text="Code of the programme.")
    territory = serializers.CharField(required=False, help_text="Code of the town; left out: all of them.")
    first_year = serializers.IntegerField(required=False)
    last_year = serializers.IntegerField(required=False)


def answers(*statuses: int, written: Any = PaperSerializer) -> dict[Any, Any]:
    """The paper at all statuses below 400, problems at the others and at those that every address has."""
    problems = EVERYWHERE | {
        400: "Something is missing or wrong.",
        404: "There is no such paper.",
        413: "The body is too large.",
    }
    refused = {each for each in statuses if each >= HTTPStatus.BAD_REQUEST} | set(EVERYWHERE)
    return {
        **{each: OpenApiResponse(written, "As it is now.") for each in statuses if each not in refused},
        **{
            (each, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, problems[each]) for each in sorted(refused)
        },
    }


class PaperViewSet(ViewSet):
    """Reports for paper: as PDF, Word and Excel files, kept with the figures that they rest on."""

    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    permission_classes = (MayOrder, KeyScope)
    throttle_scope = "working"
    parser_classes = (StrictJsonParser,)
    lookup_value_regex = "[0-9]+"
    most_bytes = 4096

    def scopes(self) -> set[Scope]:
        """What a key must be issued for."""
        return {Scope.PAPERS}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses bodies that are too large and parameters that would be ignored."""
        check_body(request, self.most_bytes)
        super().initial(request, *args, **kwargs)
        check_parameters(request.query_params, (), ())

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    @extend_schema(summary="List papers", responses=answers(200, written=PaperSerializer(many=True)))
    def list(self, request: Request) -> Response:
        """The latest 100 papers, newest first."""
        return Response(self._written(self._visible(request)[:LATEST], many=True))

    @extend_schema(summary="Get a paper", parameters=[ID], responses=answers(200, 404))
    def retrieve(self, request: Request, pk: str) -> Response:
        """One paper: ask for it until its state is `ready`, then fetch its files."""
        found = self._visible(request).filter(pk=pk).first() if len(pk) < 19 else None
        if found is None:
            detail, cure = _("There is no such paper."), _("Take its number from the list of papers.")
            raise UnknownAddress(Flaw("unknown_code", "id", pk, detail, cure))
        return Response(self._written(found))

    @extend_schema(summary="Order a paper", request=OrderSerializer, responses=answers(200, 201, 400, 413))
    def create(self, request: Request) -> Response:
        """Has a paper made by a worker: 201; 200 where the same was made of the same figures today."""
        order = self._order(request.data)
        try:
            with transaction.atomic():
                paper = order_paper(by=request.user, **order)  # type: ignore[arg-type] # `MayOrder` wants a user
                if paper.is_waiting:
                    transaction.on_commit(lambda: send(paper.pk))
        except PaperError as error:
            said = paper_error({"code": error.code, **error.params})
            problem = KINDS[error.code](Flaw(error.code, "kind", order["kind"], said, ""))
            problem.wait = error.wait
            raise problem from error
        status = HTTPStatus.CREATED if paper.is_waiting else HTTPStatus.OK
        return Response(self._written(paper), status=status)

    @staticmethod
    def _order(body: object) -> dict[str, Any]:
        """What the form of its kind makes of the body; `Problem` names what is wrong."""
        kinds = {"kind": Member(one_of(Paper.Kind.values), is_required=True)}
        sent = body if isinstance(body, dict) else {}
        form = FORMS.get(str(sent.get("kind")), OrderForm)(sent)
        members = {name: MEMBERS.get(name, Member(text(LONGEST_CODE))) for name in form.fields}
        _read, flaws = read_object(body, kinds | members)
        if flaws or not form.is_valid():
            raise Problem(*(flaws or flaws_of(form)))
        return {"kind": Paper.Kind(sent["kind"]), **form.cleaned_data}

    def _written(self, papers: Any, **kwargs: Any) -> Any:
        return PaperSerializer(papers, context={"request": self.request}, **kwargs).data

    @staticmethod
    def _visible(request: Request) -> Any:
        found = Paper.objects.visible_to(request.user).select_related("programme", "territory")
        return found.defer("contents").prefetch_related("files")
