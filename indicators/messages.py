"""What is told to people when something cannot be done: place and cure, in their language."""

from collections import defaultdict
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.services.entering import ReportError
from indicators.template_texts import TEMPLATE_ERRORS, TEMPLATE_FAILURES, TEMPLATE_PROBLEMS

PAUSED = _(
    "An administrator has paused publishing (%(reason)s). Nothing is lost: try again once the pause is over."
)
REPORT_ERRORS: Mapping[str, Promise | str] = {
    "period_not_covered": _(
        "The form does not ask for %(period)s: it covers %(first)s – %(last)s. Choose a period within it."
    ),
    "period_not_begun": _("%(period)s has not begun yet; there can be no actual for it."),
    "territory_not_covered": _("The form is not filled in for %(territory)s."),
    "report_is_closed": _("The report cannot be changed any more (%(state)s)."),
    "report_is_empty": _("Type at least one figure, or say why it is missing, before you submit."),
    "report_not_submitted": _("The report is not waiting for a decision (%(state)s)."),
    "line_not_in_form": _("%(indicator)s is not asked for in this form."),
    "out_of_range": _("%(indicator)s: %(value)s lies outside the possible range (%(low)s – %(high)s)."),
    "conflict": _("%(author)s has meanwhile saved: %(theirs)s. If you save again, yours takes its place."),
    "own_report": _("Somebody else must approve what you typed or submitted yourself."),
    "reason_required": _("Say why the report is returned."),
    "report_not_approved": _("Only an approved report is reopened (%(state)s)."),
    "publishing_paused": PAUSED,
    "cells_lack_something": _("Some cells lack something: %(count)s. They are marked."),
    "not_a_number": _("“%(text)s” is not a number: write it as 12.5 or 12,5."),
    "unknown_status": _("“%(text)s” is no status of a figure."),
    "unknown_place": _("You fill in no form “%(form)s” for “%(territory)s”."),
    "bad_period": _("“%(text)s” is no period. Write 2024, 2024-Q3 or 2024-05."),
    "version_required": _("A figure stands there already: say which version of it you saw."),
    "duplicate_row": _("Row %(row)s is about the same figure."),
    "evidence_without_figure": _("Type the figure, or say why it is missing, before you attach evidence."),
    "evidence_too_large": _(
        "The file has %(megabytes)s MB, at most %(limit)s are kept. Attach a smaller one."
    ),
    "evidence_of_unknown_kind": _(
        "“%(name)s” is by its content of no kind that can be looked at (%(kinds)s)."
    ),
}

# What a single cell lacks.
CELL_ERRORS: Mapping[str, Promise | str] = {
    "change_needs_reason": _("A published figure changes: say why in the comment. Readers will see it."),
    "change_needs_evidence": _("A published figure changes: this form asks for a file that shows why."),
    "warning_needs_comment": _("A warning needs a comment before you submit."),
}


def cell_error(code: str) -> str:
    """What the cell lacks, in the reader's language."""
    return str(CELL_ERRORS[code])


def report_error(error: ReportError) -> str:
    """The error in the reader's language."""
    return _filled(REPORT_ERRORS[error.code], error.params)


UPLOAD_ERRORS: Mapping[str, Promise | str] = {
    **TEMPLATE_ERRORS,
    "publishing_paused": PAUSED,
    "not_now": _("This cannot be done with the upload now (%(state)s)."),
    "busy": _("A worker has this upload just now: look again in a moment."),
    "foreign_source": _("Your organisation does not speak for this source: %(source)s."),
    "nothing_to_apply": _("The file changes nothing: there is nothing to publish."),
    "outside_mandate": _(
        "You may not publish figures of %(territory)s: ask somebody whose mandate covers it."
    ),
    "reason_required": _("Published figures would change: say why. Readers will see the reason."),
    "newer_figures": _(
        "%(count)s of its figures have been changed since. Undo what changed them first, or correct them."
    ),
    "changed_meanwhile": _(
        "Somebody else has corrected this upload meanwhile; yours was not stored. "
        "Look at what is shown now, and correct it again."
    ),
    "name_is_known": _(
        "“%(text)s” already means something else, and one name cannot mean two things. "
        "Nothing was remembered. Correct the name in the file."
    ),
    "nothing_meant": _("“%(text)s”: what you chose does not exist. Choose one of the list."),
}

# Why a whole file cannot be used.
FAILURES: Mapping[str, Promise | str] = {
    **TEMPLATE_FAILURES,
    "empty_file": _("The file is empty. Save the table once more and send it in again."),
    "too_large": _(
        "The file has %(bytes)s bytes, and at most %(limit)s are read. Split it by year or territory."
    ),
    "not_a_table": _(
        "This is not a table but another kind of file (%(found)s). Send in CSV, XLSX, XLS or ODS."
    ),
    "zip_bomb": _(
        "Unpacked, the file would be unreasonably large (%(unpacked)s bytes in %(members)s parts); "
        "it was not opened. Save the table as a new workbook."
    ),
    "encrypted": _("The workbook is protected with a password. Save it without one."),
    "too_many_columns": _(
        "Sheet “%(sheet)s” has %(columns)s columns, at most %(limit)s are read. Delete empty ones."
    ),
    "too_many_rows": _("Sheet “%(sheet)s” has %(rows)s rows, at most %(limit)s are read. Split it."),
    "too_many_cells": _("Sheet “%(sheet)s” has %(cells)s cells, at most %(limit)s are read. Split it."),
    "unknown_encoding": _("The letters of this text file cannot be read. Save it as CSV in UTF-8."),
    "broken_file": _("The file is damaged. Open it in your spreadsheet program and save it anew."),
    "no_figures": _(
        "No table was found: a heading with years or periods and a column of territories is needed."
    ),
    "unknown_indicator": _(
        "What this table measures was not recognised (%(texts)s). "
        "Choose the indicator below and have it read again."
    ),
    "gave_up_publishing": _(
        "Publishing failed %(attempts)s times. An administrator finds the cause in the log."
    ),
    "gave_up_undoing": _(
        "Undoing failed %(attempts)s times; the figures are still published. "
        "An administrator finds the cause in the log."
    ),
    "newer_figures": _(
        "Not undone: %(count)s of its figures were changed meanwhile. "
        "Undo what changed them first, or correct them."
    ),
    "gave_up": _("Reading the file failed %(attempts)s times. An administrator finds the cause in the log."),
}

# Why a single cell cannot be used.
PROBLEMS: Mapping[str, Promise | str] = {
    **TEMPLATE_PROBLEMS,
    "unknown_territory": _(
        "“%(text)s” is no known territory. Correct the name, or have it added as another name."
    ),
    "ambiguous_territory": _("“%(text)s” may be %(candidates)s. Write which: город, область, район."),
    "bad_period": _("“%(text)s” is no period. Write 2024, 2024-Q3 or 2024-05."),
    "unknown_category": _("“%(text)s” is no known category. Correct it, or have it added to the dimension."),
    "unknown_indicator": _("“%(text)s” is no known indicator. Correct its code or name."),
    "bad_status": _("“%(text)s” is no observation status. Use the codes of SDMX, such as A or P."),
    "not_a_number": _("“%(text)s” is not a number. Write it as 12.5 or 12,5, or leave the cell empty."),
    "duplicate_row": _(
        "The same figure stands in several rows (%(rows)s) with different values. Leave the right one."
    ),
    "duplicate_figure": _(
        "The same figure stands already in row %(row)s of “%(sheet)s”. Leave the right one."
    ),
    "unknown_column": _("The column “%(text)s” was not understood. Name it as the others are, or delete it."),
    "unknown_block": _("The heading “%(text)s” inside the table was not understood. Name a known category."),
    "cumulative_period": _(
        "“%(text)s” counts from the beginning of the year; it is not the figure of one period."
    ),
    "opening_date": _("“%(text)s” is the state at the beginning of a period, not a figure of the period."),
    "hidden_sheet": _("The sheet “%(text)s” is hidden and was not read. Show it and save, or delete it."),
    "future_period": _("%(period)s has not begun yet; there can be no actual for it."),
    "out_of_range": _("%(value)s lies outside the possible range of the indicator (%(low)s – %(high)s)."),
    "outside_mandate": _("Your mandate does not cover %(territory)s."),
    "unknown_unit": _("“%(text)s” is no known unit. Say above which it is, or correct it."),
    "wrong_unit": _(
        "The figure is in “%(unit)s”, the indicator is in “%(expected)s”. Convert it, or correct the unit."
    ),
}


# What is wrong with a watched file; what is wrong with its content stands under FAILURES.
WATCH_PROBLEMS: Mapping[str, Promise | str] = {
    "layout_changed": _(
        "Its tables are laid out otherwise than those published last. Look at the upload before confirming."
    ),
    "answered": _("%(address)s answered with the status %(status)s. Correct the address."),
    "not_reached": _("%(address)s could not be reached: %(error)s. Try it again later, or correct it."),
    "forbidden_host": _("%(host)s is no public host. An operator can allow it (WATCH_PRIVATE_HOSTS)."),
    "outside_folder": _("%(address)s lies outside the folder in which files may be watched (WATCH_ROOT)."),
    "no_file": _("There is no file at %(address)s. Correct the address."),
    "bad_address": _("%(address)s is no address. Write https://…, or a path."),
    "too_many_redirects": _("%(address)s leads from one address to the next. Give the last one."),
    "too_large": _("%(address)s is larger than %(limit)s bytes. Watch a smaller file."),
    "too_slow": _("%(address)s was not complete after %(seconds)s seconds. It is tried again."),
}


def watch_problem(code: str, params: Mapping[str, object]) -> str:
    """What is wrong with a watched file."""
    return _filled({**FAILURES, **WATCH_PROBLEMS}[code], params)


def upload_error(code: str, params: Mapping[str, object]) -> str:
    """Why something could not be done to an upload."""
    return _filled(UPLOAD_ERRORS[code], params)


def failure(code: str, params: Mapping[str, object]) -> str:
    """Why an upload failed as a whole."""
    return _filled(FAILURES[code], params)


def problem(code: str, params: Mapping[str, object]) -> str:
    """Why a cell was rejected."""
    return _filled(PROBLEMS[code], params)


def _filled(text: Promise | str, params: Mapping[str, object]) -> str:
    """The text with its parameters; lists are joined, what is unknown is a dash."""

    def written(value: object) -> str:
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value))
        return "—" if value in {None, ""} else str(value)

    return str(text) % defaultdict(lambda: "—", {key: written(value) for key, value in params.items()})
