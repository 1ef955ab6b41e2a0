"""Recomputations in the API, for administrators."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from accounts.permissions import Action, may
from common.rest.problems import MEDIA_TYPE, Conflict, Flaw, ProblemSerializer, problem_response
from programmes.models import ProgressRun
from programmes.services.running import RunInProgressError, cancel_run, start_run
from programmes.services.watching import Watched, watch
from programmes.tasks import set_going

LATEST = 100
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The number of the recomputation.")


REFUSALS = {
    403: "Nobody is logged in, or it is not yours to decide.",
    404: "There is no such recomputation.",
    409: "It cannot be done now.",
}


def answers(status: int, serializer: Any, *refusals: int) -> dict[Any, Any]:
    """What is answered, and the problems that there can be beside 403, which every address has."""
    refused = {
        (refusal, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, REFUSALS[refusal])
        for refusal in (403, *refusals)
    }
    return {status: serializer, **refused}


class MayAdminister(BasePermission):
    """Only those who administer."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the user may administer anywhere."""
        return may(request.user, Action.ADMINISTER)


class RecomputationSerializer(serializers.Serializer[Watched]):
    """A recomputation of everything, and how far it has come."""

    id = serializers.IntegerField(source="run.pk")
    state = serializers.ChoiceField(ProgressRun.State.choices, source="run.state")
    today = serializers.DateField(source="run.today", help_text="The day as of which it judges.")
    started_at = serializers.DateTimeField(source="run.started_at")
    finished_at = serializers.DateTimeField(source="run.finished_at", allow_null=True)
    started_by = serializers.EmailField(source="run.started_by.email", default=None, allow_null=True)
    kpis = serializers.IntegerField(source="run.kpis")
    parts = serializers.IntegerField()
    parts_done = serializers.IntegerField()
    rows = serializers.IntegerField(help_text="Rows of progress computed so far.")
    rows_per_second = serializers.FloatField(source="rate")
    seconds_left = serializers.SerializerMethodField()
    error = serializers.CharField(source="run.error")

    def get_seconds_left(self, watched: Watched) -> float | None:
        """The time that it will still take at this rate; null where that is not known."""
        return None if watched.left is None else watched.left.total_seconds()


class RecomputationViewSet(ViewSet):
    """Recomputations of everything: the latest ones, how far each has come; starting and cancelling."""

    permission_classes = (MayAdminister,)
    lookup_value_regex = "[0-9]+"

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    @extend_schema(summary="List recomputations", responses=answers(200, RecomputationSerializer(many=True)))
    def list(self, request: Request) -> Response:
        """The latest recomputations, newest first."""
        runs = ProgressRun.objects.select_related("started_by")[:LATEST]
        watched = RecomputationSerializer(instance=[watch(run) for run in runs], many=True)  # type: ignore[arg-type]
        return Response(watched.data)

    @extend_schema(
        summary="Get a recomputation", parameters=[ID], responses=answers(200, RecomputationSerializer, 404)
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """One recomputation."""
        return self._answer(self._run(pk))

    @extend_schema(
        summary="Recompute everything", request=None, responses=answers(201, RecomputationSerializer, 409)
    )
    def create(self, request: Request) -> Response:
        """Begins to recompute everything. 409 while that is being done already."""
        try:
            run = start_run(request.user)  # type: ignore[arg-type] # whoever may administer is a user
        except RunInProgressError as error:
            detail, cure = _("Everything is being recomputed already."), _("Wait for it, or cancel it.")
            raise Conflict(Flaw("recomputation_under_way", "", "", detail, cure)) from error
        set_going(run.pk)
        return self._answer(run, HTTPStatus.CREATED)

    @extend_schema(
        summary="Cancel a recomputation",
        parameters=[ID],
        request=None,
        responses=answers(200, RecomputationSerializer, 404, 409),
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stops it; results stay as they were. 409 where it has ended already."""
        run = self._run(pk)
        if not cancel_run(run.pk):
            detail, cure = _("This recomputation has ended already."), _("There is nothing to cancel.")
            raise Conflict(Flaw("recomputation_ended", "id", pk, detail, cure))
        return self._answer(self._run(pk))

    @staticmethod
    def _run(pk: str) -> ProgressRun:
        run = ProgressRun.objects.select_related("started_by").filter(pk=pk).first()
        if run is None:
            raise Http404
        return run

    @staticmethod
    def _answer(run: ProgressRun, status: int = HTTPStatus.OK) -> Response:
        return Response(RecomputationSerializer(watch(run)).data, status=status)
