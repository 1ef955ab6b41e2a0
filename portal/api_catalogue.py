"""The catalogue of open data for harvesters."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from common.rest.problems import MEDIA_TYPE, ProblemSerializer, check_parameters, problem_response
from portal.api_bulk import LATEST
from portal.dcat import Snapshot, catalogue
from portal.services.snapshots import DESCRIPTOR, read_descriptor, snapshots

JSON_LD = "application/ld+json"


class CatalogueView(APIView):
    """The open data of the portal, described by the vocabulary DCAT."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    @extend_schema(
        summary="Get the catalogue",
        operation_id="catalogue_retrieve",
        tags=["catalogue"],
        responses={
            (200, JSON_LD): OpenApiResponse(OpenApiTypes.OBJECT, "DCAT-AP as JSON-LD."),
            (400, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "It takes no parameters."),
            (429, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Too many requests in this minute."),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """Datasets with their distributions, publisher, licence, languages and periodicity (DCAT-AP)."""
        check_parameters(request.query_params, (), ())
        api = request.build_absolute_uri(reverse("api-catalogue")).removesuffix("catalogue.jsonld")
        newest = next(iter(snapshots()), None)
        snapshot = None
        if newest is not None:
            descriptor = request.build_absolute_uri(reverse("api-bulk-file", args=[LATEST, DESCRIPTOR]))
            snapshot = Snapshot(descriptor.removesuffix(DESCRIPTOR), read_descriptor(newest))
        return HttpResponse(orjson.dumps(catalogue(api, snapshot)), content_type=JSON_LD)
