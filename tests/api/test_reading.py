"""What holds for every endpoint: it lists, it finds by public code, and it only reads."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from config.settings import MIDDLEWARE
from tests.api.conftest import ENDPOINTS, Get, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
each_endpoint = pytest.mark.parametrize(("name", "code"), ENDPOINTS.items(), ids=ENDPOINTS)


@each_endpoint
def test_it_finds_a_row_of_its_list_by_the_public_code(get: Get, name: str, code: str) -> None:
    row = get(f"{name}/{code}")
    assert row.get("id", row.get("code")) == code
    assert row in get(name, limit=10_000)["results"]


@each_endpoint
def test_it_shows_no_database_ids(get: Get, name: str, code: str) -> None:
    row = get(f"{name}/{code}")
    assert not [field for field in row if field.endswith(("_id", "pk"))]
    assert isinstance(row.get("id", ""), str)


@each_endpoint
def test_it_says_that_an_unknown_code_is_unknown(get: Get, name: str, code: str) -> None:
    for unknown in ("nowhere", code + "x", ":::::", "a%00b", "Ә"):
        problem = get(f"{name}/{unknown}", expect=404)
        (flaw,) = problem["errors"]
        assert (problem["code"], flaw["code"]) == ("not_found", "unknown_code")
        assert flaw["cure"].strip(".").endswith(f"/api/v1/{name}/")


@each_endpoint
def test_its_csv_holds_the_same_rows(get: Get, name: str, code: str) -> None:
    text = Client().get(f"/api/v1/{name}/{code}/", {"format": "csv"}).content.decode()
    (row,) = csv.DictReader(io.StringIO(text))
    answer = get(f"{name}/{code}")
    for field, value in answer.items():
        if isinstance(value, dict) and set(value) != {"kk", "ru", "en"}:
            assert json.loads(row[field]) == value
        elif isinstance(value, dict):
            assert {language: row[f"{field}_{language}"] for language in value} == value
        elif isinstance(value, str):
            assert row[field] == value
        elif value is None:
            assert row[field] == ""
    assert None not in row


@each_endpoint
def test_nobody_can_write(name: str, code: str) -> None:
    powerful = Client()
    powerful.force_login(User.objects.create_superuser("powerful@example.org"))
    for client in (Client(), powerful, Client(enforce_csrf_checks=True)):
        for method in ("post", "put", "patch", "delete"):
            for address in (f"/api/v1/{name}/", f"/api/v1/{name}/{code}/"):
                response = getattr(client, method)(address)
                assert response.status_code == 405
                assert response.json()["code"] == "method_not_allowed"
                assert response["Allow"] == "GET, HEAD, OPTIONS"


@each_endpoint
def test_options_tells_what_can_be_asked_in_whatever_format(name: str, code: str) -> None:
    for address in (f"/api/v1/{name}/?format=csv", f"/api/v1/{name}/{code}/?format=xlsx"):
        response = Client().options(address)
        assert response.status_code == 204
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert not response.content


@each_endpoint
def test_its_queries_do_not_grow_with_the_rows(get: Get, name: str, code: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        get(name, limit=50)
    with CaptureQueriesContext(connection) as many:
        get(name, limit=10_000)
    most = {"discrepancies": 7, "indicators": 3, "quality-findings": 8, "inquiries": 7, "territory-groups": 3}
    assert len(one) <= len(many) <= most.get(name, 2)


def test_a_filter_costs_one_query_more(get: Get) -> None:
    with CaptureQueriesContext(connection) as queries:
        get("observations", indicator="test-indicator", territory="test-city")
    assert len(queries) == 4


def test_it_looks_at_no_session(world: World, settings: Settings) -> None:
    """The door for published answers leaves no cookie for those within."""
    settings.MIDDLEWARE = MIDDLEWARE
    client = Client()
    client.force_login(User.objects.create_superuser("powerful@example.org"))
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/api/v1/units/")
    asked = " ".join(query["sql"] for query in queries)
    assert "session" not in asked
    assert "accounts_user" not in asked
    assert "Cookie" not in response["Vary"]


def test_the_name_is_in_the_language_that_is_asked_for(get: Get) -> None:
    city = "territories/test-city"
    assert get(city)["name"] == "City kk"
    assert get(city, headers={"Accept-Language": "ru-RU,ru;q=0.9"})["name"] == "City ru"
    assert get(city, headers={"Accept-Language": "ru"}, lang="en")["name"] == "City en"
    assert get(city)["names"] == {"kk": "City kk", "ru": "City ru", "en": "City en"}


def test_the_language_of_one_request_is_not_that_of_the_next(get: Get) -> None:
    get("units", lang="en")
    assert get("territories/test-city")["name"] == "City kk"


def test_csv_of_nothing_has_its_heading(get: Get) -> None:
    response = Client().get("/api/v1/territories/", {"format": "csv", "kato": "000000000"})
    assert response.content.decode().startswith("code,name,names_kk,names_ru,names_en,level,parent,kato")
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_csv_can_be_asked_for_by_the_accept_header() -> None:
    response = Client().get("/api/v1/units/", headers={"Accept": "text/csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
