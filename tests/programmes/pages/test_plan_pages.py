"""The page of a programme's action plan: its measures and their filters; and what all such pages share."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from programmes.models import Goal, Measure
from tests.programmes.pages.reading import (
    ALMATY,
    MONOTOWNS,
    RURAL,
    SEMEY,
    address,
    html_of,
    row_of,
    text_of,
    words,
)

pytestmark = pytest.mark.django_db
Queries = Callable[..., Any]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("code", [ALMATY, MONOTOWNS, SEMEY, RURAL])
@pytest.mark.parametrize("page", ["measures/", "funding/", "rules/", "on/2014-12-31/", "on/2024-01-01/"])
def test_every_page_answers_in_its_language_without_inline_styles_or_scripts(
    client: Client, language: str, code: str, page: str
) -> None:
    html = html_of(client, address(code, page, language))
    assert f'<html lang="{language}">' in html
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert "<style" not in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize(
    "path",
    [
        address("almaty-2031", "measures/"),
        address("almaty-2031", "funding/"),
        address("almaty-2031", "rules/"),
        address("almaty-2031", "on/"),
        address("almaty-2031", "on/2024-01-01/"),
        address(ALMATY, "on/2024-02-30/"),
        address(ALMATY, "on/20240201/"),
        address(ALMATY, "on/yesterday/"),
    ],
)
def test_an_unknown_programme_or_day_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("page", "budget"), [("measures/", 19), ("funding/", 15), ("rules/", 7), ("on/2014-12-31/", 9)]
)
def test_long_pages_need_few_queries(
    client: Client, django_assert_max_num_queries: Queries, page: str, budget: int
) -> None:
    for code in (ALMATY, MONOTOWNS):
        with django_assert_max_num_queries(budget):
            client.get(address(code, page))


def test_more_measures_need_no_more_queries(client: Client, django_assert_num_queries: Queries) -> None:
    path = address(MONOTOWNS, "measures/")
    with django_assert_num_queries(20, exact=False) as before:
        client.get(path)
    for measure in Measure.objects.filter(programme__code=MONOTOWNS, excluded_by=None):
        measure.pk, measure.code = None, f"{measure.code}-again"
        measure.save()
    with django_assert_num_queries(len(before)):
        client.get(path)


def test_every_measure_stands_on_one_of_the_pages_once(client: Client) -> None:
    codes = Measure.objects.filter(programme__code=ALMATY).values_list("code", flat=True)
    found = shown(client, "order=", ALMATY)
    assert len(codes) > 500
    assert sorted(found) == sorted(codes)


def test_a_measure_says_all_that_the_plan_says(client: Client) -> None:
    row = row_of(plan(client, "order=plan"), "18")
    assert "Damu pays subsidies to banks" in row
    assert "Proof: Information to the Ministry of Regional Development" in row
    assert "2013 – 2,000 (republican budget, provisional); 2014 – 3,400" in row
    assert "every year: January, July" in row
    assert "Damu Entrepreneurship Development Fund JSC" in row
    assert "section 7, lines" in row


def test_a_measure_without_amounts_says_what_its_cost_column_says(client: Client) -> None:
    row = row_of(plan(client, "order=plan"), "13")
    assert "Within other programmes (republican budget)." in row


@pytest.mark.parametrize(
    ("value", "top", "qualifier", "shown"),
    [
        ("17", None, "at_least", "at least 17 ha"),
        ("5000", "7000.5", "exact", "5,000–7,000.5 ha"),
        ("0", None, "about", "about 0 ha"),
    ],
)
def test_a_quantity_is_shown_with_its_qualifier_range_and_unit(
    client: Client, value: str, top: str | None, qualifier: str, shown: str
) -> None:
    measure = Measure.objects.filter(programme__code=ALMATY, unit__code="HA").first()
    assert measure is not None
    measure.deliverable_value, measure.qualifier = Decimal(value), qualifier
    measure.deliverable_max = None if top is None else Decimal(top)
    measure.save()
    path = address(ALMATY, f"measures/?q={measure.code}")
    assert f" {shown} " in row_of(html_of(client, path), measure.code)


def test_an_excluded_row_is_struck_and_names_the_act(client: Client) -> None:
    html = plan(client, "state=excluded")
    assert re.search(r'<tr id="10"\s+class="row--struck">', html)
    assert "excluded by act No. 1154 of 30 October 2014" in row_of(html, "10")


def test_parts_stand_under_their_measure(client: Client) -> None:
    html = plan(client, "order=plan")
    anchors = re.findall(r'<tr id="([^"]+)"', html)
    assert anchors[anchors.index("32") : anchors.index("32") + 5] == ["32", "32.1", "32.2", "32.3", "33"]
    assert "Part of: 32" in row_of(html, "32.2")


def test_a_part_that_is_found_without_its_measure_names_it(client: Client) -> None:
    html = html_of(client, address(MONOTOWNS, "measures/?q=demolishing"))
    assert "Part of: 32 Developing engineering infrastructure" in row_of(html, "32.3")


def test_goals_follow_the_tree(client: Client) -> None:
    text = words(plan(client, "order=plan"))
    codes = ["1", "2.2", "2.7", "3", "4"]
    goals = [Goal.objects.get(programme__code=MONOTOWNS, code=code) for code in codes]
    start = text.index("The measures")
    places = [text.index(f"{goal.number}. {goal.name_en} ", start) for goal in goals]
    assert places == sorted(places)


def test_territories_are_named_where_they_are_not_the_programmes_own(client: Client) -> None:
    measures = Measure.objects.filter(programme__code=ALMATY)
    elsewhere = measures.filter(territories__code="alatau-district").first()
    here = measures.exclude(territories__code__in=_others(measures)).first()
    assert elsewhere is not None
    assert here is not None
    for measure, is_named in ((elsewhere, True), (here, False)):
        html = html_of(client, address(ALMATY, f"measures/{measure.code}/"))
        assert ("<dt>Where</dt>" in html) is is_named


def test_a_programme_without_a_plan_says_so(client: Client) -> None:
    text = text_of(client, address(RURAL, "measures/"))
    assert "contain no action plan" in text


def test_a_measure_under_way_is_no_longer_owed_once_its_programme_is_repealed(client: Client) -> None:
    Measure.objects.filter(programme__code=MONOTOWNS, code="5").update(state="ongoing")
    html = html_of(client, address(MONOTOWNS, "measures/"))
    assert "no longer owed" in row_of(html, "5")
    assert shown(client, "state=ongoing") == ["5"]


def _others(measures: Any) -> set[str]:
    """The territories of the measures without the city's own."""
    return set(measures.values_list("territories__code", flat=True)) - {"almaty", None}


def plan(client: Client, query: str, code: str = MONOTOWNS) -> str:
    """All pages of a plan, one after another."""
    first = html_of(client, address(code, f"measures/?{query}"))
    pages = re.search(r"Page 1 of (\d+)", first)
    rest = range(2, int(pages[1]) + 1) if pages else ()
    return first + "".join(html_of(client, address(code, f"measures/?{query}&page={page}")) for page in rest)


def shown(client: Client, query: str, code: str = MONOTOWNS) -> list[str]:
    return re.findall(r'<tr id="([^"]+)"', plan(client, query, code))


def test_by_goal_with_all_its_parts(client: Client) -> None:
    direction = Goal.objects.get(programme__code=MONOTOWNS, code="2")
    expected = Measure.objects.filter(goal__parent=direction).count()
    assert len(shown(client, "goal=2")) == expected > 10
    assert shown(client, "goal=2.4") == ["22", "23"]


def test_by_state(client: Client) -> None:
    assert shown(client, "state=excluded") == ["10"]
    assert len(shown(client, "state=planned")) == 37


def test_by_territory(client: Client) -> None:
    found = Measure.objects.filter(programme__code=ALMATY, territories__code="medeu-district")
    listed = shown(client, "territory=medeu-district", ALMATY)
    assert sorted(listed) == sorted(found.values_list("code", flat=True)) != []


def test_by_the_year_due(client: Client) -> None:
    due_2012 = shown(client, "due=2012")
    assert "2" in due_2012  # third quarter of 2012
    assert "5" in due_2012  # every January and July
    assert "1" not in due_2012  # January 2013
    assert "3" not in due_2012  # every January of 2013 to 2015
    assert "3" in shown(client, "due=2015")
    assert "3" not in shown(client, "due=2016")
    assert "5" in shown(client, "due=2020")


def test_a_span_of_years_is_due_in_its_last(client: Client) -> None:
    assert shown(client, "due=2025", SEMEY) == ["complex-plan"]
    html = html_of(client, address(SEMEY, "measures/"))
    assert 'value="2024"' not in html


def test_by_a_deadline_that_is_not_stated(client: Client) -> None:
    assert shown(client, "due=none") == ["10"]


def test_by_words_in_any_language_and_case(client: Client) -> None:
    assert shown(client, "q=INCUBATORS") == ["24"]
    assert shown(client, "q=бизнес-инкубатор") == ["24"]
    assert "30" in shown(client, "q=infrastructure Housing")


def test_by_who_answers(client: Client) -> None:
    assert "11" in shown(client, "q=samruk-kazyna national welfare")
    assert shown(client, "q=by_agreement") == []


def test_filters_narrow_one_another_and_say_so(client: Client) -> None:
    path = address(MONOTOWNS, "measures/?goal=2&due=2012&q=subsid")
    assert "of 38 measures are shown." in text_of(client, path)
    assert 0 < len(shown(client, "goal=2&due=2012&q=subsid")) < len(shown(client, "goal=2"))


def test_nothing_found_is_said(client: Client) -> None:
    text = text_of(client, address(MONOTOWNS, "measures/?q=zeppelin"))
    assert "Nothing matches." in text
    assert "0 of 38 measures" in text


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("goal=9.9", "Goal"),
        ("state=lost", "State on record"),
        ("due=soon", "Year due"),
        ("overdue=perhaps", "Overdue"),
        ("organisation=nasa", "Who answers"),
        (f"q={'x' * 101}", "Words, or who answers"),
    ],
)
def test_a_value_that_is_no_choice_is_ignored_and_said(client: Client, query: str, label: str) -> None:
    html = html_of(client, address(MONOTOWNS, f"measures/?{query}"))
    assert len(shown(client, query)) == 38
    assert f"“{label}” is ignored:" in words(html)


def test_every_filter_has_a_label(client: Client) -> None:
    html = html_of(client, address(MONOTOWNS, "measures/"))
    names = ("q", "goal", "organisation", "state", "due", "overdue")
    assert [name for name in names if f'<label for="id_{name}">' not in html] == []
