"""A client chooses fields, has references written out, and orders the rows."""

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.api.conftest import Get, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_only_the_fields_asked_for_are_answered_in_their_own_order(get: Get) -> None:
    row = get("kpis/test-programme:KPI-1", fields="names,id")
    assert list(row) == ["id", "names"]
    assert row["id"] == "test-programme:KPI-1"
    (listed,) = get("kpis", programme="test-programme", fields="code")["results"]
    assert listed == {"code": "KPI-1"}


def test_the_csv_has_the_columns_of_the_fields_asked_for() -> None:
    text = Client().get("/api/v1/territories/test-city/", {"format": "csv", "fields": "code,names"}).content
    (row,) = csv.DictReader(io.StringIO(text.decode()))
    assert list(row) == ["code", "names_kk", "names_ru", "names_en"]


def test_references_are_written_out_as_in_their_own_lists(get: Get) -> None:
    row = get("kpis/test-programme:KPI-1", expand="indicator,territory,programme,goal")
    for name, path in (
        ("indicator", "indicators/test-indicator"),
        ("territory", "territories/test-city"),
        ("programme", "programmes/test-programme"),
        ("goal", "goals/test-programme:1.1"),
    ):
        assert row[name] == get(path)
    (target, *_others) = get("targets", programme="test-programme", expand="kpi")["results"]
    assert target["kpi"] == get("kpis/test-programme:KPI-1")


def test_a_reference_to_nothing_stays_empty(get: Get) -> None:
    assert get("kpis/test-programme:KPI-1", expand="preferred_source")["preferred_source"] is None


def test_rows_come_in_the_order_asked_for_over_all_pages(world: World, get: Get) -> None:
    for order, wanted in (("period", [2025, 2025, 2030]), ("-period", [2030, 2025, 2025])):
        page, years = get("targets", kpi="test-programme:KPI-1", ordering=order, limit=1), []
        while page:
            years += [int(row["period"]) for row in page["results"]]
            page = get(page["next"]) if page["next"] else None
        assert years == wanted


def test_a_cursor_of_another_order_is_refused(get: Get) -> None:
    following = get("targets", kpi="test-programme:KPI-1", ordering="period", limit=1)["next"]
    problem = get(following.replace("ordering=period", "ordering=-period"), expect=400)
    assert problem["errors"][0]["code"] == "bad_cursor"


@pytest.mark.parametrize(
    ("parameter", "word"),
    [
        ("fields", "colour"),
        ("expand", "name"),
        ("ordering", "name"),
        ("ordering", "--order"),
        ("fields", ","),
    ],
)
def test_a_word_that_means_nothing_is_named_with_those_that_do(get: Get, parameter: str, word: str) -> None:
    problem = get("kpis", expect=400, **{parameter: word})
    flaw = problem["errors"][0]
    assert (flaw["code"], flaw["field"]) == ("bad_value", parameter)
    assert flaw["value"] in word
    assert "order" in flaw["cure"] or "indicator" in flaw["cure"]


def test_a_list_without_an_order_of_its_own_takes_none(get: Get) -> None:
    problem = get("goals", expect=400, ordering="code")
    assert problem["errors"][0]["code"] == "unknown_parameter"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_whole_list_is_chosen_and_ordered_too(form: str) -> None:
    query = {"limit": "all", "format": form, "fields": "period,value", "ordering": "-period"}
    answer = Client().get("/api/v1/observations/", {**query, "indicator": "test-indicator"})
    body = answer.getvalue()
    if form == "csv":
        rows = [tuple(row) for row in csv.reader(io.StringIO(body.decode()))]
    else:
        rows = [*load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)]
    assert rows[0] == ("period", "value")
    assert [row[0] for row in rows[1:]] == ["2023", "2022-Q2", "2022"]
