"""What an upload says of itself, in the reader's language."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.collation import sort_key
from indicators import messages
from indicators.choices import Choices
from indicators.fields import Status
from indicators.models import Indicator, LearntName, ObservationRevision, StagedFigure, Upload
from indicators.periods import Period, period_code
from indicators.quality import Check
from indicators.questions import NameQuestion
from indicators.services.advancing import Advance, Step, advance_of
from indicators.services.uploading import cell_address
from indicators.services.warning import Warning
from indicators.warning_texts import warning_text

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


DOUBTS = {
    "block_order": _("A heading inside replaces one of another kind; it may have been meant within it."),
    "no_territory": _("Nothing names a territory: the figures are taken for the country's."),
    "no_period": _("Nothing names the year: say below which period it is."),
    "unknown_column": _("A column was not understood: say what it holds, or leave it out."),
    "unknown_block": _("A heading inside the table was not understood: its figures are refused."),
    "hidden_sheet": _("The sheet is hidden: nothing is read from it unless you say so."),
}

STAGES = (
    ("file", _("File")),
    ("recognised", _("What was recognised")),
    ("difference", _("What it changes")),
    ("published", _("Published")),
)


CURRENT_STAGE = {Upload.State.RECEIVED.value: 1, Upload.State.PREVIEWED.value: 2}


class Stage(NamedTuple):
    """A stage of an upload's way, and whether it is done or the present one."""

    anchor: str
    label: Any
    is_done: bool
    is_current: bool


@register.filter
def steps(upload: Upload) -> list[Stage]:
    """The steps, the same for everybody who looks at the upload; a template leaves nothing to recognise."""
    if upload.state == Upload.State.FAILED:
        current = 1 if upload.recognised else 0
    else:
        current = CURRENT_STAGE.get(upload.state, 3)
    stages = [
        Stage(anchor, label, number < current or upload.state == Upload.State.APPLIED, number == current)
        for number, (anchor, label) in enumerate(STAGES)
    ]
    if upload.form_id:
        stages[1:] = [stages[2], stages[3]._replace(label=_("In the drafts"))]
    return stages


@register.filter
def doubts(table: dict[str, Any]) -> list[Any]:
    """What a person should look at before trusting what was recognised of the table."""
    return [DOUBTS[code] for code in table["doubts"] if code in DOUBTS and table["is_detected"]]


@register.filter
def layout_kind(table: dict[str, Any]) -> Any:
    """The shape of the table in words."""
    return KINDS[table["kind"]] if table["is_detected"] else _("no table was recognised")


@register.filter
def warnings(figure: StagedFigure) -> list[str]:
    """What is doubtful in the figure."""
    said = (figure.details or {}).get("warnings", [])
    if figure.indicator is None:
        return []
    return [warning_text(Warning(Check(code), params), figure.indicator) for code, params in said]


@register.filter
def conversion(figure: StagedFigure) -> str:
    """From which unit the figure was converted, if it was; with the figure as the file has it."""
    details = figure.details or {}
    return f"{figure.raw} {details['unit']} × {details['factor']}" if "factor" in details else ""


@register.filter
def changed_by(upload: Upload) -> list[dict[str, Any]]:
    """How many figures of each indicator were new and changed."""
    tallies = upload.findings.get("tallies", {})
    by_kind = {kind: tallies.get(kind, {}).get("indicator", {}) for kind in ("new", "changed")}
    rows = Indicator.objects.in_bulk({int(pk) for tally in by_kind.values() for pk in tally})
    return [
        {"indicator": row, **{kind: tally.get(str(pk), 0) for kind, tally in by_kind.items()}}
        for pk, row in sorted(rows.items(), key=lambda item: sort_key(item[1].name))
    ]


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
def filled_sheet(upload: Upload) -> dict[str, Any] | None:
    """The sheet that a template fills in: its period and address."""
    if upload.form is None or not upload.recognised:
        return None
    period = Period.parse(upload.recognised[0]["first"])
    return {
        "period": period,
        "url": reverse("indicators:sheet", kwargs={"code": upload.form.code, "period": str(period)}),
    }


QUESTIONS = {
    "territory": _("Which territory is “%(text)s”?"),
    "category": _("What does “%(text)s” mean in a breakdown?"),
    "indicator": _("What does “%(text)s” measure?"),
    "unit": _("Which unit is “%(text)s”?"),
}


@register.filter
def asked(question: NameQuestion) -> str:
    """The question in words."""
    return str(QUESTIONS[question.kind]) % {"text": question.text}


@register.filter
def meaning(choices: Choices, name: LearntName) -> str:
    """What a learnt name means."""
    return choices.written(name.kind, name.code)


@register.filter
def listed(choices: Choices, kind: str) -> list[str]:
    """Everything that may be chosen of a kind."""
    return [choices.written(kind, code) for code in choices.of(kind)]


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key; nothing where there is none."""
    return mapping.get(key)
