"""Measures of all programmes, overdue first: how they stand, when they are due, what they cost; as files."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from programmes.methods.programme_rules import Deadline, due_dates
from programmes.models import Funding, LegalAct, Measure, Programme
from programmes.plans.deadlines import Timing, dated
from programmes.plans.measure_lists import overdue_for
from programmes.views.measures import PAGE
from tests.programmes.pages.reading import ALMATY, MONOTOWNS, address, html_of, text_of, words

pytestmark = pytest.mark.django_db
Queries = Callable[..., Any]
TODAY = dt.date(2026, 6, 15)
HOSTILE = '<script>alert("x")</script>=1+1&{{ 7 }}' + "ә" * 250


@pytest.fixture
def programme() -> Programme:
    """A programme in force whose only measures the test makes."""
    Measure.objects.all().delete()
    return Programme.objects.get(code=ALMATY)


def measure(programme: Programme, code: str, deadline: Deadline | None = None, **fields: Any) -> Measure:
    names = {f"name_{language}": f"Measure {code}" for language in ("kk", "ru", "en")}
    return Measure.objects.create(
        programme=programme, code=code, deadline=deadline, **{**names, "responsible": [], **fields}
    )


def standing(found: Measure, today: dt.date = TODAY) -> str:
    rows: Any = dated(Measure.objects.filter(pk=found.pk), today)
    return str(rows.values_list("timing", flat=True).get())


def once(period: str) -> Deadline:
    return {"type": "one_off", "period": period}


DEADLINES: list[Deadline | None] = [
    None,
    *(once(period) for period in ("2024", "2024-S1", "2024-S2", "2024-Q3", "2024-02", "2024-12")),
    {"type": "start", "period": "2027-Q1"},
    {"type": "period", "from_year": 2023, "to_year": 2025},
    {"type": "yearly"},
    {"type": "yearly", "from_year": 2024, "to_year": 2026},
    {"type": "recurring", "months": [1, 7]},
    {"type": "recurring", "months": [12], "from_year": 2023},
    {"type": "recurring", "months": [2, 3], "to_year": 2024},
    {"type": "recurring", "months": [6], "from_year": 2031},
]


@pytest.mark.parametrize("ends_on", [dt.date(2030, 12, 31), dt.date(2030, 6, 15)])
def test_the_database_knows_the_last_day_due_as_the_rules_do(programme: Programme, ends_on: dt.date) -> None:
    programme.ends_on = ends_on
    programme.save()
    for number, deadline in enumerate(DEADLINES):
        found = measure(programme, f"m{number}", deadline)
        found.refresh_from_db()
        recurs = deadline is not None and deadline["type"] in {"yearly", "recurring"}
        days = due_dates(deadline, programme.starts_on, ends_on if recurs else dt.date(2100, 12, 31))
        assert found.due_on == (days[-1] if days else None), deadline


def test_the_last_day_due_follows_the_term_of_the_programme(programme: Programme) -> None:
    found = measure(programme, "m", {"type": "yearly"})
    programme.ends_on = dt.date(2028, 12, 31)
    programme.save()
    found.refresh_from_db()
    assert found.due_on == dt.date(2028, 12, 31)


@pytest.mark.parametrize(
    ("deadline", "state", "expected"),
    [
        (once("2026-05"), "planned", Timing.OVERDUE),
        (once("2026-05"), "ongoing", Timing.OVERDUE),
        (once("2026-05"), "done", Timing.DONE),
        (once("2026-05"), "excluded", Timing.EXCLUDED),
        (once("2026-06"), "planned", Timing.COMING),
        (once("2026-06"), "ongoing", Timing.UNDER_WAY),
        (None, "planned", Timing.UNDATED),
        (None, "ongoing", Timing.UNDER_WAY),
        ({"type": "start", "period": "2026-01"}, "planned", Timing.OVERDUE),
        ({"type": "start", "period": "2026-01"}, "ongoing", Timing.UNDER_WAY),
    ],
)
def test_how_a_measure_stands(
    programme: Programme, deadline: Deadline | None, state: str, expected: str
) -> None:
    assert standing(measure(programme, "m", deadline, state=state)) == expected


@pytest.mark.parametrize(
    ("period", "expected"), [("2024-05", Timing.OVERDUE), ("2025-12", Timing.LAPSED), (None, Timing.LAPSED)]
)
def test_what_was_not_due_before_the_repeal_is_no_longer_owed(
    programme: Programme, period: str | None, expected: str
) -> None:
    names = {f"title_{language}": "Repeal" for language in ("kk", "ru", "en")}
    LegalAct.objects.create(
        programme=programme, code="repeal", kind="repeal", effective_on=dt.date(2025, 1, 1), **names
    )
    assert standing(measure(programme, "m", once(period) if period else None)) == expected


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (dt.date(2026, 6, 14), "1 day"),
        (dt.date(2026, 4, 30), "46 days"),
        (dt.date(2026, 3, 31), "2 months"),
        (dt.date(2024, 6, 30), "23 months"),
        (dt.date(2024, 5, 31), "2 years"),
        (dt.date(2012, 12, 31), "13 years"),
    ],
)
def test_how_long_it_is_overdue_is_said_in_fitting_units(due: dt.date, words: str) -> None:
    with override("en"):
        assert overdue_for(due, TODAY) == words


def test_the_longest_overdue_come_first_and_repealed_programmes_last(client: Client) -> None:
    anchors = re.findall(r'<tr id="([^"]+)"', html_of(client, "/en/measures/"))
    days = {f"{m.programme.code}-{m.code}": m.due_on for m in Measure.objects.select_related("programme")}
    listed = [days[anchor] for anchor in anchors]
    assert len(listed) == PAGE
    assert all(anchor.startswith((ALMATY, "semey-2050")) for anchor in anchors)
    assert listed == sorted(day for day in listed if day)


def test_pages_hold_every_measure_once(client: Client) -> None:
    pages = range(1, Measure.objects.count() // PAGE + 2)
    found = [anchor for page in pages for anchor in anchors_of(client, f"page={page}")]
    assert len(found) == len(set(found)) == Measure.objects.count()


def anchors_of(client: Client, query: str) -> list[str]:
    return re.findall(r'<tr id="([^"]+)"', html_of(client, f"/en/measures/?{query}"))


def test_by_programme_organisation_and_overdue(client: Client) -> None:
    found = anchors_of(client, f"programme={MONOTOWNS}&organisation=medt&overdue=yes")
    assert 0 < len(found) < 11
    for anchor in found:
        code = anchor.removeprefix(f"{MONOTOWNS}-")
        row = Measure.objects.get(programme__code=MONOTOWNS, code=code)
        assert "medt" in {body["organisation"] for body in row.responsible}
        assert standing(row, timezone.localdate()) == Timing.OVERDUE


def test_the_bars_have_a_table_with_the_same_counts(client: Client) -> None:
    html = html_of(client, f"/en/measures/?programme={MONOTOWNS}")
    assert 'role="img"' in html
    assert "2012: overdue 7." in html
    table = words(html.partition("The same as a table")[2].partition("</table>")[0])
    assert "2012 00070 7" in table


def test_the_file_holds_all_that_the_page_counts(client: Client) -> None:
    response = client.get("/en/measures/?format=csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == Measure.objects.count()
    plan = next(row for row in rows if row["code"] == "complex-plan")
    assert (plan["planned_million_tenge"], plan["paid_million_tenge"]) == ("260200", "")
    assert client.get("/en/measures/?format=json&state=done").json() == []


def test_a_format_that_there_is_none_of_is_said(client: Client) -> None:
    assert "There is no file in the format “xml”" in text_of(client, "/en/measures/?format=xml")


def test_what_is_planned_and_paid_is_summed_and_what_is_missing_is_said(
    client: Client, programme: Programme
) -> None:
    row = measure(programme, "m", once("2026"))
    assert "Paid not stated" in text_of(client, "/en/measures/")
    names = {f"name_{language}": "Money" for language in ("kk", "ru", "en")}
    for year, paid in ((2024, Decimal(0)), (2025, None)):
        Funding.objects.create(
            programme=programme, measure=row, code=str(year), level="local", planned=1500, paid=paid,
            year_from=year, year_to=year, **names,
        )  # fmt: skip
    text = text_of(client, "/en/measures/")
    assert "Planned 3 billion ₸ Paid 0 million ₸" in text
    assert "planned for 1 of 1, paid for 1" in text


def test_a_measure_has_a_page_with_all_its_days_and_money(client: Client) -> None:
    text = text_of(client, address(MONOTOWNS, "measures/18/"))
    assert "every year: January, July" in text
    assert "31 July 2020" in text
    assert "2013 republican budget provisional 2,000 not stated" in text
    assert "section 7, lines" in text


def test_an_unknown_measure_is_not_found(client: Client) -> None:
    assert client.get(address(MONOTOWNS, "measures/999/")).status_code == 404


def test_an_unknown_order_is_said(client: Client) -> None:
    assert "There is no order “random”." in text_of(client, address(MONOTOWNS, "measures/?order=random"))


def test_hostile_names_are_shown_as_text(client: Client, programme: Programme) -> None:
    names = {f"name_{language}": HOSTILE for language in ("kk", "ru", "en")}
    measure(programme, "m", once("2024"), responsible=[body()], **names)
    for path in ("/en/measures/", address(ALMATY, "measures/m/"), address(ALMATY, "measures/?order=plan")):
        html = html_of(client, path)
        assert "<script>alert" not in html
        assert HOSTILE in words(html)
    text = client.get("/en/measures/?format=csv").content.decode("utf-8-sig")
    assert """"'=HYPERLINK(""" in text


def body() -> dict[str, Any]:
    name = dict.fromkeys(("kk", "ru", "en"), '=HYPERLINK("x")<b>')
    return {"organisation": "x", "name": name, "by_agreement": False}


def test_without_measures_the_page_says_so(client: Client, programme: Programme) -> None:
    assert "No programme's documents contain an action plan." in text_of(client, "/en/measures/")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("page", ["measures/", "funding/"])
def test_the_pages_of_all_programmes_keep_the_rules_of_every_page(
    client: Client, language: str, page: str
) -> None:
    html = html_of(client, f"/{language}/{page}")
    assert f'<html lang="{language}">' in html
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert html.count("<h1") == 1


@pytest.mark.parametrize(
    ("path", "budget"), [("/en/measures/", 16), ("/en/funding/", 4), (address(MONOTOWNS, "measures/18/"), 12)]
)
def test_a_page_keeps_to_its_number_of_queries(
    client: Client, django_assert_max_num_queries: Queries, path: str, budget: int
) -> None:
    with django_assert_max_num_queries(budget):
        client.get(path)


def test_thousands_of_measures_need_no_more_queries(
    client: Client, django_assert_num_queries: Queries
) -> None:
    with django_assert_num_queries(20, exact=False) as before:
        client.get("/en/measures/")
    Measure.objects.bulk_create(copies(Measure.objects.filter(programme__code=ALMATY)), batch_size=1000)
    assert Measure.objects.count() > 3000
    with django_assert_num_queries(len(before)):
        client.get("/en/measures/")


def copies(measures: Iterable[Measure]) -> list[Measure]:
    found = []
    for row in measures:
        for number in range(5):
            fields = {field.attname: getattr(row, field.attname) for field in Measure._meta.concrete_fields}
            found.append(Measure(**{**fields, "id": None, "parent_id": None, "code": f"{row.code}-{number}"}))
    return found
