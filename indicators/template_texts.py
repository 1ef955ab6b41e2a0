"""What is told to people of a template that was sent back: place and cure, in their language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Why a template cannot be read as a whole.
TEMPLATE_FAILURES: Mapping[str, Promise | str] = {
    "not_a_template": _(
        "This file is not a template of the portal: its hidden sheet is missing. "
        "Download the template on the page of the report and copy your figures into it."
    ),
    "template_damaged": _(
        "The hidden sheet “_bagdar” of this template was changed, so that its form and period are in doubt. "
        "Download the template anew and copy your figures into it."
    ),
    "template_of_other_version": _(
        "This template is of version %(version)s, the portal reads version %(expected)s. "
        "Download the template anew and copy your figures into it."
    ),
    "template_codes_lost": _(
        "The hidden first row or column of this template is gone: what its cells mean is no longer known. "
        "Download the template anew and copy your figures into it."
    ),
    "template_sheet_lost": _(
        "Sheet “%(sheet)s” comes from a template, but the hidden sheet “_bagdar” is missing. "
        "Send in the whole workbook, or download the template anew and copy your figures into it."
    ),
    "template_not_asked_for": _(
        "This template is of the form %(form)s for %(period)s, which the portal does not ask for. "
        "Open the report of the right period and download its template."
    ),
}

# Why something cannot be done to a template that was sent back.
TEMPLATE_ERRORS: Mapping[str, Promise | str] = {
    "published_nothing": _(
        "A template goes into the drafts and publishes nothing that could be undone: correct the drafts."
    ),
}

# Why a single cell of a template cannot be used.
TEMPLATE_PROBLEMS: Mapping[str, Promise | str] = {
    "date_for_a_number": _(
        "The cell holds the date %(text)s: the spreadsheet program took a figure such as 1.5 for a day. "
        "Format the cell as a number and type the figure again."
    ),
    "formula_not_computed": _(
        "The formula %(text)s has no result. Open the file in your spreadsheet program, save it "
        "and send it in again, or type the figure."
    ),
    "unknown_status": _("“%(text)s” is no status. Choose one from the list of the cell, or leave it empty."),
    "figure_and_reason": _(
        "There is a figure, %(text)s, and a reason why there is none. Delete one of the two."
    ),
    "status_of_nothing": _(
        "The status is that of a figure, but there is none. Type the figure, or choose why it is missing."
    ),
    "unknown_line_code": _(
        "The hidden code of this row was changed to “%(text)s”. Copy the row's figures into a fresh template."
    ),
    "unknown_column_code": _(
        "The hidden code of this column was changed to “%(text)s”. "
        "Copy the column's figures into a fresh template."
    ),
    "line_code_lost": _("This row has lost its hidden code. Copy its figures into a fresh template."),
    "column_code_lost": _("This column has lost its hidden code. Copy its figures into a fresh template."),
    "line_not_in_form": _("The form does not ask for this line any more. Download the template anew."),
    "territory_not_in_form": _("The form is not filled in for %(territory)s any more. Delete the column."),
    "report_not_open": _(
        "The report is submitted or approved: its figures cannot be changed. "
        "Have it returned, or reopen it, and send the file in again."
    ),
    "comment_too_long": _("The comment has %(length)s characters, at most %(limit)s are kept. Shorten it."),
}
