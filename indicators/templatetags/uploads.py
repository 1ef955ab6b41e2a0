"""What an upload says of itself, in the reader's language."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from indicators import messages
from indicators.fields import Status
from indicators.models import Indicator, ObservationRevision, StagedFigure, Upload
from indicators.periods import Period, period_code
from indicators.services.advancing import Advance, Step, advance_of
from indicators.services.uploading import cell_address

register = template.Library()

STEPS = {
    Step.OPENING: _("The file is being opened."),
    Step.READING: _("The file is being read."),
    Step.COMPARING: _("The figures are being compared with those that are published."),
    Step.PUBLISHING: _("The figures are being published."),
    Step.UNDOING: _("The upload is being undone."),
}
FILLING = _("The figures are being put into the drafts.")
STEPS_OF = {
    Upload.State.RECEIVED: (Step.OPENING, Step.READING, Step.COMPARING),
    Upload.State.CONFIRMED: (Step.PUBLISHING,),
    Upload.State.REVERTING: (Step.UNDOING,),
}

KINDS = {
    "tidy": _("one figure a row"),
    "periods_across": _("periods across"),
    "territories_across": _("territories across"),
    "categories_across": _("categories across"),
    "template": _("template of a reporting form"),
}


@register.filter
def failure(upload: Upload) -> str:
    """Why the upload failed."""
    reason = upload.failure or {}
    return messages.failure(reason["code"], reason["params"])


@register.filter
def problem(figure: StagedFigure) -> str:
    """Why the cell was rejected."""
    return messages.problem(figure.problem, {"text": figure.raw, **(figure.details or {})})


@register.filter
def address(figure: StagedFigure) -> str:
    """The cell as spreadsheets write it."""
    return cell_address(figure.sheet, figure.row, figure.column)


@register.filter
def figure_period(figure: StagedFigure) -> str:
    """The period in SDMX notation."""
    return period_code(figure.frequency, figure.period_start) if figure.period_start else "—"


@register.filter
def revision_period(revision: ObservationRevision) -> str:
    """The period in SDMX notation."""
    return period_code(revision.series.frequency, revision.period_start)


@register.filter
def status_before(revision: Any) -> str:
    """The status that the figure would take back: of `figures_to_undo`."""
    return str(Status(revision.status_before).label)


@register.filter
def advance(upload: Upload) -> dict[str, Any]:
    """What a worker does for the waiting upload, in words, and how many per cent of it are done, if known."""
    told = advance_of(upload.pk)
    # The worker of the next step has not told anything yet while the last step's word is remembered.
    steps = STEPS_OF[Upload.State(upload.state)]
    if told is None or told.step not in steps:
        told = Advance(steps[0], None)
    percent = None if told.share is None else round(100 * told.share)
    is_filling = upload.form_id is not None and told.step is Step.PUBLISHING
    return {"words": FILLING if is_filling else STEPS[told.step], "percent": percent}


@register.filter
def recognised(upload: Upload) -> Iterator[dict[str, Any]]:
    """What was found on each sheet, with names in place of codes."""
    codes = {code for sheet in upload.recognised for code in sheet["indicators"]}
    names = {row.code: row.name for row in Indicator.objects.filter(code__in=codes)}
    for sheet in upload.recognised:
        kind = KINDS[sheet["kind"]]
        yield {**sheet, "kind": kind, "indicators": [names.get(code, code) for code in sheet["indicators"]]}


@register.filter
def filled_sheet(upload: Upload) -> dict[str, Any] | None:
    """The sheet that a template fills in: its period and address."""
    if upload.form is None or not upload.recognised:
        return None
    period = Period.parse(upload.recognised[0]["first"])
    return {
        "period": period,
        "url": reverse("indicators:sheet", kwargs={"code": upload.form.code, "period": str(period)}),
    }
