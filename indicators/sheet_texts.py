"""What the entry grid says in the browser; `static/js/sheet/` fills in the places."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHEET_TEXTS: Mapping[str, Promise] = {
    # The state of a cell.
    "empty": _("empty"),
    "state_empty": _("Nothing is typed yet."),
    "state_saved": _("Saved."),
    "state_sending": _("Being saved."),
    "state_waiting": _("Waits in this browser to be saved."),
    "state_failed": _("Not saved: %(reason)s"),
    "state_invalid": _("Not saved: %(reason)s"),
    "state_warning": _("Saved, with a warning: %(warnings)s"),
    "state_conflict": _(
        "Not saved: %(author)s has saved something else meanwhile. Choose which figure stays."
    ),
    "state_returned": _("Returned by the approver: %(reason)s"),
    "state_locked": _("Cannot be changed: %(reason)s"),
    "state_blocks": _("Keeps the report from being submitted: %(reason)s"),
    "refused_without_reason": _("The portal did not accept it. Reload the page and try again."),
    "has_comment": _("Has a comment"),
    "has_evidence": _("Has a file"),
    "only_read": _("This column is only read: type in the column of the actual."),
    "not_a_number": _("“%(text)s” is not a number: write it as 12.5 or 12,5."),
    "out_of_range": _("%(text)s lies outside the possible range (%(range)s)."),
    "range": _("%(low)s – %(high)s"),
    "range_from": _("%(low)s or more"),
    "range_to": _("%(high)s or less"),
    "range_any": _("any number"),
    # Saving.
    "status_saved": _("Everything is saved."),
    "status_saved_at": _("Everything is saved, %(time)s."),
    "status_saving": _("Cells being saved: %(count)s."),
    "status_wait": _("Cells waiting in this browser: %(count)s."),
    "status_wrong": _("Cells not saved: %(count)s. They are marked in the table."),
    "status_offline": _("There is no connection: they are sent as soon as it is back."),
    "status_busy": _("The portal does not answer just now: they are sent again in a moment."),
    "status_login": _("Your session has ended: log in again in another tab, then they are sent."),
    "status_other": _(
        "Somebody else has logged in meanwhile: they are sent when you log in again and open this page."
    ),
    "status_unstored": _(
        "There is no connection and this browser cannot keep them: do not close the page until they are sent."
    ),
    "status_forbidden": _("You may no longer fill in this report. An administrator can tell you why."),
    # What is announced.
    "selected": _("Selected: rows %(rows)s, columns %(columns)s."),
    "copied": _("Cells copied: %(count)s."),
    "cleared": _("Cells emptied: %(count)s."),
    "filled": _("Cells filled: %(count)s."),
    "undone": _("Undone. Cells changed: %(count)s."),
    "redone": _("Done again. Cells changed: %(count)s."),
    "left": _("Left as they are, because they were changed meanwhile: %(count)s."),
    "nothing_to_undo": _("There is nothing to undo or do again."),
    "leaving": _("Tab now leaves the table."),
    "pasted": _("Cells pasted: %(count)s, skipped: %(skipped)s."),
    # The preview of a paste.
    "paste_title": _("Paste: cells that will change: %(count)s"),
    "paste_changes": _("will change: %(count)s"),
    "paste_same": _("stay as they are: %(count)s"),
    "paste_skipped": _("skipped: %(count)s"),
    "paste_outside": _("outside the cells to be filled in: %(count)s"),
    "will_change": _("will change"),
    "will_be_skipped": _("Skipped: %(reason)s"),
    # The details of a cell.
    "saved_by": _("%(author)s, %(when)s"),
    "never_saved": _("not saved yet"),
    "published": _("published"),
    "bureau": _("Bureau of National Statistics, %(label)s"),
    "evidence_waits": _("The file was not sent: first the figure must be saved. Try again when it is."),
    "evidence_failed": _("The file was not sent. Try again when there is a connection."),
    "evidence_saved": _("The file is saved."),
    "evidence_removed": _("The file was removed."),
    # Checks and submitting.
    "go_to": _("Go to: %(name)s"),
    "submitting": _("Being submitted…"),
    "submit_unsaved": _("Not submitted: cells that are not saved: %(count)s. Correct them first."),
    "submit_failed": _("Not submitted."),
    "submitted": _("Submitted reports: %(count)s. An approver will look at them."),
}
