"""What is told to people when something cannot be done with an inquiry: place and cure, in their language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.services.registering import InquiryError

ERRORS: Mapping[str, Promise | str] = {
    "not_allowed": _("Your mandate does not cover this. Ask the coordinator."),
    "date_to_come": _("The date of the inquiry is still to come: write the one on the letter."),
    "no_points": _("Write at least one point."),
    "nobody_addressed": _("Choose whom the inquiry is addressed to."),
    "number_taken": _(
        "An inquiry No. %(number)s of %(year)s is registered already: look it up in the list of inquiries."
    ),
    "not_now": _("This cannot be done with the inquiry now (%(state)s)."),
    "foreign_question": _("The point belongs to another inquiry."),
    "foreign_territory": _("“%(kpi)s” is not promised there: choose one of its territories."),
    "attached_already": _("This figure is attached already."),
    "not_an_answerer": _("%(name)s may not answer for this organisation: choose one of its people."),
    "points_unanswered": _("Points without an answer: %(points)s. Answer each before you hand the reply in."),
    "own_reply": _("Somebody else must approve what you wrote yourself."),
    "reason_missing": _("Say why the reply is returned."),
}


def inquiry_error(error: InquiryError) -> str:
    """The error in the reader's language."""
    return str(ERRORS[error.code]) % error.params
