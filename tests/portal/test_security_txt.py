"""`/.well-known/security.txt` as RFC 9116 wants it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

ADDRESS = "/.well-known/security.txt"


@pytest.mark.django_db
def test_without_a_contact_there_is_none(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = []
    assert client.get(ADDRESS).status_code == 404


def test_it_names_the_contact_until_when_and_where(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ["security@bagdar.example", "https://bagdar.example/report"]
    settings.SECURITY_POLICY = "https://bagdar.example/policy"
    settings.PORTAL_URL = "https://bagdar.example"
    answer = client.get(ADDRESS)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in answer.content.decode().splitlines()]
    assert [value for name, value in fields if name == "Contact"] == [
        "mailto:security@bagdar.example", "https://bagdar.example/report",
    ]  # fmt: skip
    one = dict(fields)
    assert one["Canonical"] == "https://bagdar.example/.well-known/security.txt"
    assert one["Policy"] == "https://bagdar.example/policy"
    expires = dt.datetime.fromisoformat(one["Expires"])
    assert dt.timedelta(days=179) < expires - timezone.now() <= dt.timedelta(days=180)


def test_nothing_is_sent_there(client: Client) -> None:
    assert client.post(ADDRESS).status_code == 405
