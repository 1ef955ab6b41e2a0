"""The sheet's page and what its grid asks: who may, what is answered, how many queries it takes."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from indicators.models import Entry, Report, ReportingForm

pytestmark = pytest.mark.django_db

Browsers = Callable[[str], Client]
FORM, PERIOD = "almaty-2025-annual", "2024"


class Grid:
    """One person's sheet."""

    def __init__(self, client: Client, period: str = PERIOD) -> None:
        self.client, self.period = client, period
        self.state = client.get(self.url("state")).json()
        [self.report] = self.state["reports"]

    def url(self, name: str = "") -> str:
        view = f"indicators:sheet-{name}" if name else "indicators:sheet"
        return reverse(view, args=[FORM, self.period])

    def line(self, indicator: str = "central-water-access") -> int:
        found = ReportingForm.objects.get(code=FORM).lines.get(indicator__code=indicator)
        return int(found.pk)

    def key(self, indicator: str = "central-water-access") -> str:
        return f"{self.report['id']}:{self.line(indicator)}"

    def post(self, name: str, sent: object) -> Any:
        return self.client.post(self.url(name), json.dumps(sent), content_type="application/json")

    def save(self, value: str, *, indicator: str = "central-water-access", **more: object) -> Any:
        cell = {
            "report": self.report["id"],
            "line": self.line(indicator),
            "value": value,
            "version": 0,
            **more,
        }
        response = self.post("save", {"cells": [cell]})
        assert response.status_code == 200, response.content
        return response.json()


@pytest.fixture
def grid(client_of: Browsers) -> Grid:
    return Grid(client_of("almaty.analyst"))


@pytest.mark.parametrize(
    ("typed", "value", "status"),
    [("99,4", "99.4", "A"), ("99.4", "99.4", "A"), (" 0 ", "0", "A"), ("x", None, "Q"), ("…", None, "O"),
     ("н/д", None, "O"), ("", None, "A")],
)  # fmt: skip
def test_a_figure_is_taken_as_it_is_written(grid: Grid, typed: str, value: str | None, status: str) -> None:
    answer = grid.save(typed, comment="as written")
    cell = answer["cells"][grid.key()]
    assert (cell["value"], cell["status"], cell["version"]) == (value, status, 1)
    assert not answer["refused"]


@pytest.mark.parametrize(("typed", "code"), [("много", "not_a_number"), ("101", "out_of_range")])
def test_what_cannot_be_a_figure_is_refused_beside_its_cell(grid: Grid, typed: str, code: str) -> None:
    answer = grid.save(typed)
    assert answer["refused"][grid.key()]["code"] == code
    assert not Entry.objects.exists()


def test_nothing_is_stored_by_looking(grid: Grid) -> None:
    assert grid.client.get(grid.url()).status_code == 200
    assert not Report.objects.exists()


def test_a_conflict_names_the_other_and_his_figure(grid: Grid, client_of: Browsers, user: Any) -> None:
    grid.save("99.4")
    answer = Grid(client_of("analyst")).save("98.1", version=0)
    refusal = answer["refused"][grid.key()]
    assert refusal["code"] == "conflict"
    assert (refusal["theirs"]["value"], refusal["theirs"]["version"]) == ("99.4", 1)
    assert refusal["theirs"]["author"] == str(user("almaty.analyst"))


def test_a_sudden_change_is_asked_about_and_needs_a_comment(grid: Grid, client_of: Browsers) -> None:
    grid.save("90")
    grid.post("submit", {"reports": [grid.report["id"]]})
    approve(client_of("approver"))
    later = Grid(grid.client, "2025")
    answer = later.save("9")
    assert [w["code"] for w in answer["cells"][later.key()]["warnings"]] == ["jump"]
    refused = later.post("submit", {"reports": [later.report["id"]]}).json()["refused"]
    assert list(refused[str(later.report["id"])]["cells"]) == [later.key()]
    later.save("9", comment="The network burst", version=1)
    assert later.post("submit", {"reports": [later.report["id"]]}).json()["refused"] == {}


def approve(client: Client) -> None:
    report = Report.objects.get(state="submitted")
    client.post(reverse("indicators:review-approve"), {"report": [report.pk]})
    report.refresh_from_db()
    assert report.state == "approved"


def test_a_locked_sheet_says_why(grid: Grid) -> None:
    grid.save("99.4")
    state = grid.post("submit", {"reports": [grid.report["id"]]}).json()
    assert state["refused"] == {}
    assert state["reports"][0]["locked"]
    assert grid.save("98", version=1)["refused"][grid.key()]["code"] == "report_is_closed"


def test_an_approved_report_is_reopened_to_correct_it(grid: Grid, client_of: Browsers) -> None:
    grid.save("99.4")
    grid.post("submit", {"reports": [grid.report["id"]]})
    approve(client_of("approver"))
    response = grid.client.post(grid.url("reopen"), {"report": grid.report["id"]})
    assert response.status_code == 302
    assert grid.save("99.5", version=1)["refused"] == {}


def test_returned_cells_carry_their_reasons(grid: Grid, client_of: Browsers) -> None:
    grid.save("99.4")
    grid.post("submit", {"reports": [grid.report["id"]]})
    report = Report.objects.get()
    page = reverse("indicators:review-detail", args=[report.pk])
    client_of("approver").post(page, {"return": "", f"line-{grid.line()}": "Of which month?"})
    state = Grid(grid.client).state
    assert state["cells"][grid.key()]["returned"] == "Of which month?"
    assert state["reports"][0]["state"] == "returned"


def test_evidence_is_kept_beside_its_figure(grid: Grid, client_of: Browsers) -> None:
    grid.save("99.4")
    sent = {"report": grid.report["id"], "line": grid.line(), "version": 1}
    file = SimpleUploadedFile("акт.pdf", b"%PDF-1.7")
    answer = grid.client.post(grid.url("evidence"), {**sent, "file": file}).json()
    evidence = answer["cells"][grid.key()]["evidence"]
    assert evidence["name"] == "акт.pdf"
    assert b"".join(grid.client.get(evidence["url"]).streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    for stranger in ("deputy", "anonymous"):
        assert client_of(stranger).get(evidence["url"]).status_code == 404
    answer = grid.client.post(grid.url("evidence"), {**sent, "version": 2, "remove": "1"}).json()
    assert answer["cells"][grid.key()]["evidence"] is None


@pytest.mark.parametrize("name", ["", "state", "save", "submit", "evidence", "reopen"])
@pytest.mark.parametrize(
    ("who", "status"), [("anonymous", 302), ("approver", 403), ("deputy", 403), ("coordinator", 403)]
)
def test_only_who_enters_figures_has_a_sheet(client_of: Browsers, name: str, who: str, status: int) -> None:
    view = f"indicators:sheet-{name}" if name else "indicators:sheet"
    assert client_of(who).post(reverse(view, args=[FORM, PERIOD])).status_code == status


@pytest.mark.parametrize("name", ["", "state"])
def test_the_sheet_of_strangers_does_not_exist(
    client_of: Browsers, user: Callable[[str], User], name: str
) -> None:
    user("almaty.analyst").mandates.update(territory=user("analyst").mandates.get().territory_id)
    ReportingForm.objects.filter(code=FORM).update(organisation=user("deputy").mandates.get().organisation_id)
    user("almaty.analyst").mandates.update(territory=ReportingForm.objects.get(code=FORM).territories.get())
    view = f"indicators:sheet-{name}" if name else "indicators:sheet"
    assert client_of("almaty.analyst").get(reverse(view, args=[FORM, PERIOD])).status_code == 404


@pytest.mark.parametrize("period", ["2019", "2031", "2024-Q1", "last-year"])
def test_there_is_no_sheet_of_a_period_that_is_not_asked_for(client_of: Browsers, period: str) -> None:
    url = reverse("indicators:sheet", args=[FORM, period])
    assert client_of("almaty.analyst").get(url).status_code == 404


@pytest.mark.parametrize(
    "sent", ["", "[]", "{}", '{"cells": 1}', '{"cells": [1]}', '{"cells": [{"report": 0, "line": 0}]}']
)
def test_nonsense_is_refused(grid: Grid, sent: str) -> None:
    response = grid.client.post(grid.url("save"), sent, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]


def test_the_queries_of_a_save_do_not_grow_with_its_cells(grid: Grid) -> None:
    lines = list(ReportingForm.objects.get(code=FORM).lines.values_list("pk", flat=True))

    def cells(number: int, value: str, version: int) -> list[dict[str, object]]:
        return [
            {"report": grid.report["id"], "line": pk, "value": value, "version": version}
            for pk in lines[:number]
        ]

    grid.post("save", {"cells": cells(1, "1", 0)})
    taken = []
    for number, value in ((1, "2"), (len(lines), "3")):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert grid.post("save", {"cells": cells(number, value, 1)}).status_code == 200
        taken.append(len(queries))
    assert taken[1] <= taken[0] + 5


def test_the_value_is_kept_to_the_last_digit(grid: Grid) -> None:
    grid.save("12.345678901234567890")
    assert Entry.objects.get().value == Decimal("12.345678901234567890")
