"""Every address of the API × method × role × key or session × what is one's own and what is foreign."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from accounts.models import Mandate, Organisation, User
from accounts.services.keys import Scope, issue_key
from cities.models import Territory
from indicators.models import Entry, Indicator, Report, ReportingForm, Source, Upload
from papers.models import Paper
from papers.services.ordering import order_paper
from programmes.services.running import start_run

pytestmark = pytest.mark.django_db

Users = Callable[[str], User]
ROLES = ["analyst", "almaty.analyst", "approver", "coordinator", "deputy", "administrator"]
WORKERS = frozenset({"analyst", "almaty.analyst", "approver"})
ANALYSTS = frozenset({"analyst", "almaty.analyst"})
BUREAU, APPROVER, ADMINISTRATOR = (
    frozenset({"analyst"}),
    frozenset({"approver"}),
    frozenset({"administrator"}),
)
METHODS = ("get", "post", "put", "patch", "delete")
REPORT, LINE = "almaty-2025-annual:almaty:2024", "central-water-access:_T"
ROW = {"form": "almaty-2025-annual", "territory": "almaty", "period": "2023",
       "indicator": "central-water-access", "value": 99}  # fmt: skip
ORDER = {"kind": "quality", "language": "kk"}
OPEN = {"api-bulk", "api-bulk-file", "api-catalogue", "api-root", "api-docs", "api-problems"}
"""For everybody, beside what says so itself (`is_published`)."""


@dataclass(frozen=True)
class Door:
    """Who may, with a key of which scope (none: no key opens it); what it is about; what is sent."""

    allowed: frozenset[str]
    scope: Scope | None
    about: str = ""
    sent: Any = None


UPLOADS, ENTRIES, APPROVAL, PAPERS = Scope.UPLOADS, Scope.ENTRIES, Scope.APPROVAL, Scope.PAPERS
TABLE = {
    ("api-entries-list", "get"): Door(WORKERS, ENTRIES),
    ("api-entries-bulk", "post"): Door(ANALYSTS, ENTRIES, "", {"entries": [ROW]}),
    ("api-entries-detail", "get"): Door(WORKERS, ENTRIES, "entry"),
    ("api-entries-detail", "put"): Door(ANALYSTS, ENTRIES, "entry", {"value": 99}),
    ("api-reporting-forms-list", "get"): Door(ANALYSTS, ENTRIES),
    ("api-reports-list", "get"): Door(WORKERS, ENTRIES),
    ("api-reports-detail", "get"): Door(WORKERS, ENTRIES, "report"),
    ("api-reports-submit", "post"): Door(ANALYSTS, ENTRIES, "report"),
    ("api-reports-reopen", "post"): Door(ANALYSTS, ENTRIES, "report"),
    ("api-reports-approve", "post"): Door(APPROVER, APPROVAL, "report"),
    ("api-reports-send-back", "post"): Door(APPROVER, APPROVAL, "report", {"reason": "Why?"}),
    ("api-uploads-list", "get"): Door(ANALYSTS, UPLOADS),
    ("api-uploads-list", "post"): Door(ANALYSTS, UPLOADS),
    ("api-uploads-detail", "get"): Door(BUREAU, UPLOADS, "upload"),
    ("api-uploads-confirm", "post"): Door(BUREAU, UPLOADS, "upload"),
    ("api-uploads-revert", "post"): Door(BUREAU, UPLOADS, "upload"),
    ("api-papers-list", "get"): Door(frozenset(ROLES), PAPERS),
    ("api-papers-list", "post"): Door(frozenset(ROLES), PAPERS, "", ORDER),
    ("api-papers-detail", "get"): Door(frozenset(ROLES), PAPERS, "paper"),
    ("api-recomputations-list", "get"): Door(ADMINISTRATOR, None),
    ("api-recomputations-list", "post"): Door(ADMINISTRATOR, None),
    ("api-recomputations-detail", "get"): Door(ADMINISTRATOR, None, "run"),
    ("api-recomputations-cancel", "post"): Door(ADMINISTRATOR, None, "run"),
}
Place = tuple[str, str]


def patterns(resolver: Any) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern)
        elif (pattern.name or "").startswith("api-"):
            yield pattern


def is_for_everybody(pattern: URLPattern) -> bool:
    view = getattr(pattern.callback, "cls", None)
    return pattern.name in OPEN or getattr(view, "is_published", False)


PRIVATE = [pattern for pattern in patterns(get_resolver()) if not is_for_everybody(pattern)]
PUBLIC = {str(pattern.name): pattern for pattern in patterns(get_resolver()) if is_for_everybody(pattern)}


def test_no_address_and_no_method_is_forgotten() -> None:
    found = {
        (pattern.name, method)
        for pattern in PRIVATE
        for method in pattern.callback.actions  # type: ignore[attr-defined]
        if method != "head"  # which a view learns when it is first asked
    }
    assert found == set(TABLE)


@pytest.fixture
def own(user: Users) -> dict[str, list[object]]:
    """A submitted report of Almaty, an upload of the statistics office, a recomputation."""
    form, analyst = ReportingForm.objects.get(code="almaty-2025-annual"), user("almaty.analyst")
    report = Report.objects.create(
        form=form, territory=form.territories.get(), period_start="2024-01-01", state="submitted",
        submitted_by=analyst, submitted_at="2025-01-10T00:00Z",
    )  # fmt: skip
    line = form.lines.get(indicator=Indicator.objects.get(code="central-water-access"))
    Entry.objects.create(
        report=report, indicator=line.indicator, breakdown=line.breakdown, value=98, changed_by=analyst
    )
    upload = Upload.objects.create(
        file="a.csv", file_name="a.csv", size=1, sha256="0" * 64, user=user("analyst"),
        source=Source.objects.get(code="bureau"),
    )  # fmt: skip
    run = start_run(user("administrator"))
    paper = order_paper(by=user("deputy"), kind=Paper.Kind.QUALITY, language="ru")
    return {
        "": [], "report": [REPORT], "entry": [f"{REPORT}:{LINE}"], "upload": [upload.pk], "run": [run.pk],
        "paper": [paper.pk],
    }  # fmt: skip


def with_key(user: User, *scopes: Scope) -> Client:
    _key, text = issue_key(user=user, label="Test", scopes=scopes)
    return Client(headers={"Authorization": f"Api-Key {text}"})


def ask(client: Client, place: Place, own: dict[str, list[object]]) -> Any:
    name, method = place
    door = TABLE[place]
    address = reverse(name, args=own[door.about])
    if method == "get":
        return client.get(address)
    sent = door.sent if door.sent is not None else ""
    return getattr(client, method)(address, sent, content_type="application/json")


@pytest.mark.parametrize("name", ["anonymous", *ROLES])
@pytest.mark.parametrize("place", TABLE, ids="-".join)
def test_each_address_lets_in_whom_it_should(
    client_of: Callable[[str], Client], own: dict[str, list[object]], name: str, place: Place
) -> None:
    status = ask(client_of(name), place, own).status_code
    door = TABLE[place]
    if name in door.allowed:
        assert status not in {401, 403, 404}
    elif name == "anonymous":
        assert status == (401 if door.scope else 403)
    else:
        assert status == (404 if door.about == "upload" and name in ANALYSTS else 403)


@pytest.mark.parametrize("place", TABLE, ids="-".join)
def test_a_key_opens_what_it_was_issued_for(user: Users, own: dict[str, list[object]], place: Place) -> None:
    door = TABLE[place]
    for name in sorted(door.allowed):
        others = set(Scope) - {door.scope}
        if door.allowed == WORKERS:  # read by whoever may enter or approve
            others -= {Scope.APPROVAL}
        assert ask(with_key(user(name), *others), place, own).status_code == 403
        if door.scope is not None:
            assert ask(with_key(user(name), door.scope), place, own).status_code not in {401, 403, 404}


@pytest.mark.parametrize("role", [role for role in Mandate.Role.values if role != "administrator"])
@pytest.mark.parametrize(
    "place", [place for place, door in TABLE.items() if door.about and door.about != "paper"], ids="-".join
)
def test_what_is_foreign_does_not_exist(own: dict[str, list[object]], place: Place, role: str) -> None:
    """Somebody with the right role, of another organisation and another place."""
    door = TABLE[place]
    status = ask(Client(headers=headers_of(stranger(role))), place, own).status_code
    assert status == (404 if role in {name.rpartition(".")[2] for name in door.allowed} else 403)


def stranger(role: str) -> User:
    """Somebody of another organisation and another place."""
    user = User.objects.create_user("stranger@bagdar.example", None)
    Mandate.objects.create(
        user=user, role=role, organisation=Organisation.objects.get(code="demo-ministry"),
        territory=Territory.objects.get(code="astana"),
    )  # fmt: skip
    return user


def headers_of(user: User) -> dict[str, str]:
    """Those of a key for everything."""
    _key, text = issue_key(user=user, label="Test", scopes=list(Scope))
    return {"Authorization": f"Api-Key {text}"}


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("role", ["analyst", "approver"])
def test_no_list_shows_what_is_foreign(role: str) -> None:
    client = Client(headers=headers_of(stranger(role)))
    names = ["api-entries-list", "api-reports-list"]
    names += ["api-reporting-forms-list", "api-uploads-list"] if role == "analyst" else []
    for name in names:
        answer = client.get(reverse(name)).json()
        assert (answer if isinstance(answer, list) else answer["results"]) == []


@pytest.mark.usefixtures("own")
def test_foreign_figures_are_not_saved_among_many() -> None:
    client = Client(headers=headers_of(stranger("analyst")))
    answer = client.post(reverse("api-entries-bulk"), {"entries": [ROW]}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_place")
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("name", ["anonymous", "administrator"])
@pytest.mark.parametrize("address", sorted(PUBLIC))
def test_what_is_published_is_only_read(client_of: Callable[[str], Client], name: str, address: str) -> None:
    groups = PUBLIC[address].pattern.regex.groupindex
    example = {"name": "latest", "file": "units.csv"}
    path = reverse(address, kwargs={each: example.get(each, "1") for each in groups})
    client = client_of(name)
    assert client.get(path).status_code not in {401, 403, 405}
    for method in METHODS[1:]:
        assert getattr(client, method)(path).status_code in {405, 403}, method
