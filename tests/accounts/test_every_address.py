"""Every address that is not for everybody × every role × what is one's own and what is foreign."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Mandate, Organisation, User
from accounts.services.keys import Scope, issue_key
from cities.models import Territory
from indicators.models import Notice, Report, ReportingForm, Source, StagedFigure, Upload
from papers.models import Paper, PaperFile, PaperSignature
from programmes.models import Inquiry

pytestmark = pytest.mark.django_db

Browsers = Callable[[str], Client]
ROLES = ["analyst", "almaty.analyst", "approver", "coordinator", "deputy", "administrator"]
ANALYSTS = {"analyst", "almaty.analyst"}
OVERSEERS = {"coordinator", "administrator"}
EVERYBODY = set(ROLES)
SIGNERS = {"approver", "coordinator", "administrator"}
SHARED = {"", "kind", "paper", "signature", "user"}
"""What is nobody's own: whoever may, may everywhere."""
ASKERS = {"deputy", "coordinator"}
FORM = ["almaty-2025-annual", "2024"]
FAILED = {"file": "a.csv", "failure": {"code": "empty_file", "params": {}}}


@dataclass(frozen=True)
class Address:
    """How an address is asked, who may, and whose objects (`own`: arguments made of them) it is about."""

    allowed: set[str]
    own: str = ""
    method: str = "get"


READ, WRITE = "get", "post"
UPLOADS = {
    name: Address({"analyst"}, "upload", method)
    for name, method in {
        "detail": READ, "progress": READ, "file": READ, "revert": READ, "errors": READ, "difference": READ,
        "revisions": READ, "confirm": WRITE, "read-again": WRITE, "correct": WRITE, "explain": WRITE,
    }.items()
}  # fmt: skip
SHEETS = {
    "": READ, "-state": READ, "-template": READ, "-save": WRITE, "-evidence": WRITE, "-submit": WRITE,
    "-reopen": WRITE, "-fill": WRITE,
}  # fmt: skip
ADDRESSES = {
    "accounts:audit-list": Address(OVERSEERS),
    "accounts:audit-export": Address(OVERSEERS),
    "accounts:key-list": Address(ANALYSTS | {"approver"}),
    "accounts:session-end": Address({"analyst"}, "session", WRITE),
    "accounts:key-revoke": Address({"analyst"}, "key", WRITE),
    "indicators:upload-list": Address(ANALYSTS),
    **{f"indicators:upload-{name}": address for name, address in UPLOADS.items()},
    "indicators:upload-forget-name": Address({"analyst"}, "name", WRITE),
    "indicators:upload-forget-layout": Address({"analyst"}, "layout", WRITE),
    "indicators:report-list": Address(ANALYSTS),
    **{f"indicators:sheet{name}": Address(ANALYSTS, "sheet", method) for name, method in SHEETS.items()},
    "indicators:review-list": Address({"approver"}),
    "indicators:review-approve": Address({"approver"}, "", WRITE),
    "indicators:review-detail": Address({"approver"}, "report"),
    "indicators:calendar": Address(OVERSEERS),
    "indicators:calendar-nudge": Address(OVERSEERS, "", WRITE),
    "indicators:notice-list": Address(EVERYBODY),
    "indicators:notice-detail": Address({"analyst"}, "notice"),
    "indicators:notice-read": Address(EVERYBODY, "", WRITE),
    "indicators:notice-preferences": Address(EVERYBODY),
    "programmes:inquiry-register": Address(ASKERS),
    "programmes:inquiry-figures": Address(ASKERS | ANALYSTS | {"approver"}, "inquiry"),
    "programmes:inquiry-assign": Address({"coordinator", "approver"}, "inquiry"),
    "programmes:inquiry-answer": Address(ANALYSTS | {"approver"}, "inquiry"),
    "programmes:inquiry-decide": Address({"approver"}, "inquiry", WRITE),
    "papers:paper-order": Address(EVERYBODY, "kind"),
    "papers:paper-sign": Address(SIGNERS, "paper"),
    "papers:paper-signature": Address(EVERYBODY, "signature"),
    "portal:system-status": Address({"administrator"}),
    "portal:publishing-pause": Address({"administrator"}, "", WRITE),
    "portal:publishing-resume": Address({"administrator"}, "", WRITE),
    "portal:user-erase": Address({"administrator"}, "user"),
    "programmes:recomputation-list": Address({"administrator"}),
    "programmes:recomputation-start": Address({"administrator"}, "", WRITE),
}
# Whose own is told apart in tests of their own: entry-evidence in test_sheets.py, the jobs in recomputing/.
ELSEWHERE = {
    "indicators:entry-evidence", "programmes:quality-acknowledge", "programmes:recomputation-cancel",
    "programmes:recomputation-progress", "programmes:recomputation-try-again",
}  # fmt: skip


@pytest.fixture
def own(user: Callable[[str], User], settings: Any, tmp_path: Any) -> dict[str, list[object]]:
    """What belongs to the analyst of the statistics office, and the report of Almaty."""
    (tmp_path / "media").mkdir(exist_ok=True)
    (tmp_path / "media/a.csv").write_text("a")
    upload = Upload.objects.create(
        file="a.csv", file_name="a.csv", size=1, sha256="0" * 64, user=user("analyst"), state="applied",
        confirmed_by=user("analyst"), applied_at="2026-01-01T00:00Z",
        source=Source.objects.get(code="bureau"),
        counts={"published": {"new": 0, "changed": 0, "unchanged": 1}},
    )  # fmt: skip
    StagedFigure.objects.create(upload=upload, row=1, column=1, change="rejected", problem="not_a_number")
    form = ReportingForm.objects.get(code=FORM[0])
    report = Report.objects.create(
        form=form, territory=form.territories.get(), period_start="2024-01-01", state="submitted",
        submitted_by=user("almaty.analyst"), submitted_at="2026-01-01T00:00Z",
    )  # fmt: skip
    key, _text = issue_key(user=user("analyst"), label="a key", scopes=[next(iter(Scope))])
    notice = Notice.objects.create(
        user=user("analyst"), kind="failed", key="a", path="/notices/", params=FAILED
    )
    inquiry = Inquiry.objects.create(
        code="2026-1", number="1", date_printed="2026-03-02", due_on="2026-04-02", state="assigned",
        asker=Organisation.objects.get(code="demo-maslikhat"), territory=form.territories.get(),
        organisation=Organisation.objects.get(code="demo-akimat"), registered_by=user("deputy"),
        registered_at="2026-03-02T00:00Z",
    )  # fmt: skip
    session = UserSession.objects.create(
        user=user("analyst"), ip="192.0.2.7", session_key="a", user_agent="b"
    )
    paper = Paper.objects.create(
        kind="quality", language="kk", ordered_by=user("deputy"), state="ready", percent=100, contents={},
        finished_at="2026-01-01T00:00Z", figures_on="2026-01-01",
    )  # fmt: skip
    file = PaperFile.objects.create(paper=paper, format="pdf", file="a.csv", size=1, sha256="0" * 64)
    signature = PaperSignature.objects.create(
        file=file, content=b"a", sha256="0" * 64, state="unsupported", attached_by=user("approver")
    )
    return {
        "inquiry": [inquiry.code],
        "": [], "upload": [upload.pk], "name": [upload.pk, 1], "layout": [upload.pk, 1], "sheet": list(FORM),
        "report": [report.pk], "key": [key.pk], "notice": [notice.pk], "kind": ["programme"],
        "session": [session.pk], "paper": [paper.pk], "signature": [paper.pk, signature.pk],
        "user": [user("deputy").pk],
    }  # fmt: skip


def named(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))
        elif pattern.name:
            yield prefix + pattern.name


def test_no_address_is_forgotten() -> None:
    private = {name for name in named(get_resolver()) if re.match(r"(accounts|indicators):", name)}
    pages = {"programmes:inquiry-list", "programmes:inquiry-detail"}
    work = r"programmes:(recomputation|quality-ack|inquiry)|papers:paper-(order|sign)"
    work += "|portal:(system|publishing|user)"
    jobs = {name for name in named(get_resolver()) if re.match(work, name)} - pages
    assert private | jobs == set(ADDRESSES) | ELSEWHERE


@pytest.mark.parametrize("name", ["anonymous", *ROLES])
@pytest.mark.parametrize("page", ADDRESSES)
def test_each_address_lets_in_whom_it_should(
    client_of: Browsers, own: dict[str, list[object]], name: str, page: str
) -> None:
    address = ADDRESSES[page]
    almaty = Territory.objects.get(code="almaty").pk
    sent = {"report": almaty} if page == "indicators:sheet-reopen" else {}
    response = getattr(client_of(name), address.method)(reverse(page, args=own[address.own]), sent)
    if name == "anonymous":
        assert response.status_code == 302
        assert "login" in response["Location"]
    elif name in address.allowed:
        assert response.status_code != 403
        # What is gone by name is not found by its owner either.
        assert response.status_code != 404 or address.own in {"name", "layout"}
        assert "login" not in response.get("Location", "")
    else:
        assert response.status_code in {403, 404}


@pytest.mark.parametrize("page", [name for name, address in ADDRESSES.items() if address.own not in SHARED])
@pytest.mark.parametrize("role", ["analyst", "approver", "coordinator", "deputy"])
def test_what_is_foreign_does_not_exist(
    client_of: Browsers, own: dict[str, list[object]], user: Callable[[str], User], page: str, role: str
) -> None:
    """Somebody with the right role, of another organisation and another place."""
    stranger = User.objects.create_user("stranger@bagdar.example", None)
    Mandate.objects.create(
        user=stranger, role=role, organisation=Organisation.objects.get(code="demo-ministry"),
        territory=Territory.objects.get(code="astana"),
    )  # fmt: skip
    address = ADDRESSES[page]
    response = getattr(client_of("stranger"), address.method)(reverse(page, args=own[address.own]))
    holds_the_role = role in address.allowed if address.own == "inquiry" else role == "analyst"
    if address.own == "report":
        holds_the_role = role == "approver"
    assert response.status_code == 404 if holds_the_role else response.status_code in {403, 404}
