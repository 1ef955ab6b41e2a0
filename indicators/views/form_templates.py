"""The spreadsheet template of a sheet: downloaded, and sent back filled in."""

from io import BytesIO

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.decorators import UserRequest
from indicators.services.templating import make_template
from indicators.sheets import Sheet
from indicators.views.sheets import with_sheet


@with_sheet
@require_GET
def template(request: UserRequest, sheet: Sheet) -> HttpResponseBase:
    """The workbook, of the territories asked for or of all, with what is typed so far or `?blank`."""
    wanted = request.GET.getlist("territory")
    reports = [r for r in sheet.reports if not wanted or r.territory.code in wanted]
    if not reports:
        raise Http404
    chosen = Sheet(sheet.form, sheet.period, reports)
    workbook = BytesIO(make_template(chosen, is_filled="blank" not in request.GET))
    places = [reports[0].territory.code] if len(reports) == 1 else []
    name = "_".join([sheet.form.code, str(sheet.period), *places])
    return FileResponse(workbook, as_attachment=True, filename=f"{name}.xlsx")
