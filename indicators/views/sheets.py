"""The sheet on which actuals are typed: its page, and what its grid asks the server."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db import OperationalError, transaction
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import UserRequest, action_required
from accounts.models import User
from accounts.permissions import Action, may, territories_for
from indicators.fields import Status
from indicators.messages import cell_error, report_error
from indicators.models import Entry, FormLine, Report, ReportingForm
from indicators.periods import Period, PeriodError
from indicators.services.entering import (
    Cell,
    ConflictError,
    Place,
    ReportError,
    attach_evidence,
    record_looks,
    reports_on,
    save_cells,
)
from indicators.services.reporting import CellsError, reopen_report, submit_report
from indicators.sheet_state import Json, cells_state, checks_state, entry_state, reports_state, sheet_state
from indicators.sheets import Sheet
from indicators.tables.cells import Missing, NotANumber, parse_number

P = ParamSpec("P")
MOST_CELLS = 10_000
LONGEST_COMMENT, LONGEST_FIGURE = 500, 200
SheetView = Callable[Concatenate[UserRequest, Sheet, P], HttpResponseBase]


def with_sheet(view: SheetView[P]) -> Callable[..., HttpResponseBase]:
    """Gives the view the sheet of the address, with the territories that are the reader's to fill in."""

    @action_required(Action.ENTER)
    @wraps(view)
    def found(
        request: UserRequest, /, code: str, period: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        form = get_object_or_404(ReportingForm.objects.select_related("organisation", "source"), code=code)
        allowed = territories_for(request.user, Action.ENTER, form.organisation)
        territories = list(form.territories.filter(pk__in=allowed).order_by("code"))
        try:
            asked = Period.parse(period)
            reports = reports_on(form=form, period=asked, territories=territories)
        except (PeriodError, ReportError) as error:
            raise Http404 from error
        if not reports:
            raise Http404
        return view(request, Sheet(form, asked, reports), *args, **kwargs)

    return found


@with_sheet
@require_GET
def sheet(request: UserRequest, sheet: Sheet) -> HttpResponse:
    """The page."""
    record_looks(reports=sheet.reports, by=request.user)
    context = {
        "form": sheet.form,
        "period": sheet.period,
        "due": sheet.form.due_on(sheet.period),
        "sheet_data": sheet_state(sheet, request.user),
        "reports": sheet.reports,
        "lines": sheet.lines,
        "sheet": sheet,
    }
    return render(request, "indicators/sheet.html", context)


@with_sheet
@require_GET
def state(request: UserRequest, sheet: Sheet) -> HttpResponse:
    """The sheet as it stands now."""
    return JsonResponse(sheet_state(sheet, request.user))


@with_sheet
@require_POST
def save(request: UserRequest, sheet: Sheet) -> HttpResponse:
    """Saves the typed cells that can be saved, and says of the others why not."""
    cells = _sent(request).get("cells")
    if not isinstance(cells, list) or len(cells) > MOST_CELLS:
        return JsonResponse({"error": _("Too many cells at once.")}, status=400)
    lines = {line.pk: line for line in sheet.lines}
    reports = {report.territory_id: report for report in sheet.reports}
    typed: dict[int, list[Cell]] = {}
    refused: dict[str, Json] = {}
    touched: set[int] = set()
    for sent in cells:
        line, report = lines.get(_number(sent, "line")), reports.get(_number(sent, "report"))
        if line is None or report is None:
            return JsonResponse({"error": _("The sheet has changed: load it anew.")}, status=400)
        touched.add(line.indicator_id)
        try:
            typed.setdefault(report.territory_id, []).append(_cell(sent, line))
        except ReportError as error:
            refused[f"{report.territory_id}:{line.pk}"] = {"code": error.code, "text": report_error(error)}
    try:
        with transaction.atomic():
            for territory, wanted in sorted(typed.items()):
                saved = save_cells(report=reports[territory], cells=wanted, by=request.user)
                refused |= _refusals(territory, saved.refused, sheet)
    except OperationalError:
        return JsonResponse({"error": _("The sheet is busy: it is tried again.")}, status=503)
    return JsonResponse({**_answer(sheet, touched, set(typed)), "refused": refused})


def _sent(request: UserRequest) -> dict[str, Any]:
    """The JSON of the request; nothing where it is none."""
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def _number(sent: object, name: str) -> int:
    value = sent.get(name) if isinstance(sent, dict) else None
    return value if isinstance(value, int) else 0


def _cell(sent: Mapping[str, Any], line: FormLine) -> Cell:
    """What was typed. A figure is not missing; a mark such as `x` says why there is none, unless another
    reason was chosen."""
    text, status = str(sent.get("value") or "")[:LONGEST_FIGURE], str(sent.get("status") or "")
    parsed = parse_number(text) if text.strip() else None
    if isinstance(parsed, NotANumber):
        raise ReportError("not_a_number", text=text)
    if status not in {"", *Status.values}:
        raise ReportError("unknown_status", text=status)
    chosen = Status(status or Status.NORMAL)
    if isinstance(parsed, Missing):
        chosen = chosen if chosen.is_missing else Status(parsed.status)
        parsed = None
    if parsed is not None and chosen.is_missing:
        chosen = Status.NORMAL
    comment = str(sent.get("comment") or "").replace("\0", "").strip()[:LONGEST_COMMENT]
    return Cell(line.indicator, line.breakdown, parsed, chosen.value, comment, _number(sent, "version"))


def _refusals(territory: int, refused: Mapping[Place, ReportError], sheet: Sheet) -> dict[str, Json]:
    """The cells that could not be saved, with what somebody else saved in the place of a conflict."""
    answers: dict[str, Json] = {}
    for line in sheet.lines:
        if (error := refused.get(line.place)) is not None:
            answer: Json = {"code": error.code, "text": report_error(error)}
            if isinstance(error, ConflictError):
                answer["theirs"] = entry_state(error.theirs)
            answers[f"{territory}:{line.pk}"] = answer
    return answers


def _answer(sheet: Sheet, indicators: set[int], territories: set[int]) -> Json:
    """The cells of the indicators as they stand now: what one says may make another doubtful."""
    places = [report.territory for report in sheet.reports]
    now = reports_on(form=sheet.form, period=sheet.period, territories=places)
    fresh = Sheet(sheet.form, sheet.period, [r for r in now if r.territory_id in territories], indicators)
    return {
        "cells": cells_state(fresh),
        "checks": checks_state(fresh),
        "reports": reports_state(now),
    }


@with_sheet
@require_POST
def submit(request: UserRequest, sheet: Sheet) -> HttpResponse:
    """Hands in the reports; those that lack something say what, cell by cell."""
    wanted = _sent(request).get("reports")
    chosen = [r for r in sheet.reports if isinstance(wanted, list) and r.territory_id in wanted]
    refused = {}
    for report in chosen:
        try:
            submit_report(report=report, by=request.user)
        except CellsError as error:
            lines = {line.place: line.pk for line in sheet.lines}
            cells = {
                f"{report.territory_id}:{lines[place]}": cell_error(code)
                for place, code in error.cells.items()
                if place in lines
            }
            refused[str(report.territory_id)] = {"text": report_error(error), "cells": cells}
        except ReportError as error:
            refused[str(report.territory_id)] = {"text": report_error(error), "cells": {}}
    places = [report.territory for report in sheet.reports]
    now = reports_on(form=sheet.form, period=sheet.period, territories=places)
    return JsonResponse({"reports": reports_state(now), "refused": refused})


@with_sheet
@require_POST
def reopen(request: UserRequest, sheet: Sheet) -> HttpResponse:
    """Opens an approved report to correct what was published."""
    report = next((r for r in sheet.reports if str(r.territory_id) == request.POST.get("report")), None)
    if report is None or report.pk is None:
        raise Http404
    try:
        reopen_report(report=report, by=request.user)
    except ReportError as error:
        return JsonResponse({"error": report_error(error)}, status=409)
    return redirect("indicators:sheet", code=sheet.form.code, period=str(sheet.period))


@with_sheet
@require_POST
def evidence(request: UserRequest, sheet: Sheet) -> HttpResponse:
    """Keeps a file beside a cell, or takes it away."""
    line = next((line for line in sheet.lines if str(line.pk) == request.POST.get("line")), None)
    report = next((r for r in sheet.reports if str(r.territory_id) == request.POST.get("report")), None)
    file = request.FILES.get("file")
    if line is None or report is None or (file is None and "remove" not in request.POST):
        return JsonResponse({"error": _("The sheet has changed: load it anew.")}, status=400)
    key = (report.territory_id, *line.place)
    entry = sheet.entries.get(key)
    refused: Json = {}
    if entry is None:
        error = ReportError("evidence_without_figure")
        refused = {f"{key[0]}:{line.pk}": {"code": error.code, "text": report_error(error)}}
    else:
        try:
            version = int(request.POST.get("version") or 0)
            attach_evidence(entry=entry, version=version, file=file, by=request.user)
        except ValueError:
            return JsonResponse({"error": _("The sheet has changed: load it anew.")}, status=400)
        except ReportError as error:
            refused = _refusals(key[0], {line.place: error}, sheet)
    return JsonResponse({**_answer(sheet, {line.indicator_id}, {key[0]}), "refused": refused})


@require_GET
def entry_evidence(request: UserRequest, pk: int) -> HttpResponseBase:
    """The file beside a figure: for all once the figure is published, before for those who work on it."""
    rows = Entry.objects.select_related("report__form__organisation", "report__territory")
    entry = get_object_or_404(rows.exclude(evidence=""), pk=pk)
    if entry.report.state != Report.State.APPROVED and not _works_on(request.user, entry.report):
        raise Http404
    return FileResponse(entry.evidence.open(), as_attachment=True, filename=entry.evidence_name)


def _works_on(user: User, report: Report) -> bool:
    place = report.territory, report.form.organisation
    return may(user, Action.ENTER, *place) or may(user, Action.APPROVE, *place)
