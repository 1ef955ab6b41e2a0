"""The audit trail's page and its export: who reads what, how it is searched, what a file holds."""

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, Mandate, Organisation, User
from accounts.origin import Channel, Origin
from accounts.services.auditing import change, event, record, record_all
from cities.models import Territory
from common.formats import unguarded

pytestmark = pytest.mark.usefixtures("_sealed")

Browser = Callable[[str], Client]
Cast = Callable[[str], User]


def happened(label: str, action: str = "entry.saved", **more: Any) -> None:
    place, business = more.pop("territory", None), more.pop("organisation", None)
    record(
        action, subject=more.pop("subject", "report:12"), label=label, by=more.pop("by", None),
        territory=Territory.objects.get(code=place) if place else None,
        organisation=Organisation.objects.get(code=business) if business else None, **more,
    )  # fmt: skip


def labels(client: Client, **filters: str) -> list[str]:
    answer = client.get(reverse("accounts:audit-list"), filters)
    assert answer.status_code == 200
    return [line.event.label for line in answer.context["lines"]]


def exported(client: Client, **filters: str) -> list[dict[str, str]]:
    answer = client.get(reverse("accounts:audit-export"), filters)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture
def _everywhere(_sealed: None) -> None:
    """Events of two cities and two organisations, and one that belongs to nobody."""
    happened("akimat, Almaty", territory="almaty", organisation="demo-akimat")
    happened("akimat, Alatau", territory="alatau-district", organisation="demo-akimat")
    happened("statistics, Almaty", territory="almaty", organisation="demo-statistics")
    happened("akimat, Astana", territory="astana", organisation="demo-akimat")
    happened("akimat, nowhere", organisation="demo-akimat")
    happened("nobody, Astana", territory="astana")
    happened("nobody, nowhere")


EVERYTHING = {
    "akimat, Almaty", "akimat, Alatau", "statistics, Almaty", "akimat, Astana", "akimat, nowhere",
    "nobody, Astana", "nobody, nowhere",
}  # fmt: skip


@pytest.mark.usefixtures("_everywhere")
@pytest.mark.parametrize(
    ("role", "organisation", "territory", "seen"),
    [
        ("administrator", "demo-ministry", "kazakhstan", EVERYTHING),
        ("coordinator", "demo-ministry", "kazakhstan", EVERYTHING - {"nobody, nowhere"}),
        ("coordinator", "demo-akimat", "almaty", {"akimat, Almaty", "akimat, Alatau", "akimat, nowhere"}),
        ("administrator", "demo-akimat", "astana", {"akimat, Astana", "akimat, nowhere"}),
    ],
)
def test_everybody_reads_about_what_he_oversees(
    role: str, organisation: str, territory: str, seen: set[str]
) -> None:
    overseer = User.objects.create_user("overseer@bagdar.example")
    Mandate.objects.create(
        user=overseer, role=role, organisation=Organisation.objects.get(code=organisation),
        territory=Territory.objects.get(code=territory),
    )  # fmt: skip
    client = Client()
    client.force_login(overseer)

    assert set(labels(client)) == seen
    assert {row["label"] for row in exported(client)} - {"audit.csv"} == seen


@pytest.mark.parametrize("name", ["analyst", "approver", "deputy"])
@pytest.mark.parametrize("page", ["accounts:audit-list", "accounts:audit-export"])
def test_nobody_else_comes_in(client_of: Browser, name: str, page: str) -> None:
    client = client_of(name)

    assert client.get(reverse(page)).status_code == 403
    assert reverse("accounts:audit-list") not in client.get(reverse("home")).content.decode()


def test_overseers_are_led_to_it(client_of: Browser) -> None:
    assert reverse("accounts:audit-list") in client_of("coordinator").get(reverse("home")).content.decode()


@pytest.mark.usefixtures("_everywhere")
@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "statistics"}, {"statistics, Almaty"}),
        ({"q": "ALMATY akimat"}, {"akimat, Almaty"}),
        ({"q": "100%"}, set()),
        ({"territory": "almaty"}, {"akimat, Almaty", "akimat, Alatau", "statistics, Almaty"}),
        ({"territory": "alatau-district"}, {"akimat, Alatau"}),
    ],
)
def test_it_is_searched_by_words_and_places(
    client_of: Browser, filters: dict[str, str], found: set[str]
) -> None:
    assert set(labels(client_of("administrator"), **filters)) == found


def test_it_is_searched_by_who_what_why_and_from_where(client_of: Browser, user: Cast) -> None:
    User.objects.filter(pk=user("approver").pk).update(first_name="Айгүл", last_name="Үлгі")
    page = Origin(Channel.PAGE, "192.0.2.9")
    happened("typed", by=user("analyst"), details={"value": change("4.9", "5.1")}, origin=page)
    happened("returned", "report.returned", by=user("approver"), reason="Тексеріңіз", subject="report:13")
    client = client_of("administrator")

    for filters in ({"user": "analyst@"}, {"address": "192.0.2.9"}, {"channel": "page"}, {"q": "5.1"}):
        assert labels(client, **filters) == ["typed"], filters
    for filters in (
        {"user": "үлгі айгүл"}, {"action": "report.returned"}, {"subject": "report:13"}, {"q": "ТЕКСЕРІҢІЗ"},
    ):  # fmt: skip
        assert labels(client, **filters) == ["returned"], filters
    assert labels(client, user="nobody@nowhere") == []


def test_it_is_searched_by_days(client_of: Browser) -> None:
    happened("today")
    client, here = client_of("administrator"), timezone.localdate()
    yesterday, today, tomorrow = ((here + dt.timedelta(days=n)).isoformat() for n in (-1, 0, 1))

    assert labels(client, since=today, until=today) == ["today"]
    assert labels(client, since=yesterday) == ["today"]
    assert labels(client, since=tomorrow) == []
    assert labels(client, until=yesterday) == []


@pytest.mark.parametrize("filters", [{"since": "soon"}, {"action": "x"}, {"address": "home"}])
def test_a_bad_filter_shows_nothing_and_says_what_is_wrong(
    client_of: Browser, filters: dict[str, str]
) -> None:
    happened("something")
    client = client_of("administrator")

    answer = client.get(reverse("accounts:audit-list"), filters)

    assert not answer.context["lines"]
    assert "field-error" in answer.content.decode()
    address = client.get(reverse("accounts:audit-export"), filters)["Location"]
    assert address.startswith(reverse("accounts:audit-list") + "?")


def test_pages_are_turned_in_both_directions(client_of: Browser) -> None:
    record_all(event("entry.saved", subject="report:1", label=str(n), by=None) for n in range(1, 121))
    client = client_of("administrator")

    assert labels(client) == [str(n) for n in range(120, 70, -1)]
    assert labels(client, before="71") == [str(n) for n in range(70, 20, -1)]
    assert labels(client, before="21") == [str(n) for n in range(20, 0, -1)]
    assert labels(client, after="20") == [str(n) for n in range(70, 20, -1)]
    assert labels(client, after="70") == [str(n) for n in range(120, 70, -1)]
    assert labels(client, before="nonsense") == labels(client)

    first = client.get(reverse("accounts:audit-list")).context
    middle = client.get(reverse("accounts:audit-list"), {"before": "71"}).context
    last = client.get(reverse("accounts:audit-list"), {"before": "21"}).context
    assert (first["newer"], first["older"]) == (None, 71)
    assert (middle["newer"], middle["older"]) == (70, 21)
    assert (last["newer"], last["older"]) == (20, None)


def test_old_and_new_stand_side_by_side_and_unknown_codes_as_they_are(client_of: Browser) -> None:
    happened("<b>typed</b>", "some.thing", details={"value": change("4.9", None), "file": "a.xlsx"})

    page = client_of("administrator").get("/en/audit/").content.decode()

    assert "<del>4.9</del>" in page
    assert "<ins>nothing</ins>" in page
    assert "a.xlsx" in page
    assert "some.thing" in page
    assert "&lt;b&gt;typed&lt;/b&gt;" in page


def test_reading_takes_as_many_queries_for_many_events_as_for_few(
    client_of: Browser, django_assert_max_num_queries: DjangoAssertNumQueries, user: Cast
) -> None:
    for name in ("almaty", "astana", "kazakhstan"):
        happened("one of many", territory=name, organisation="demo-akimat", by=user("analyst"))
    client = client_of("coordinator")

    with django_assert_max_num_queries(20):
        assert len(labels(client)) == 3


def test_a_spreadsheet_runs_nothing_that_is_exported(client_of: Browser) -> None:
    happened("=HYPERLINK('http://example.kz')", reason="@SUM(A1)", details={})

    row, *_ = exported(client_of("administrator"))

    assert row["label"] == "'=HYPERLINK('http://example.kz')"
    assert row["reason"] == "'@SUM(A1)"


def test_an_export_holds_what_was_searched_and_is_an_event_itself(client_of: Browser, user: Cast) -> None:
    happened("akimat, Almaty", territory="almaty", organisation="demo-akimat")
    happened("akimat, Astana", territory="astana", organisation="demo-akimat")

    rows = exported(client_of("coordinator"), territory="astana")

    assert [row["label"] for row in rows] == ["akimat, Astana"]
    written = AuditEvent.objects.get(action="audit.exported")
    assert written.user == user("coordinator")
    assert written.details == {"filters": {"territory": "astana"}}


def test_anybody_can_compute_the_hashes_of_an_export_anew(client_of: Browser, user: Cast) -> None:
    happened(
        "Жұмыссыздық «деңгейі»\t\\ €", territory="almaty", by=user("analyst"), reason='=1+"1"',
        details={"бб": 1.5, "a": change(None, [True, "x\ny"])}, origin=Origin(Channel.PAGE, "2001:db8::7"),
    )  # fmt: skip
    happened("a second one")

    before = "0" * 64
    for row in exported(client_of("administrator"))[:2]:
        plain = {name: unguarded(cell) for name, cell in row.items()}
        numbers = {name: int(plain[name]) if plain[name] else None for name in plain if name.endswith("_id")}
        parts = [
            before, int(plain["number"]), plain["at"], numbers["user_id"], plain["action"], plain["subject"],
            plain["label"], numbers["organisation_id"], numbers["territory_id"], plain["reason"], "DETAILS",
            plain["channel"], plain["address"] or None, plain["salt"],
        ]  # fmt: skip
        text = json.dumps(parts, ensure_ascii=False).replace('"DETAILS"', plain["details"])
        before = hashlib.sha256(text.encode()).hexdigest()
        assert row["hash"] == before
