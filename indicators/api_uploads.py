"""Uploads in the API: the same way as on the pages, for a person who is logged in or by a key."""

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from accounts.authentication import ApiKeyAuthentication, KeyScope
from accounts.permissions import Action, may
from accounts.services.keys import Scope
from common.rest.fields import Reference
from common.rest.problems import (
    MEDIA_TYPE,
    Conflict,
    Flaw,
    Forbidden,
    Problem,
    ProblemSerializer,
    UnknownAddress,
    flaws_of,
    problem_response,
)
from indicators import messages
from indicators.forms import UploadRequestForm
from indicators.models import StagedFigure, Upload
from indicators.services.reverting import revert_upload
from indicators.services.uploading import UploadError, confirm_upload, receive_upload
from indicators.tasks import process

LATEST = 100
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The number of the upload.")
KINDS: dict[str, type[Problem]] = {
    "reason_required": Problem,
    "foreign_source": Forbidden,
    "outside_mandate": Forbidden,
}
"""What kind of problem an error of an upload is; any other is a conflict."""


class MayUpload(BasePermission):
    """Only those who may send in figures somewhere."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the user may upload anywhere."""
        return may(request.user, Action.UPLOAD)


class FailureSerializer(serializers.Serializer[Any]):
    """Why nothing can be done with the file as it is."""

    code = serializers.CharField(help_text="Stable code.")
    detail = serializers.CharField(help_text="What is wrong and what helps, in the language of the request.")


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """A file on its way in, and how far it has got."""

    source = Reference("source.code")  # type: ignore[assignment]
    indicator = Reference("indicator.code", allow_null=True)
    sent_by = serializers.EmailField(source="user.email")
    state = serializers.ChoiceField(Upload.State.choices)
    counts = serializers.DictField(
        help_text="Figures by what they change: `new`, `changed`, `unchanged`, `rejected`, `missing`; then "
        "`published` and `undone`."
    )
    recognised = serializers.ListField(
        child=serializers.DictField(), help_text="What was found, table by table."
    )
    failure = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="Where people look at it.")
    problems = serializers.SerializerMethodField(
        help_text="The page of its rejected cells; null where there are none."
    )

    class Meta:
        model = Upload
        fields = (
            "id", "state", "file_name", "size", "sha256", "source", "indicator", "reason", "sent_by",
            "created_at", "applied_at", "reverted_at", "counts", "recognised", "failure", "page", "problems",
        )  # fmt: skip

    @extend_schema_field(FailureSerializer(allow_null=True))
    def get_failure(self, upload: Upload) -> dict[str, str] | None:
        """Code and message."""
        if upload.failure is None:
            return None
        code = upload.failure["code"]
        return {"code": code, "detail": messages.failure(code, upload.failure["params"])}

    def get_page(self, upload: Upload) -> str:
        """The address of its page."""
        path = reverse("indicators:upload-detail", args=[upload.pk])
        return str(self.context["request"].build_absolute_uri(path))

    def get_problems(self, upload: Upload) -> str | None:
        """The address of the list of rejected cells."""
        rejected = StagedFigure.Change.REJECTED.value
        return f"{self.get_page(upload)}?show={rejected}" if upload.counts.get(rejected) else None


class UploadRequestSerializer(serializers.Serializer[Any]):
    """A file, and what it is."""

    file = serializers.FileField(help_text="CSV, XLSX, XLS, ODS or JSON.")
    source = serializers.CharField(help_text="Code of the source, from /api/v1/sources/.")  # type: ignore[assignment]
    indicator = serializers.CharField(
        required=False, help_text="Code of the indicator; left out, it is recognised."
    )
    reason = serializers.CharField(
        required=False, help_text="Why published figures change. Readers will see it."
    )
    confirm = serializers.BooleanField(
        required=False, help_text="true: published as soon as it is read, unless a cell is rejected."
    )


class ReasonSerializer(serializers.Serializer[Any]):
    """Why published figures change."""

    reason = serializers.CharField(required=False, help_text="Readers will see it.")


def answers(*statuses: int) -> dict[Any, Any]:
    """The upload at the first status, problems at the others and at those that every address has."""
    found = {statuses[0]: OpenApiResponse(UploadSerializer, "The upload as it is now.")}
    problems = {400: "Something is missing or wrong.", 404: "There is no such upload.",
                409: "It cannot be done now."}  # fmt: skip
    everywhere = {401: "Nobody is logged in, or the key opens nothing.", 403: "It is not yours to decide.",
                  429: "Too many requests: the header Retry-After says when to ask again."}  # fmt: skip
    said = {status: problems[status] for status in statuses[1:]} | everywhere
    refused = {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, text) for status, text in said.items()
    }
    return {**found, **refused}


class UploadViewSet(ViewSet):
    """Files on their way in: one's own and one's colleagues'."""

    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    permission_classes = (MayUpload, KeyScope)
    throttle_scope = "uploads"
    parser_classes = (MultiPartParser, FormParser, JSONParser)
    lookup_value_regex = "[0-9]+"

    def scopes(self) -> set[Scope]:
        """What a key must be issued for."""
        return {Scope.UPLOADS}

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    @extend_schema(
        summary="List uploads",
        responses={**answers(200), 200: OpenApiResponse(UploadSerializer(many=True), "The latest uploads.")},
    )
    def list(self, request: Request) -> Response:
        """The latest 100 uploads, newest first."""
        return Response(self._written(self._visible(request)[:LATEST], many=True))

    @extend_schema(summary="Get an upload", parameters=[ID], responses=answers(200, 404))
    def retrieve(self, request: Request, pk: str) -> Response:
        """One upload: its state, what was recognised, and what it changes."""
        return Response(self._written(self._upload(request, pk)))

    @extend_schema(
        summary="Send in a file",
        request={"multipart/form-data": UploadRequestSerializer},
        responses=answers(201, 400),
    )
    def create(self, request: Request) -> Response:
        """Takes a file in. It is read by a worker: ask for the upload until its state is `previewed`."""
        form = UploadRequestForm(request.user, request.data, request.FILES)  # type: ignore[arg-type]
        if not form.is_valid():
            raise Problem(*flaws_of(form))
        fields = form.cleaned_data
        with transaction.atomic():
            upload = receive_upload(
                file=fields["file"], user=request.user, source=fields["source"],  # type: ignore[arg-type]
                indicator=fields["indicator"], reason=fields["reason"], confirms_itself=fields["confirm"],
            )  # fmt: skip
            transaction.on_commit(lambda: process(upload))
        return Response(self._written(upload), status=HTTPStatus.CREATED)

    @extend_schema(
        summary="Publish what an upload changes",
        parameters=[ID],
        request=ReasonSerializer,
        responses=answers(200, 400, 404, 409),
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Decides that a previewed upload is to be published; a worker does it."""
        return self._decide(confirm_upload, request, pk)

    @extend_schema(
        summary="Undo an upload",
        parameters=[ID],
        request=ReasonSerializer,
        responses=answers(200, 400, 404, 409),
    )
    @action(detail=True, methods=["post"])
    def revert(self, request: Request, pk: str) -> Response:
        """Decides that an applied upload is to be undone; a worker does it. It needs a reason."""
        return self._decide(revert_upload, request, pk)

    def _decide(self, service: Any, request: Request, pk: str) -> Response:
        upload = self._upload(request, pk)
        reason = str(request.data.get("reason", "") if hasattr(request.data, "get") else "")[:500]
        try:
            with transaction.atomic():
                decided = service(upload=upload, by=request.user, reason=reason)
                transaction.on_commit(lambda: process(decided))
        except UploadError as error:
            said = messages.upload_error(error.code, error.params)
            kind = KINDS.get(error.code, Conflict)
            raise kind(
                Flaw(error.code, "reason" if kind is Problem else "id", reason or pk, said, "")
            ) from error
        return Response(self._written(decided))

    def _written(self, upload: Any, **kwargs: Any) -> Any:
        return UploadSerializer(upload, context={"request": self.request}, **kwargs).data

    @staticmethod
    def _visible(request: Request) -> Any:
        return Upload.objects.visible_to(request.user).select_related("source", "indicator", "user")  # type: ignore[arg-type]

    def _upload(self, request: Request, pk: str) -> Upload:
        upload: Upload | None = self._visible(request).filter(pk=pk).first() if len(pk) < 19 else None
        if upload is None:
            detail, cure = _("There is no such upload."), _("Take its number from the list of uploads.")
            raise UnknownAddress(Flaw("unknown_code", "id", pk, detail, cure))
        return upload
