"""The API's description is true, complete, valid and as committed."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import validate

from tests.api.conftest import ENDPOINTS, Get
from tests.yamls import read_yaml

COMMITTED = settings.BASE_DIR / "docs" / "openapi.yaml"


@cache
def document() -> dict[str, Any]:
    """The committed description."""
    loaded: dict[str, Any] = read_yaml(COMMITTED.read_text())
    return loaded


def schema_of(
    path: str, status: str, media_type: str = "application/json", method: str = "get"
) -> dict[str, Any]:
    """The JSON Schema of an answer, with the components that it refers to."""
    response = document()["paths"][path][method]["responses"][status]["content"][media_type]["schema"]
    return {**response, "components": document()["components"]}


def test_the_committed_description_is_that_of_the_code(tmp_path: Path) -> None:
    generated = tmp_path / "openapi.yaml"
    call_command("spectacular", lang="en", file=str(generated), validate=True, fail_on_warn=True)
    hint = "run: manage.py spectacular --lang en --file docs/openapi.yaml"
    assert generated.read_text() == COMMITTED.read_text(), hint


def test_it_is_valid_openapi() -> None:
    assert document()["openapi"].startswith("3.1")
    validate(document())


def test_it_is_in_english() -> None:
    assert not re.search("[а-яәіңғүұқөһ]", COMMITTED.read_text(), re.IGNORECASE)


def test_it_describes_every_list_and_every_detail() -> None:
    described = {path.removeprefix("/api/v1/").split("/")[0] for path in document()["paths"]}
    assert described == {
        *ENDPOINTS,
        "bulk",
        "catalogue.jsonld",
        "entries",
        "methodology-checks",
        "papers",
        "provenance",
        "recomputations",
        "reporting-forms",
        "reports",
        "sdmx",
        "uploads",
    }
    assert (
        len(document()["paths"]) == 2 * len(ENDPOINTS) + 2 + 1 + 3 + 1 + 4 + 1 + 3 + 1 + 6 + 2 + 2
    )  # before the last three: what explains progress; these: work on reports, checks, papers


@pytest.mark.parametrize("path", sorted(document()["paths"]))
def test_every_operation_and_parameter_is_described(path: str) -> None:
    operations = document()["paths"][path]
    for operation in operations.values():
        assert operation["summary"]
        assert operation["description"]
        assert all(parameter["description"] for parameter in operation.get("parameters", ()))
    assert (
        set(operations) == {"get"}
        or "recomputations" in path
        or re.search("uploads|entries|reports|papers", path)
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("name", "code"), ENDPOINTS.items(), ids=ENDPOINTS)
def test_answers_are_as_described(get: Get, name: str, code: str) -> None:
    page = get(name, limit=200)
    jsonschema.validate(page, schema_of(f"/api/v1/{name}/", "200"))
    variable = "code" if "code" in page["results"][0] and "id" not in page["results"][0] else "id"
    detail = f"/api/v1/{name}/{{{variable}}}/"
    row = get(f"{name}/{code}")
    jsonschema.validate(row, schema_of(detail, "200"))
    component = schema_of(detail, "200")["$ref"].rsplit("/", 1)[1]
    assert list(row) == list(document()["components"]["schemas"][component]["properties"])
    problem = get(f"{name}/nowhere", expect=404)
    jsonschema.validate(problem, schema_of(detail, "404", "application/problem+json"))
    problem = get(name, expect=400, colour="blue")
    jsonschema.validate(problem, schema_of(f"/api/v1/{name}/", "400", "application/problem+json"))


@pytest.mark.django_db
def test_it_is_served_in_english_whatever_the_language() -> None:
    client = Client(headers={"Accept-Language": "ru"})
    assert read_yaml(client.get("/api/v1/schema/").content) == document()
    served = client.get("/api/v1/schema/", {"format": "json"})
    assert served.json() == document()


@pytest.mark.django_db
def test_its_reader_needs_no_other_host_and_no_inline_script() -> None:
    response = Client().get("/api/v1/docs/")
    page = response.content.decode()
    assert "//" not in page
    assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=", page)
    assert "script-src 'self';" in response["Content-Security-Policy"] + ";"
    assert Client().get("/api/v1/")["Location"] == "/api/v1/docs/"
