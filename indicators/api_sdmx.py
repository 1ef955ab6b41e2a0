"""The structure of the figures for readers of SDMX."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from common.rest.problems import MEDIA_TYPE, ProblemSerializer, check_parameters, problem_response
from indicators.sdmx.structure import MEDIA_TYPE as SDMX_ML
from indicators.sdmx.structure import structure_message


class SdmxStructureView(APIView):
    """Code lists, concepts, the data structure definition and the data flow of the observations."""

    is_published: ClassVar = True
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    @extend_schema(
        summary="Get the SDMX structure",
        responses={
            (200, SDMX_ML): OpenApiResponse(OpenApiTypes.STR, "SDMX-ML 3.0."),
            (400, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "It takes no parameters."),
            (429, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Too many requests in this minute."),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """What `/observations/?format=sdmx-csv` is valid against, as an SDMX-ML 3.0 structure message.

        Codes are those of this API. An area's KATO code and the code of the Bureau of National Statistics
        are its annotations.
        """
        check_parameters(request.query_params, (), ())
        return HttpResponse(structure_message(timezone.now()), content_type=SDMX_ML)
