"""Papers by machine: ordered, watched, fetched; what cannot be ordered is said field by field."""

import hashlib
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from django.test import Client

from accounts.models import User
from accounts.services.keys import Scope, issue_key
from papers.models import Paper
from papers.services.making import take_step
from tests.api.test_schema import schema_of

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


@pytest.fixture
def send(user: Callable[[str], User]) -> Send:
    """Asks with an analyst's key and checks the answer against its description."""
    _key, text = issue_key(user=user("analyst"), label="Test", scopes=[Scope.PAPERS])
    client = Client(headers={"Authorization": f"Api-Key {text}", "Accept-Language": "en"})

    def ask(path: str = "", body: object = None) -> Any:
        address = f"/api/v1/papers/{path}"
        sent = body if isinstance(body, bytes | str) else None
        response = (
            client.get(address)
            if body is None
            else client.post(address, body if sent is None else sent, content_type="application/json")
        )
        kind = "application/json" if response.status_code < 400 else "application/problem+json"
        described = "/api/v1/papers/" + ("{id}/" if path else "")
        method = "get" if body is None else "post"
        jsonschema.validate(response.json(), schema_of(described, str(response.status_code), kind, method))
        return response

    return ask


def test_a_paper_is_ordered_watched_and_fetched(send: Send) -> None:
    ordered = send(body={"kind": "strategy", "language": "ru", "programme": "semey-2050"})
    assert ordered.status_code == 201
    number = ordered.json()["id"]
    while take_step(number):
        pass
    found = send(f"{number}/").json()
    assert (found["state"], found["percent"], found["programme"]) == ("ready", 100, "semey-2050")
    assert {each["format"] for each in found["files"]} == {"pdf", "docx", "xlsx"}
    for each in found["files"]:
        fetched: Any = Client().get(each["address"].removeprefix("http://testserver"), follow=True)
        assert hashlib.sha256(b"".join(fetched.streaming_content)).hexdigest() == each["sha256"]
    again = send(body={"kind": "strategy", "language": "ru", "programme": "semey-2050"})
    assert (again.status_code, again.json()["id"]) == (200, number)
    assert [each["id"] for each in send().json()] == [number]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "novel", "language": "kk"}, "kind"),
        ({"kind": "quality"}, "language"),
        ({"kind": "quality", "language": "de"}, "language"),
        ({"kind": "strategy", "language": "kk", "programme": "almaty-2025"}, "programme"),
        ({"kind": "strategy", "language": "kk", "programme": 5}, "programme"),
        ({"kind": "monotowns", "language": "kk", "territory": "almaty"}, "territory"),
        ({"kind": "quality", "language": "kk", "first_year": 2020}, "first_year"),
        (
            {
                "kind": "programme",
                "language": "kk",
                "programme": "almaty-2025",
                "first_year": "x",
                "last_year": 2024,
            },
            "first_year",
        ),
        (
            {
                "kind": "programme",
                "language": "kk",
                "programme": "almaty-2025",
                "first_year": 1999,
                "last_year": 2024,
            },
            "first_year",
        ),
        ([], "body"),
        (b"{", "body"),
        (b"\xff", "body"),
    ],
)
def test_what_cannot_be_ordered_is_named(send: Send, body: object, field: str) -> None:
    answer = send(body=body)
    assert answer.status_code == 400
    assert field in {each["field"] for each in answer.json()["errors"]}
    assert not Paper.objects.exists()


def test_more_than_a_person_reads_are_refused(send: Send, settings: Any) -> None:
    settings.PAPERS_AN_HOUR = 1
    assert send(body={"kind": "quality", "language": "kk"}).status_code == 201
    refused = send(body={"kind": "quality", "language": "en"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (429, "too_many")
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600


def test_an_unknown_number_is_not_found(send: Send) -> None:
    assert send("999999999/").status_code == 404
    assert send(f"{10**30}/").status_code == 404
