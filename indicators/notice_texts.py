"""What a notice says, in the language of whoever reads it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from indicators.messages import failure
from indicators.models import Notice, ReportingForm
from indicators.periods import Period
from indicators.templatetags import figures

Kind = Notice.Kind

TITLES: Mapping[str, Promise | str] = {
    Kind.DUE_SOON: _("Due soon: %(form)s, %(territory)s, %(period)s"),
    Kind.OVERDUE: _("Overdue: %(form)s, %(territory)s, %(period)s"),
    Kind.SUBMITTED: _("Waits for your decision: %(form)s, %(territory)s, %(period)s"),
    Kind.RETURNED: _("Returned: %(form)s, %(territory)s, %(period)s"),
    Kind.APPROVED: _("Approved: %(form)s, %(territory)s, %(period)s"),
    Kind.NUDGED: _("You are asked for: %(form)s, %(territory)s, %(period)s"),
    Kind.PREVIEWED: _("Read and ready to confirm: %(file)s"),
    Kind.APPLIED: _("Published: %(file)s"),
    Kind.FAILED: _("Could not be used: %(file)s"),
    Kind.LAYOUT_CHANGED: _("The layout of a watched file has changed: %(address)s"),
    Kind.NOT_REACHED: _("A watched file could not be reached: %(address)s"),
    Kind.INQUIRY_ASSIGNED: _("Deputies' inquiry No. %(number)s is given to you: %(topic)s"),
    Kind.INQUIRY_DRAFTED: _("The reply to inquiry No. %(number)s waits for your decision: %(topic)s"),
    Kind.INQUIRY_RETURNED: _("The reply to inquiry No. %(number)s was returned: %(topic)s"),
    Kind.INQUIRY_ANSWERED: _("Inquiry No. %(number)s is answered: %(topic)s"),
    Kind.HOOK_DISABLED: _("A webhook was disabled: %(address)s"),
}

TEXTS: Mapping[str, Promise | str] = {
    Kind.DUE_SOON: _("Please submit the report in time. Its last day: %(due)s"),
    Kind.OVERDUE: _("It has not been submitted; please submit it now. Its last day was %(due)s"),
    Kind.SUBMITTED: _("Approve the report or return it with a reason."),
    Kind.RETURNED: _("It must be corrected and submitted again. The reason: %(reason)s"),
    Kind.APPROVED: _("Its figures are published."),
    Kind.NUDGED: _("%(by)s asks for the report. Its last day was %(due)s"),
    Kind.PREVIEWED: _("Look at what the file would change, and confirm it. Nothing is published before."),
    Kind.APPLIED: _("New figures: %(new)s, changed: %(changed)s, unchanged: %(unchanged)s."),
    Kind.FAILED: "%(failure)s",
    Kind.LAYOUT_CHANGED: _("Look at how the file was read before you confirm it."),
    Kind.NOT_REACHED: _("Check its address. The portal goes on trying."),
    Kind.INQUIRY_ASSIGNED: _("Please draft the reply, point by point. Its last day: %(due)s"),
    Kind.INQUIRY_DRAFTED: _("Approve the reply or return it with a reason. Its last day: %(due)s"),
    Kind.INQUIRY_RETURNED: _("It must be corrected and handed in again. The reason: %(reason)s"),
    Kind.INQUIRY_ANSWERED: _("The reply is published, with the figures of its day and later ones."),
    Kind.HOOK_DISABLED: _("It has failed for a day. Repair what answers there, then enable it again."),
}

NUDGED_BEFORE_DUE = _("%(by)s asks for the report. Its last day: %(due)s")


@dataclass(frozen=True)
class Told:
    """A notice in words; `words` are somebody's own. A text that ends with a date ends without a full stop,
    since dates of some languages end with one."""

    notice: Notice
    title: str
    text: str
    words: str


class Names:
    """The names of the forms and territories that notices mention, fetched in two queries."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        params = [notice.params for notice in notices]
        forms = {each["form"] for each in params if "form" in each}
        places = {each["territory"] for each in params if "territory" in each}
        self.forms = {row.code: row.name for row in ReportingForm.objects.filter(code__in=forms)}
        self.territories = {row.code: row.name for row in Territory.objects.filter(code__in=places)}


def in_words(notices: Iterable[Notice]) -> list[Told]:
    """The notices in the reader's language."""
    notices = list(notices)
    names = Names(notices)
    return [_told(notice, names) for notice in notices]


def _told(notice: Notice, names: Names) -> Told:
    params = _readable(notice.params, names)
    text = TEXTS[notice.kind]
    if notice.kind == Kind.NUDGED and notice.created_at.date() <= dt.date.fromisoformat(notice.params["due"]):
        text = NUDGED_BEFORE_DUE
    return Told(notice, str(TITLES[notice.kind]) % params, str(text) % params, params.get("words", ""))


def _readable(params: Mapping[str, Any], names: Names) -> dict[str, str]:
    """The particulars as they are written; what bears no name any more is written as its code."""
    readable = {key: str(value) for key, value in params.items()}
    if "form" in params:
        readable["form"] = names.forms.get(params["form"], params["form"])
        readable["territory"] = names.territories.get(params["territory"], params["territory"])
        readable["period"] = figures.period(Period.parse(params["period"]))
    if due := params.get("due"):
        readable["due"] = figures.day(dt.date.fromisoformat(due))
    if reason := params.get("failure"):
        readable["failure"] = failure(reason["code"], reason["params"])
    return readable
