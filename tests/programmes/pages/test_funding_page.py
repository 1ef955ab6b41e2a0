"""The page of a programme's funding: amounts as printed, sums of parts, the plan's money by year."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from programmes.models import Citation, Funding, Goal
from tests.programmes.pages.reading import ALMATY, MONOTOWNS, RURAL, SEMEY, address, html_of, row_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal() -> Goal:
    """A goal whose money the test makes up."""
    goal = Goal.objects.get(programme__code=ALMATY, code="7.1")
    goal.funding.all().delete()
    return goal


def line(goal: Goal, code: str, **fields: Any) -> Funding:
    names = {f"name_{language}": f"Line {code}" for language in ("kk", "ru", "en")}
    defaults = {**names, "level": "budget", "planned": None, "order": goal.programme.funding.count()}
    return Funding.objects.create(programme=goal.programme, goal=goal, code=code, **{**defaults, **fields})


def test_an_amount_is_shown_as_it_is_printed_with_its_places(client: Client) -> None:
    row = row_of(html_of(client, address(RURAL, "funding/")), "F-002-certs")
    assert "Economic mobility certificates: 10.1 billion ₸, 2023" in row
    assert "local budget" in row
    assert "line" in row


def test_parts_are_added_up_and_set_against_the_whole(client: Client, goal: Goal) -> None:
    whole = line(goal, "W", planned=27000, year_to=2030, qualifier="about", level="mixed")
    line(goal, "P1", planned=6000, parent=whole)
    line(goal, "P2", planned=Decimal("538.4"), parent=whole)
    line(goal, "S", planned=27000, parent=whole, relation="source")
    line(goal, "X", planned=500, parent=whole, relation="additional")
    row = row_of(html_of(client, address(ALMATY, "funding/")), "W")
    assert "about 27,000 million ₸, to 2030" in row
    assert "The 2 parts named add up to 6,538.4 million ₸, 20,461.6 million ₸ less than the whole." in row
    assert "The one source named gives 27,000 million ₸, exactly the whole." in row


def test_yearly_amounts_are_shown_and_not_added(client: Client, goal: Goal) -> None:
    whole = line(goal, "W", planned=31)
    line(goal, "Y", planned=22, planned_max=26, is_yearly=True, parent=whole, year_from=2026)
    html = html_of(client, address(ALMATY, "funding/"))
    assert "1 yearly amount is not added." in row_of(html, "W")
    assert "add up" not in row_of(html, "W")
    assert "22–26 million ₸ every year, from 2026" in row_of(html, "Y")


def test_sums_are_written_in_the_unit_of_the_printed_whole(client: Client) -> None:
    row = row_of(html_of(client, address(RURAL, "funding/")), "F-002-amanaty")
    assert "100 billion ₸" in row
    assert "The one part named is 10.6 billion ₸, 89.4 billion ₸ less than the whole." in row


def test_a_place_that_prints_another_amount_says_which(client: Client) -> None:
    place = Citation.objects.filter(funding__code="F-002-certs").select_related("unit").get()
    place.pk, place.value, place.lines = None, Decimal("11.65"), [999]
    place.save()
    row = row_of(html_of(client, address(RURAL, "funding/")), "F-002-certs")
    assert "Economic mobility certificates: 10.1 billion ₸" in row
    assert "line 999 (printed there: 11.65 billion ₸)" in row


def test_an_amount_that_is_not_stated_is_not_zero(client: Client) -> None:
    row = row_of(html_of(client, address(MONOTOWNS, "funding/")), "total-2016-2020")
    assert "no amount stated, 2016–2020" in row


def test_the_measures_money_is_set_against_the_plans_totals(client: Client) -> None:
    text = text_of(client, address(MONOTOWNS, "funding/"))
    assert "The measures add up to 6,000 38,175.4 43,196.7 53,861.5" in text
    assert "The plan's printed total 6,000 about 38,200* about 43,200* about 53,900*" in text
    assert "The measures against the printed total equal 24.6 less 3.3 less 38.5 less" in text


def test_figures_are_written_as_the_reader_writes_them(client: Client) -> None:
    text = text_of(client, address(MONOTOWNS, "funding/", "ru"))
    assert "6 000 38 175,4 43 196,7 53 861,5" in text


def test_every_line_of_the_tree_has_its_anchor_once(client: Client) -> None:
    html = html_of(client, address(ALMATY, "funding/"))
    codes = Funding.objects.filter(programme__code=ALMATY).values_list("code", flat=True)
    assert len(codes) > 200
    assert [code for code in codes if html.count(f'<li id="{code}"') != 1] == []


def test_a_programme_without_amounts_says_so(client: Client) -> None:
    Funding.objects.filter(programme__code=SEMEY).delete()
    assert "state no amount of money" in text_of(client, address(SEMEY, "funding/"))
