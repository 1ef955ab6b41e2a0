"""Thousands of figures at once: all or none, each by itself, or only to see."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Breakdown, Entry, FormLine, Indicator, Report, ReportingForm
from tests.indicators.working.conftest import ENTRY, FORM, ROW, Hire, Machine

pytestmark = pytest.mark.django_db


def row(**members: object) -> dict[str, Any]:
    return {**ROW, "value": 99.4, **members}


def outcomes(response: Any) -> list[str]:
    return [each["outcome"] for each in response.json()["rows"]]


def flaws(response: Any) -> list[tuple[int, str, str]]:
    problems = response.json().get("errors") or [
        flaw for each in response.json()["rows"] for flaw in each["problems"]
    ]
    assert all(flaw["detail"] and flaw["cure"] for flaw in problems)
    return [(flaw["row"], flaw["code"], flaw["field"]) for flaw in problems]


BAD = [
    (row(value="12,5"), "bad_value", "value"),
    (row(value=101), "out_of_range", "value"),
    (row(territory="astana"), "unknown_place", "territory"),
    (row(form="nothing"), "unknown_place", "territory"),
    (row(period="2099"), "period_not_covered", "period"),
    (row(period="2024-Q1"), "period_not_covered", "period"),
    (row(period="soon"), "bad_period", "period"),
    (row(indicator="nothing"), "line_not_in_form", "indicator"),
    (row(breakdown="SEX=F"), "line_not_in_form", "indicator"),
    (row(version=3), "conflict", "version"),
    (row(colour="blue"), "unknown_field", "colour"),
    ({"form": FORM}, "missing_field", "territory"),
    ("text", "bad_value", "body"),
    (row(status="O"), "bad_value", "status"),
]


@pytest.mark.parametrize(("bad", "code", "field"), BAD)
def test_one_bad_row_keeps_all_others(machine: Machine, bad: Any, code: str, field: str) -> None:
    refused = machine.bulk(row(period="2023"), bad)
    assert refused.status_code == 422
    assert (2, code, field) in flaws(refused)
    assert not Report.objects.exists()


@pytest.mark.parametrize(("bad", "code", "field"), BAD)
def test_by_itself_each_good_row_is_saved(machine: Machine, bad: Any, code: str, field: str) -> None:
    answer = machine.bulk(row(period="2023"), bad, query="?mode=per_row")
    assert (answer.status_code, outcomes(answer)) == (200, ["created", "refused"])
    assert (2, code, field) in flaws(answer)
    assert [str(report.period) for report in Report.objects.all()] == ["2023"]


@pytest.mark.parametrize("mode", ["all_or_nothing", "per_row"])
def test_a_dry_run_says_everything_and_stores_nothing(machine: Machine, mode: str) -> None:
    answer = machine.bulk(row(), row(value=400), query=f"?mode={mode}&dry_run=true")
    assert (answer.status_code, outcomes(answer)) == (200, ["created", "refused"])
    assert answer.json()["dry_run"] is True
    assert answer.json()["counts"] == {"created": 1, "refused": 1}
    assert not Report.objects.exists()
    assert not Entry.objects.exists()


def test_rows_are_created_replaced_and_left(machine: Machine) -> None:
    assert outcomes(machine.bulk(row(), row(period="2023", value="98.10"))) == ["created", "created"]
    again = machine.bulk(row(version=1), row(period="2023", value=97, version=1))
    assert outcomes(again) == ["unchanged", "updated"]
    assert [each["version"] for each in again.json()["rows"]] == [1, 2]
    assert Entry.objects.get(report__period_start="2023-01-01").value == Decimal(97)


def test_a_row_that_does_not_say_what_it_saw_replaces_nothing(machine: Machine, hire: Hire) -> None:
    machine.bulk(row())
    unseen = machine.bulk(row(value=98))
    assert (unseen.status_code, flaws(unseen)) == (422, [(1, "version_required", "version")])
    hire("analyst").put(98.1, If_Match='"1"')
    lost = machine.bulk(row(value=98, version=1))
    assert flaws(lost) == [(1, "conflict", "version")]
    assert lost.json()["errors"][0]["theirs"]["value"] == 98.1
    assert Entry.objects.get().value == Decimal("98.1")


def test_a_figure_sent_twice_is_refused(machine: Machine) -> None:
    assert flaws(machine.bulk(row(), row(value=98))) == [(2, "duplicate_row", "indicator")]


def test_warnings_come_with_their_rows(machine: Machine, hire: Hire) -> None:
    machine.put(90)
    machine.post(f"reports/{FORM}:almaty:2024/submit/")
    hire("approver").post(f"reports/{FORM}:almaty:2024/approve/")
    seen = machine.bulk(row(period="2025", value=9), query="?dry_run=true")
    assert [warning["code"] for warning in seen.json()["rows"][0]["warnings"]] == ["jump"]
    assert not Entry.objects.filter(report__period_start="2025-01-01").exists()


@pytest.mark.parametrize(
    ("sent", "query"),
    [
        ({}, ""), ([], ""), ({"entries": {}}, ""), ({"entries": []}, ""), ({"entries": [], "more": 1}, ""),
        ({"entries": [1] * 10_001}, ""), ({"entries": [ROW]}, "?mode=some"), 
        ({"entries": [ROW]}, "?dry_run=1"),
        ({"entries": [ROW]}, "?colour=blue"), ({"entries": [ROW]}, "?mode=per_row&mode=per_row"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_rows_is_refused(machine: Machine, sent: object, query: str) -> None:
    assert machine.post(f"entries/bulk/{query}", sent).status_code == 400


def many_lines(number: int) -> list[str]:
    """Codes of indicators that are added to the form."""
    form, unit = ReportingForm.objects.get(code=FORM), Indicator.objects.get(code=ROW["indicator"]).unit
    total = Breakdown.objects.get(code="")
    new = Indicator.objects.bulk_create(
        Indicator(code=f"many-{n}", unit=unit, name_kk=f"{n}", name_ru=f"{n}", name_en=f"{n}")
        for n in range(number)
    )
    FormLine.objects.bulk_create(FormLine(form=form, indicator=each, breakdown=total) for each in new)
    return [each.code for each in new]


def test_ten_thousand_rows_are_one_call_with_few_queries(machine: Machine) -> None:
    codes = many_lines(2_500)
    rows = [row(indicator=code, period=str(year)) for year in range(2022, 2026) for code in codes]
    assert len(rows) == 10_000
    with CaptureQueriesContext(connection) as queries:
        answer = machine.bulk(*rows)
    assert (answer.status_code, answer.json()["counts"]) == (200, {"created": 10_000})
    assert Entry.objects.count() == 10_000
    assert len(queries) < 250
    assert ENTRY not in {each["id"] for each in answer.json()["rows"]}
