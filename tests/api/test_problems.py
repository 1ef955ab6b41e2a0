"""Whatever a client gets wrong, it hears what, where and what to do; it never sees a 500."""

import json

import pytest
from django.test import Client

from tests.api.conftest import Get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.mark.parametrize(
    ("address", "code", "field"),
    [
        ("kpis/?colour=blue", "unknown_parameter", "colour"),
        ("kpis/KPI/?programme=x", "unknown_parameter", "programme"),
        ("units/test/?limit=1", "unknown_parameter", "limit"),
        ("kpis/?programme=", "empty_parameter", "programme"),
        ("territories/?kato=1&kato=2", "repeated_parameter", "kato"),
        ("units/?limit=1&limit=2", "repeated_parameter", "limit"),
        ("units/?limit=0", "bad_value", "limit"),
        ("units/?limit=10001", "bad_value", "limit"),
        ("units/?limit=-1", "bad_value", "limit"),
        ("units/?limit=1e3", "bad_value", "limit"),
        ("units/?limit=ten", "bad_value", "limit"),
        ("units/?limit=99999999999999999999999", "bad_value", "limit"),
        ("units/?cursor=abc", "bad_cursor", "cursor"),
        ("units/?cursor=%00", "bad_value", "cursor"),
        ("units/?cursor=Ә:Ә", "bad_cursor", "cursor"),
        ("units/?cursor=WyJYIl0:forged", "bad_cursor", "cursor"),
        ("units/?lang=de", "bad_value", "lang"),
        ("units/?format=xml", "bad_value", "format"),
        ("kpis/?programme=nowhere", "unknown_code", "programme"),
        ("kpis/?programme=test-programme&programme=nowhere", "unknown_code", "programme"),
        ("kpis/?programme=a%00b", "bad_value", "programme"),
        ("kpis/?group=nowhere", "unknown_code", "group"),
        ("progress/?kpi=KPI-1", "unknown_code", "kpi"),
        ("progress/?year_from=1", "bad_value", "year_from"),
        ("progress/?year_to=99999999999", "bad_value", "year_to"),
        ("progress/?year_to=2022.5", "bad_value", "year_to"),
        ("progress/?course=sideways", "bad_value", "course"),
        ("progress/?verdict=not_computable", "bad_value", "verdict"),
        ("standings/?standing=MET", "bad_value", "standing"),
        ("territories/?within=nowhere", "unknown_code", "within"),
        ("territories/?within=test-city&within=test-land", "repeated_parameter", "within"),
        ("territories/?level=village", "bad_value", "level"),
        ("territories/?existing_on=31.12.2025", "bad_value", "existing_on"),
        ("territories/?existing_on=2025-02-30", "bad_value", "existing_on"),
        ("territories/?kato=%00", "bad_value", "kato"),
        ("targets/?in_force_on=2025", "bad_value", "in_force_on"),
        ("observations/?breakdown=SEX", "unknown_code", "breakdown"),
        ("observations/?frequency=annual", "bad_value", "frequency"),
        ("observations/?status=X", "bad_value", "status"),
        ("observations/?period_from=2022-Q5", "bad_value", "period_from"),
        ("observations/?period_to=0000", "bad_value", "period_to"),
        ("observations/?period_to=2022-01-01", "bad_value", "period_to"),
        ("observations/?updated_after=yesterday", "bad_value", "updated_after"),
        ("observations/?updated_after=2026-13-01T00:00:00Z", "bad_value", "updated_after"),
        ("observations/?updated_after=2026-01-01T00:00:00+05:00", "bad_value", "updated_after"),
        ("observations/?updated_after=%00", "bad_value", "updated_after"),
    ],
)
def test_a_bad_parameter_is_named_with_its_cure(get: Get, address: str, code: str, field: str) -> None:
    problem = get(f"/api/v1/{address}", expect=400)
    flaws = {(flaw["code"], flaw["field"]) for flaw in problem["errors"]}
    assert flaws == {(code, field)}
    assert problem["code"] == "invalid_request"
    for flaw in problem["errors"]:
        assert flaw["detail"]
        assert flaw["cure"]
        assert isinstance(flaw["value"], str)


@pytest.mark.parametrize(
    "address",
    [
        "observations/?updated_after=0001-01-01T00:00:00%2B14:00",
        "observations/?updated_after=9999-12-31T23:59:59-12:00",
        "observations/?updated_after=0001-01-01T00:00:00",
        "observations/?period_from=1900&period_to=2100-12",
        "territories/?existing_on=0001-01-01",
        "territories/?kato=%ff%fe",
        "standings/?standing=met&standing=met",
    ],
)
def test_odd_but_good_parameters_are_answered(get: Get, address: str) -> None:
    assert isinstance(get(f"/api/v1/{address}")["results"], list)


def test_all_bad_values_are_named_at_once(get: Get) -> None:
    problem = get("observations", expect=400, period_from="x", territory="nowhere")
    assert {flaw["field"]: flaw["value"] for flaw in problem["errors"]} == {
        "period_from": "x",
        "territory": "nowhere",
    }


def test_a_problem_is_written_as_rfc_9457_asks(get: Get) -> None:
    response = Client().get("/api/v1/kpis/", {"colour": "blue", "lang": "en", "format": "csv"})
    assert response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem == {
        "type": "/api/v1/problems/#invalid_request",
        "title": "Bad Request",
        "status": 400,
        "code": "invalid_request",
        "detail": "There is no such parameter.",
        "errors": [
            {
                "number": 1001,
                "code": "unknown_parameter",
                "field": "colour",
                "value": "blue",
                "detail": "There is no such parameter.",
                "cure": "Parameters of this address: cursor, expand, fields, format, group, indicator, lang, "
                "limit, ordering, programme, territory, updated_after.",
            }
        ],
    }


def test_an_address_that_is_none_is_a_problem_too(get: Get) -> None:
    for address in ("nothing/", "kpis/a/b/", "Ә/", "a\nb/"):
        problem = get(f"/api/v1/{address}", expect=404)
        assert problem["errors"][0]["code"] == "unknown_path"
    assert Client().post("/api/v1/nothing/").status_code == 404


def test_a_missing_slash_is_added() -> None:
    response = Client().get("/api/v1/kpis", {"programme": "test-programme"})
    assert (response.status_code, response["Location"]) == (301, "/api/v1/kpis/?programme=test-programme")


def test_too_many_parameters_are_refused(get: Get) -> None:
    assert get(f"/api/v1/kpis/?{'a=1&' * 5001}", expect=400)["code"] == "bad_request"


def test_a_format_that_does_not_exist_is_refused() -> None:
    response = Client().get("/api/v1/kpis/", headers={"Accept": "image/png"})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")
