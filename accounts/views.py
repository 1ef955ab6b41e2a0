"""The audit trail: searched and exported by those who oversee."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit_actions import action_label, detail_label
from accounts.decorators import UserRequest, action_required
from accounts.exports import audit_csv
from accounts.filters import AuditSearch
from accounts.models import AuditEvent
from accounts.permissions import Action, overseen
from accounts.services.auditing import record

EVENTS_A_PAGE = 50
COUNTED = 10_000
"""How far events are counted; beyond that nobody reads the number, and counting takes its time."""


class Detail(NamedTuple):
    """A member of an event's details: a fact, or something that was `old` and is `new`."""

    name: str
    is_change: bool
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """An event in words."""

    event: AuditEvent
    action: str
    details: list[Detail]


@action_required(Action.AUDIT)
@require_safe
def audit_list(request: UserRequest) -> HttpResponse:
    """Events, the newest first; `before` and `after` are the numbers between which a page lies."""
    search = _search(request)
    found = search.qs if search.is_valid() else AuditEvent.objects.none()
    events, is_first, is_last = _page(found, request.GET.get("before", ""), request.GET.get("after", ""))
    context = {
        "form": search.form,
        "lines": [Line(each, action_label(each.action), list(_details(each))) for each in events],
        "count": found[: COUNTED + 1].count(),
        "counted": COUNTED,
        "newer": None if is_first else events[0].number,
        "older": None if is_last else events[-1].number,
    }
    return render(request, "accounts/audit_list.html", context)


@action_required(Action.AUDIT)
@require_safe
def audit_export(request: UserRequest) -> HttpResponseBase:
    """The events of the list as a file; the export is an event itself."""
    search = _search(request)
    if not search.is_valid():
        return redirect(f"{reverse('accounts:audit-list')}?{request.GET.urlencode()}")
    filters = {name: request.GET[name] for name in search.filters if request.GET.get(name)}
    record(
        "audit.exported", subject="audit", label="audit.csv", by=request.user, details={"filters": filters}
    )
    response = StreamingHttpResponse(audit_csv(search.qs), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _search(request: UserRequest) -> AuditSearch:
    return AuditSearch(request.GET, AuditEvent.objects.filter(overseen(request.user)), request=request)


def _page(found: QuerySet[AuditEvent], before: str, after: str) -> tuple[list[AuditEvent], bool, bool]:
    """The events, and whether they are the first and the last ones. Where there are none, both."""
    found = found.select_related("user", "organisation", "territory")
    if after.isdecimal():
        newer = list(found.filter(number__gt=int(after)).order_by("number")[: EVENTS_A_PAGE + 1])
        return newer[EVENTS_A_PAGE - 1 :: -1], len(newer) <= EVENTS_A_PAGE, not newer
    is_first = not before.isdecimal()
    older = found if is_first else found.filter(number__lt=int(before))
    events = list(older.order_by("-number")[: EVENTS_A_PAGE + 1])
    return events[:EVENTS_A_PAGE], is_first or not events, len(events) <= EVENTS_A_PAGE


def _details(event: AuditEvent) -> Iterator[Detail]:
    for name, member in event.details.items():
        if isinstance(member, dict) and member.keys() == {"old", "new"}:
            yield Detail(detail_label(name), True, _written(member["old"]), _written(member["new"]))
        else:
            yield Detail(detail_label(name), False, "", _written(member))


def _written(value: object) -> str:
    """A value of JSON for people; nothing is empty."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ", ".join(map(_written, value))
        case dict():
            return ", ".join(f"{detail_label(name)}: {_written(member)}" for name, member in value.items())
    return str(value) if isinstance(value, str) else json.dumps(value)
