"""Every flaw that the code names has a number, and the page lists them all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from common.rest.catalogue import CATALOGUE, PROBLEMS, UNLISTED
from indicators.api_working import CURES, FIELDS, KINDS
from indicators.messages import CELL_ERRORS, UPLOAD_ERRORS

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "cities", "common", "indicators", "papers", "portal", "programmes")


def named_flaws() -> Iterator[tuple[str, str]]:
    """The codes that modules of the API write down, and where."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "common.rest" not in (text := path.read_text()) and "rest" not in path.parts:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Flaw" and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield str(first.value), str(path.relative_to(ROOT))


def test_every_flaw_has_a_number_of_its_own() -> None:
    named = dict(named_flaws())
    assert len(named) > 8
    assert {code: where for code, where in named.items() if code not in CATALOGUE} == {}
    assert set(UPLOAD_ERRORS) <= set(CATALOGUE)
    numbers = [entry.number for entry in CATALOGUE.values()]
    assert len(numbers) == len(set(numbers))
    assert UNLISTED not in numbers


def test_every_error_of_a_report_is_in_the_catalogue() -> None:
    assert {*CURES, *FIELDS, *KINDS, *CELL_ERRORS} <= set(CATALOGUE)


@pytest.mark.django_db
def test_the_page_lists_what_answers_point_at() -> None:
    problem = Client().get("/api/v1/kpis/?colour=blue").json()
    assert problem["errors"][0]["number"] == 1001
    address, _hash, anchor = problem["type"].partition("#")
    page = Client().get(address).content.decode()
    assert f'id="{anchor}"' in page
    for code, entry in CATALOGUE.items():
        assert f"<code>{code}</code>" in page
        assert f"<td>{entry.number}</td>" in page
    assert all(f"<code>{code}</code>" in page for code in PROBLEMS)
