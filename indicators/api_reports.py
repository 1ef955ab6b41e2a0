"""Reporting forms and reports in the API: read, handed in, decided on, by the rules of the pages."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Action, may
from accounts.repeating import PARAMETER, once
from common.rest.bodies import BadValueError, Member, read_object, shown, text
from common.rest.problems import Conflict, Flaw, Problem, UnknownAddress
from indicators.api_report_fields import (
    FullReportSerializer,
    ReportingFormSerializer,
    ReportSerializer,
    form_json,
    full_report_json,
    report_json,
)
from indicators.api_working import WorkingViewSet, problem_of, refused, unless_known
from indicators.desk import Desk, LineId, ReportId, reports_worked_on
from indicators.filters import ReportFilterSet
from indicators.messages import cell_error
from indicators.models import FormLine, Report, ReportingForm
from indicators.periods import Period, PeriodError
from indicators.reported import assignments
from indicators.services.entering import Place, ReportError, periods_to_report, record_looks
from indicators.services.reporting import (
    CellsError,
    approve_report,
    reopen_report,
    return_report,
    submit_report,
)
from indicators.sheets import Sheet
from indicators.tasks import published

LONGEST_REASON, LONGEST_LINE_REASON = 1000, 500
ID = OpenApiParameter("id", str, OpenApiParameter.PATH, description="`form:territory:period`.")
RELATED = "form__organisation", "form__source", "territory", "submitted_by", "decided_by"


class ReturnSerializer(serializers.Serializer[Any]):
    """Why a report is returned: for the whole, for single lines, or both."""

    reason = serializers.CharField(required=False, max_length=LONGEST_REASON)
    lines = serializers.DictField(
        required=False, child=serializers.CharField(max_length=LONGEST_LINE_REASON),
        help_text="Reasons by lines: `indicator:breakdown`.",
    )  # fmt: skip


def unknown(value: str) -> UnknownAddress:
    """That there is no such report, or that it is nobody's business who asks."""
    cure = _("Forms, territories, periods and lines are at /api/v1/reporting-forms/.")
    return UnknownAddress(Flaw("unknown_code", "id", value, _("Nothing of yours has this id."), cure))


class ReportingFormViewSet(WorkingViewSet):
    """What the caller is to report: forms with their lines, territories and periods."""

    serializer_class = ReportingFormSerializer
    filter_backends: Any = ()
    pagination_class: Any = None
    queryset = ReportingForm.objects.none()
    lookup_field = "code"
    taken: ClassVar = {"list": Action.ENTER}

    @extend_schema(
        summary="List reporting forms",
        responses={200: ReportingFormSerializer(many=True), **refused()},
    )
    def list(self, request: Request) -> HttpResponseBase:
        """The forms that are yours to fill in, with all that an entry needs."""
        territories: dict[ReportingForm, list[str]] = {}
        for form, territory in assignments(request.user, Action.ENTER):  # type: ignore[arg-type]
            territories.setdefault(form, []).append(territory.code)
        lines = FormLine.objects.select_related("indicator__unit", "breakdown")
        prefetch_related_objects([*territories], "source", Prefetch("lines", lines))
        answer = [
            form_json(form, list(form.lines.all()), sorted(places), periods_to_report(form))
            for form, places in territories.items()
        ]
        return unless_known(request, Response(answer))


class ReportViewSet(WorkingViewSet):
    """Reports: those that the caller fills in, and those that were submitted to him."""

    serializer_class = ReportSerializer
    filterset_class = ReportFilterSet
    queryset = Report.objects.none()
    taken: ClassVar = {
        "submit": Action.ENTER,
        "reopen": Action.ENTER,
        "approve": Action.APPROVE,
        "send_back": Action.APPROVE,
    }

    @extend_schema(summary="List reports", responses={200: ReportSerializer(many=True), **refused()})
    def list(self, request: Request) -> HttpResponseBase:
        """The reports that were begun."""
        rows = reports_worked_on(request.user).select_related(*RELATED)  # type: ignore[arg-type]
        return self.answer_list(rows, lambda page: [report_json(report) for report in page])

    @extend_schema(
        summary="Get a report", parameters=[ID], responses={200: FullReportSerializer, **refused(404)}
    )
    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        """One report with its lines: what is typed, what is published, what is doubtful."""
        report = self._readable(id)
        record_looks(reports=[report], by=request.user)  # type: ignore[arg-type]
        return unless_known(request, _answer(report))

    @extend_schema(
        summary="Submit a report", parameters=[ID, PARAMETER], request=None,
        responses={200: FullReportSerializer, **refused(404, 409, 422)},
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @once
    def submit(self, request: Request, id: str) -> Response:
        """Hands the report in. Warnings and changes of published figures need comments first."""
        self._takes(request, {})
        return self._done(id, lambda report: submit_report(report=report, by=request.user))  # type: ignore[arg-type]

    @extend_schema(
        summary="Reopen a report", parameters=[ID, PARAMETER], request=None,
        responses={200: FullReportSerializer, **refused(404, 409, 422)},
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @once
    def reopen(self, request: Request, id: str) -> Response:
        """Opens an approved report, to correct what was published."""
        self._takes(request, {})
        return self._done(id, lambda report: reopen_report(report=report, by=request.user))  # type: ignore[arg-type]

    @extend_schema(
        summary="Approve a report", parameters=[ID, PARAMETER], request=None,
        responses={200: FullReportSerializer, **refused(404, 409, 422)},
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @once
    def approve(self, request: Request, id: str) -> Response:
        """Publishes a submitted report. Nobody approves what he typed or submitted himself."""
        self._takes(request, {})
        answer = self._done(id, lambda report: approve_report(report=report, by=request.user))  # type: ignore[arg-type]
        transaction.on_commit(published)
        return answer

    @extend_schema(
        summary="Return a report", parameters=[ID, PARAMETER], request=ReturnSerializer,
        responses={200: FullReportSerializer, **refused(404, 409, 411, 413, 415, 422)},
        examples=[
            OpenApiExample(
                "Reasons",
                {"reason": "One figure is of another year", "lines": {"central-water-access:_T": "Of 2023?"}},
                request_only=True,
            )
        ],
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="return")
    @once
    def send_back(self, request: Request, id: str) -> Response:
        """Gives a submitted report back with reasons."""
        sent = self._takes(
            request, {"reason": Member(text(LONGEST_REASON), ""), "lines": Member(_reasons, {})}
        )

        def give_back(report: Report) -> None:
            cells = _places(report, sent["lines"])
            return_report(report=report, by=request.user, reason=sent["reason"], cells=cells)  # type: ignore[arg-type]

        return self._done(id, give_back)

    @staticmethod
    def _takes(request: Request, members: dict[str, Member]) -> dict[str, Any]:
        """The body, which may be left out. Raises `Problem`."""
        found, flaws = read_object(request.data or {}, members)
        if flaws:
            raise Problem(*flaws)
        return found

    def _readable(self, id: str) -> Report:
        """The report of the id; one that is not begun is not stored. Raises `UnknownAddress`."""
        key, period = _parsed(id)
        rows = reports_worked_on(self.request.user).select_related(*RELATED)  # type: ignore[arg-type]
        found = rows.filter(
            form__code=key.form, territory__code=key.territory, period_start=period.start,
            form__frequency=period.frequency,
        ).first()  # fmt: skip
        if found is not None:
            return found
        try:
            return Desk(self.request.user).report(key)  # type: ignore[arg-type]
        except ReportError as error:
            raise problem_of(error, id) from error

    def _done(self, id: str, act: Callable[[Report], object]) -> Response:
        """The report after the action. Raises `Problem`."""
        report = self._readable(id)
        if not may(self.request.user, self.taken[self.action], report.territory, report.form.organisation):
            raise unknown(id)
        try:
            act(report)
        except CellsError as error:
            raise Conflict(*_lacking(report, error)) from error
        except ReportError as error:
            raise problem_of(error, id) from error
        return _answer(self._readable(id))


def _parsed(id: str) -> tuple[ReportId, Period]:
    parts = id.split(":")
    if len(parts) != len(ReportId._fields) or "\0" in id:
        raise unknown(id)
    key = ReportId(*parts)
    try:
        return key, Period.parse(key.period)
    except PeriodError as error:
        raise problem_of(ReportError("bad_period", text=key.period), id) from error


def _answer(report: Report) -> Response:
    return Response(full_report_json(Sheet(report.form, report.period, [report]), report))


def _reasons(value: Any) -> dict[str, str]:
    """Reasons by lines."""
    if not isinstance(value, dict):
        raise BadValueError(_("This is not a JSON object."), _("Send an object: {…}."))
    return {name: text(LONGEST_LINE_REASON)(reason) for name, reason in value.items()}


def _places(report: Report, reasons: dict[str, str]) -> dict[Place, str]:
    """The reasons by the places of the lines in the form. Raises `Problem`."""
    rows = report.form.lines.select_related("indicator", "breakdown")
    lines = {str(LineId.of(line)): line.place for line in rows}
    flaws = [
        Flaw(
            "unknown_code", "lines", shown(name), _("The form has no such line."),
            _("Lines of this report: %(names)s.") % {"names": ", ".join(lines)},
        )
        for name in reasons
        if name not in lines
    ]  # fmt: skip
    if flaws:
        raise Problem(*flaws)
    return {lines[name]: reason for name, reason in reasons.items()}


def _lacking(report: Report, error: CellsError) -> list[Flaw]:
    """What single lines lack."""
    rows = report.entries.select_related("indicator", "breakdown")
    cure = _("Save the entry with a comment; a file is attached on the sheet's page.")
    return [
        Flaw(code, str(LineId.of(entry)), str(entry.value), cell_error(code), cure)
        for entry in rows
        if (code := error.cells.get(entry.place))
    ]
