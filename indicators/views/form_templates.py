"""The spreadsheet template of a sheet: downloaded, and sent back filled in."""

from io import BytesIO

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import UserRequest
from indicators.forms import FilledTemplateForm
from indicators.services.entering import record_looks
from indicators.services.templating import make_template
from indicators.services.uploading import receive_upload
from indicators.sheets import Sheet
from indicators.tasks import process
from indicators.views.sheets import with_sheet


@with_sheet
@require_GET
def template(request: UserRequest, sheet: Sheet) -> HttpResponseBase:
    """The workbook, of the territories asked for or of all, with what is typed so far or `?blank`."""
    wanted = request.GET.getlist("territory")
    reports = [r for r in sheet.reports if not wanted or r.territory.code in wanted]
    if not reports:
        raise Http404
    chosen, is_filled = Sheet(sheet.form, sheet.period, reports), "blank" not in request.GET
    if is_filled:
        record_looks(reports=reports, by=request.user)
    workbook = BytesIO(make_template(chosen, is_filled=is_filled))
    places = [reports[0].territory.code] if len(reports) == 1 else []
    name = "_".join([sheet.form.code, str(sheet.period), *places])
    return FileResponse(workbook, as_attachment=True, filename=f"{name}.xlsx")


@with_sheet
@require_POST
def fill(request: UserRequest, sheet: Sheet) -> HttpResponse:
    """A filled template comes in; a worker reads it, and what it would change is shown as of every upload."""
    form = FilledTemplateForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["file"])))
        return redirect("indicators:sheet", code=sheet.form.code, period=str(sheet.period))
    with transaction.atomic():
        upload = receive_upload(
            file=form.cleaned_data["file"], user=request.user, source=sheet.form.source, form=sheet.form
        )
        transaction.on_commit(lambda: process(upload))
    return redirect("indicators:upload-detail", upload.pk)
