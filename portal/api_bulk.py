"""Bulk snapshots in the API: which there are, and their files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.rest.problems import (
    MEDIA_TYPE,
    Flaw,
    ProblemSerializer,
    UnknownAddress,
    check_parameters,
    problem_response,
)
from portal.services.snapshots import DESCRIPTOR, read_descriptor, snapshots

LATEST = "latest"
PIECE = 1 << 18
MEDIA_TYPES = {".gz": "application/gzip", ".csv": "text/csv; charset=utf-8", ".json": "application/json"}


class BulkFileSerializer(serializers.Serializer[Any]):
    """A file of a snapshot."""

    name = serializers.CharField()
    address = serializers.URLField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class SnapshotSerializer(serializers.Serializer[Any]):
    """Everything that was published at one moment."""

    name = serializers.CharField()
    made_at = serializers.DateTimeField()
    descriptor = serializers.URLField(help_text="The Data Package: tables, fields, types, keys, checksums.")
    files = BulkFileSerializer(many=True)


class BulkListSerializer(serializers.Serializer[Any]):
    """The snapshots that are kept."""

    results = SnapshotSerializer(many=True)


class BulkView(APIView):
    """The bulk snapshots."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    @extend_schema(
        summary="List bulk snapshots",
        responses={
            (200, "application/json"): OpenApiResponse(BulkListSerializer, "The snapshots."),
            (400, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "It takes no parameters."),
            (429, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Too many requests in this minute."),
        },
    )
    def get(self, request: Request) -> Response:
        """Snapshots of everything that is published, the newest first.

        A snapshot is made every night where anything has changed: a gzipped CSV of each table, a code book in
        three languages, and a Frictionless Data Package. In an address, `latest` is the newest one.
        """
        check_parameters(request.query_params, (), ())
        return Response({"results": [_described(request, each) for each in snapshots()]})


def _described(request: Request, snapshot: Path) -> dict[str, Any]:
    package = read_descriptor(snapshot)

    def address(name: str) -> str:
        return request.build_absolute_uri(reverse("api-bulk-file", args=[snapshot.name, name]))

    files = [
        {
            "name": each["path"],
            "address": address(each["path"]),
            "bytes": each["bytes"],
            "sha256": each["hash"].removeprefix("sha256:"),
        }
        for each in package["resources"]
    ]
    return {
        "name": snapshot.name,
        "made_at": package["created"],
        "descriptor": address(DESCRIPTOR),
        "files": files,
    }


@csrf_exempt
@require_safe
def bulk_file(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    """A file of a snapshot; `latest` leads on to the newest. A file never changes, and keeps its address."""
    snapshot = next((each for each in snapshots() if name in {each.name, LATEST}), None)
    resources = read_descriptor(snapshot)["resources"] if snapshot else []
    listed = {each["path"]: each["hash"] for each in resources}
    if snapshot is None or file not in {*listed, DESCRIPTOR}:
        cure = _("The list is at %(path)s.") % {"path": reverse("api-bulk")}
        return UnknownAddress(
            Flaw("unknown_code", "file", file, _("Nothing has this code."), cure)
        ).response()
    if name == LATEST:
        return HttpResponseRedirect(reverse("api-bulk-file", args=[snapshot.name, file]))
    path = snapshot / file
    etag = f'"{listed.get(file, snapshot.name)}"'
    modified = int(path.stat().st_mtime)
    fresh = get_conditional_response(request, etag=etag, last_modified=modified)
    response = fresh or _file(request, path)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _file(request: HttpRequest, path: Path) -> StreamingHttpResponse:
    if path.suffix == ".gz":
        # It is compressed already: nothing shall compress it again on its way out.
        request.META.pop("HTTP_ACCEPT_ENCODING", None)
    pieces = _pieces(path) if request.method == "GET" else ()
    response = StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[path.suffix])
    response.headers["Content-Length"] = str(path.stat().st_size)
    response.headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return response


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
