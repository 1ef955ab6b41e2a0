"""Entries in the API: the figures of reports, one by one or thousands at once, by the rules of the grid."""

from collections import Counter
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Action
from accounts.repeating import PARAMETER, once
from common.rest.bodies import Member, figure, one_of, read_object, shown, text, whole_number
from common.rest.problems import Flaw, Problem, Unprocessable, flaw_json
from indicators.api_report_fields import (
    LONGEST_COMMENT,
    BulkSerializer,
    ConflictProblemSerializer,
    EntrySerializer,
    Json,
    JudgedEntrySerializer,
    RowsProblemSerializer,
    SentRowsSerializer,
    SentSerializer,
    entry_json,
    row_json,
    saved_json,
    warnings_json,
)
from indicators.api_reports import unknown
from indicators.api_working import (
    IF_MATCH,
    WorkingViewSet,
    flaw_of,
    problem_of,
    refusal,
    refused,
    tag_of,
    unless_known,
)
from indicators.desk import LineId, ReportId, reports_worked_on
from indicators.fields import MISSING_STATUSES, Status
from indicators.filters import TOTAL, EntryFilterSet
from indicators.models import Entry
from indicators.services.entering import ConflictError, ReportError, record_looks
from indicators.services.entering_many import REFUSED, Outcome, Row, save_rows
from indicators.services.warning import find_warnings

MOST_ROWS, MOST_BULK_BYTES = 10_000, 16 * 1024 * 1024
LONGEST_CODE = 200
NEVER_SAVED = 2**31 - 1
"""A version that no entry has."""

ALL_OR_NOTHING, PER_ROW = "all_or_nothing", "per_row"
SAID = {
    "value": Member(figure, is_required=True),
    "status": Member(one_of(Status.values), Status.NORMAL.value),
    "comment": Member(text(LONGEST_COMMENT), ""),
}
PLACE = {
    "form": Member(text(LONGEST_CODE), "", is_required=True),
    "territory": Member(text(LONGEST_CODE), "", is_required=True),
    "period": Member(text(LONGEST_CODE), "", is_required=True),
    "indicator": Member(text(LONGEST_CODE), "", is_required=True),
    "breakdown": Member(text(LONGEST_CODE), TOTAL),
}
ROW = {**PLACE, **SAID, "version": Member(whole_number)}
ID = OpenApiParameter(
    "id", str, OpenApiParameter.PATH, description="`form:territory:period:indicator:breakdown`."
)
HEADERS = [
    OpenApiParameter(
        "If-Match", str, OpenApiParameter.HEADER,
        description="The ETag of the figure that is to be replaced, or its version in quotation marks; "
        "`*` replaces whichever is there. Required where a figure is there.",
    ),
    OpenApiParameter(
        "If-None-Match", str, OpenApiParameter.HEADER, description="`*`: only if nothing is there yet."
    ),
    PARAMETER,
]  # fmt: skip
MODE = [
    OpenApiParameter(
        "mode", str, enum=[ALL_OR_NOTHING, PER_ROW], default=ALL_OR_NOTHING,
        description="Whether one row that cannot be saved keeps all others.",
    ),
    OpenApiParameter(
        "dry_run", str, enum=["true", "false"], default="false",
        description="true: says what would become of each row, and stores nothing.",
    ),
    PARAMETER,
]  # fmt: skip
EXAMPLE = {"value": 99.4, "status": "A", "comment": "The network was extended in May."}
EXAMPLE_ROW = {
    "form": "almaty-2025-annual", "territory": "almaty", "period": "2024",
    "indicator": "central-water-access", "breakdown": TOTAL, "value": "99.4", "version": 3,
}  # fmt: skip


@dataclass(frozen=True)
class RowFlaw(Flaw):
    """What is wrong with a row, counted from 1."""

    row: int
    theirs: Json | None = None


class EntryViewSet(WorkingViewSet):
    """Figures of reports: read, typed, corrected."""

    serializer_class = EntrySerializer
    filterset_class = EntryFilterSet
    queryset = Entry.objects.none()
    http_method_names = ("get", "put", "post", "head", "options")
    taken: ClassVar = {"update": Action.ENTER, "bulk": Action.ENTER}
    also_take: ClassVar = {"bulk": frozenset({"mode", "dry_run"})}

    @property
    def most_bytes(self) -> int:  # type: ignore[override]
        """Thousands of figures take more room than one."""
        return MOST_BULK_BYTES if self.action == "bulk" else WorkingViewSet.most_bytes

    @extend_schema(summary="List entries", responses={200: EntrySerializer(many=True), **refused()})
    def list(self, request: Request) -> HttpResponseBase:
        """The figures of the reports that you work on."""

        def write(page: list[Entry]) -> list[Json]:
            record_looks(reports={entry.report for entry in page}, by=request.user)  # type: ignore[arg-type]
            return [entry_json(entry) for entry in page]

        return self.answer_list(self._visible(), write)

    @extend_schema(
        summary="Get an entry", parameters=[ID], responses={200: JudgedEntrySerializer, **refused(404)}
    )
    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        """One figure. Its ETag begins with its version."""
        report, line = _parsed(id)
        entry = self._found(report, line)
        if entry is None:
            raise unknown(id)
        record_looks(reports=[entry.report], by=request.user)  # type: ignore[arg-type]
        others = Entry.objects.filter(report=entry.report).select_related("breakdown")
        found = find_warnings([entry.report], others, {entry.indicator_id})
        warnings = [warning for warning in found if warning.key[1:] == entry.place]
        answer = {**entry_json(entry), "warnings": warnings_json(warnings, entry)}
        return unless_known(request, Response(answer), str(entry.version))

    @extend_schema(
        summary="Save an entry", parameters=[ID, *HEADERS], request=SentSerializer,
        responses={
            200: JudgedEntrySerializer, 201: JudgedEntrySerializer,
            **refused(404, 409, 411, 413, 415, 422, 428),
            **refusal(412, ConflictProblemSerializer),
        },
        examples=[OpenApiExample("A figure with its reason", EXAMPLE, request_only=True)],
    )  # fmt: skip
    @once
    def update(self, request: Request, id: str) -> Response:
        """Puts a figure into a cell of a report that is open. With its first figure a report is begun.

        What is doubtful is stored and asked about in `warnings`.
        """
        report, line = _parsed(id)
        said, flaws = read_object(request.data, SAID)
        if flaws := flaws or _contradiction(said):
            raise Problem(*flaws)
        row = Row(1, report, line, **said, version=self._version(report, line))
        [outcome] = save_rows(rows=[row], by=request.user)  # type: ignore[arg-type]
        if outcome.error is not None:
            raise self._refused(outcome, outcome.error, id)
        if outcome.entry is None:  # an empty cell was left empty
            raise unknown(id)
        answer = {**entry_json(outcome.entry), "warnings": warnings_json(outcome.warnings, outcome.entry)}
        status = HTTPStatus.CREATED if outcome.done == "created" else HTTPStatus.OK
        return Response(answer, status, headers={"ETag": tag_of(answer, str(outcome.entry.version))})

    @extend_schema(
        summary="Save many entries", parameters=MODE, request=SentRowsSerializer,
        responses={
            200: BulkSerializer, **refused(409, 411, 413, 415), **refusal(422, RowsProblemSerializer)
        },
        examples=[OpenApiExample("One row", {"entries": [EXAMPLE_ROW]}, request_only=True)],
    )  # fmt: skip
    @action(detail=False, methods=["post"])
    @once
    def bulk(self, request: Request) -> Response:
        """Saves up to 10,000 figures of any of your reports: all of them or none, or each by itself."""
        mode, is_dry_run = _mode(request)
        rows, flaws = _rows(request.data)
        is_whole = mode == ALL_OR_NOTHING
        outcomes = save_rows(
            rows=[] if is_whole and flaws and not is_dry_run else rows, by=request.user,  # type: ignore[arg-type]
            is_all_or_nothing=is_whole, is_dry_run=is_dry_run,
        )  # fmt: skip
        for outcome in outcomes:
            if outcome.error is not None:
                flaws.setdefault(outcome.row.number, []).append(_row_flaw(outcome, outcome.error))
        if is_whole and flaws and not is_dry_run:
            raise Unprocessable(*(flaw for number in sorted(flaws) for flaw in flaws[number]))
        return Response(_answer(mode, outcomes, flaws, is_dry_run=is_dry_run))

    def _visible(self) -> Any:
        reports = reports_worked_on(self.request.user)  # type: ignore[arg-type]
        related = (
            "report__form__source", "report__territory", "indicator__unit", "breakdown", "changed_by",
        )  # fmt: skip
        return Entry.objects.filter(report__in=reports).select_related(*related)

    def _found(self, report: ReportId, line: LineId) -> Entry | None:
        rows = self._visible().filter(
            report__form__code=report.form, report__territory__code=report.territory,
            indicator__code=line.indicator, breakdown__code="" if line.breakdown == TOTAL else line.breakdown,
        )  # fmt: skip
        return next((row for row in rows if str(row.report.period) == report.period), None)

    def _version(self, report: ReportId, line: LineId) -> int | None:
        """The version that the client saw, by its conditions; None where it says nothing."""
        sent = self.request.headers.get("If-Match")
        if self.request.headers.get("If-None-Match") == "*":
            return 0
        if sent is None:
            return None
        if sent.strip() == "*":
            found = self._found(report, line)
            return found.version if found else NEVER_SAVED
        match = IF_MATCH.fullmatch(sent.strip())
        if match is None:
            cure = _("Send the ETag of the entry, its version in quotation marks, or *.")
            flaw = Flaw("bad_value", "If-Match", shown(sent), _("This is no ETag of an entry."), cure)
            raise Problem(flaw)
        return int(match[1])

    def _refused(self, outcome: Outcome, error: ReportError, id: str) -> Problem:
        row = outcome.row
        value = "" if row.value is None else f"{row.value:f}"
        if not isinstance(error, ConflictError):
            field = "If-Match" if error.code == "version_required" else ""
            return problem_of(error, id if not field and error.code != "out_of_range" else value, field)
        problem = problem_of(error, value, "If-Match")
        yours = {"value": row.value, "status": row.status, "comment": row.comment,
                 "version": row.version, "author": str(self.request.user), "at": None}  # fmt: skip
        problem.more = {"yours": yours, "theirs": error.theirs and saved_json(error.theirs)}
        return problem


def _parsed(id: str) -> tuple[ReportId, LineId]:
    parts = id.split(":")
    if len(parts) != len(ReportId._fields) + len(LineId._fields) or "\0" in id:
        raise unknown(id)
    return ReportId(*parts[:3]), LineId(*parts[3:])


def _contradiction(said: dict[str, Any], at: str = "") -> list[Flaw]:
    """A figure whose status says that there is none."""
    if said["value"] is None or said["status"] not in MISSING_STATUSES:
        return []
    detail, cure = _("The status says that there is no figure."), _("Leave out the figure or the status.")
    return [Flaw("bad_value", f"{at}status", said["status"], detail, cure)]


def _mode(request: Request) -> tuple[str, bool]:
    """How the rows are to be saved, and whether only to see. Raises `Problem`."""
    members = {
        "mode": Member(one_of((ALL_OR_NOTHING, PER_ROW)), ALL_OR_NOTHING),
        "dry_run": Member(one_of(("true", "false")), "false"),
    }
    sent = {name: request.query_params[name] for name in members if name in request.query_params}
    found, flaws = read_object(sent, members)
    if flaws:
        raise Problem(*flaws)
    return found["mode"], found["dry_run"] == "true"


def _rows(sent: object) -> tuple[list[Row], dict[int, list[Flaw]]]:
    """The rows that are well written, and by number what is wrong with the others. Raises `Problem`."""
    body, flaws = read_object(sent, {"entries": Member(lambda value: value, is_required=True)})
    entries = body.get("entries")
    if not flaws and not (isinstance(entries, list) and 0 < len(entries) <= MOST_ROWS):
        found = len(entries) if isinstance(entries, list) else shown(entries)
        cure = _("Send a list of 1 to %(count)s objects.") % {"count": MOST_ROWS}
        flaws = [Flaw("bad_value", "entries", str(found), _("This is no list of rows that is taken."), cure)]
    if flaws:
        raise Problem(*flaws)
    rows, wrong = [], dict[int, list[Flaw]]()
    for number, each in enumerate(entries or (), 1):
        members, of_row = read_object(each, ROW)
        if of_row := of_row or _contradiction(members):
            wrong[number] = [RowFlaw(**asdict(flaw), row=number) for flaw in of_row]
        else:
            rows.append(_row(number, members))
    return rows, wrong


def _row(number: int, found: dict[str, Any]) -> Row:
    report = ReportId(*(found.pop(name) for name in ReportId._fields))
    line = LineId(*(found.pop(name) for name in LineId._fields))
    return Row(number, report, line, **found)


def _row_flaw(outcome: Outcome, error: ReportError) -> RowFlaw:
    row = outcome.row
    sent = {**row.report._asdict(), **row.line._asdict(), "version": row.version}
    flaw = flaw_of(error)
    value = f"{row.value:f}" if flaw.field == "value" and row.value is not None else sent.get(flaw.field, "")
    said = {**asdict(flaw), "value": "" if value is None else str(value)}
    theirs = saved_json(error.theirs) if isinstance(error, ConflictError) and error.theirs else None
    return RowFlaw(**said, row=row.number, theirs=theirs)


def _answer(mode: str, outcomes: list[Outcome], flaws: dict[int, list[Flaw]], *, is_dry_run: bool) -> Json:
    """A `BulkSerializer`."""
    said = {number: [flaw_json(flaw) for flaw in of_row] for number, of_row in flaws.items()}
    rows = {each.row.number: row_json(each, said.get(each.row.number, [])) for each in outcomes}
    unread: Json = {"id": None, "outcome": REFUSED, "version": None, "warnings": []}
    rows |= {
        number: {"row": number, **unread, "problems": problems}
        for number, problems in said.items()
        if number not in rows
    }
    return {
        "mode": mode,
        "dry_run": is_dry_run,
        "counts": dict(Counter(row["outcome"] for row in rows.values())),
        "rows": [rows[number] for number in sorted(rows)],
    }
