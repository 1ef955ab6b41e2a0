"""The page of what a programme said on a day."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from programmes.models import Programme
from tests.programmes.pages.reading import MONOTOWNS, SEMEY, address, html_of, text_of, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2012-05-24", "On this day the programme had not been adopted yet."),
        ("2012-05-25", "On this day the programme was in force."),
        ("2014-12-31", "On this day the programme was in force."),
        ("2015-01-01", "no longer in force: it had been repealed."),
    ],
)
def test_it_says_whether_the_programme_was_in_force(client: Client, on: str, said: str) -> None:
    assert said in text_of(client, address(MONOTOWNS, f"on/{on}/"))


@pytest.mark.parametrize("on", ["2012-05-24", "2015-01-01"])
def test_it_lists_no_promise_while_the_programme_was_not_in_force(client: Client, on: str) -> None:
    text = text_of(client, address(MONOTOWNS, f"on/{on}/"))
    assert "What it promised on this day" not in text
    assert "Unemployment rate in monotowns" not in text


def test_acts_stand_by_how_they_took_effect(client: Client) -> None:
    text = text_of(client, address(MONOTOWNS, "on/2014-10-30/"))
    in_effect, not_stated, pending, rest = (
        text.index(words)
        for words in (
            "In effect Adoption.",
            "Adopted; the day of effect is not stated",
            "Adopted, not in effect yet",
            "What it promised",
        )
    )
    assert in_effect < text.index("№ 683") < not_stated
    assert not_stated < text.index("№ 1169") < text.index("№ 1154") < pending
    assert pending < text.index("№ 279") < text.index("№ 728") < rest


def test_a_later_act_is_not_known_yet(client: Client) -> None:
    text = text_of(client, address(MONOTOWNS, "on/2013-11-07/"))
    assert "№ 1169" in text
    assert "№ 1154" not in text


def test_targets_are_those_in_force(client: Client) -> None:
    assert "2015 – ≤ 5.5 %; 2020 – ≤ 5 %" in text_of(client, address(MONOTOWNS, "on/2012-05-25/"))


def test_an_amended_target_holds_from_its_day(client: Client) -> None:
    programme = Programme.objects.get(code=MONOTOWNS)
    target = programme.kpis.get(code="M-4").targets.get(period_start__year=2020)
    target.valid_to = "2014-01-01"
    target.save()
    target.pk, target.value, target.act = None, Decimal("4.5"), programme.acts.get(code="1169")
    target.valid_from, target.valid_to = "2014-01-01", None
    target.save()
    assert "2020 – ≤ 5 %" in text_of(client, address(MONOTOWNS, "on/2013-12-31/"))
    assert "2020 – ≤ 4.5 %" in text_of(client, address(MONOTOWNS, "on/2014-01-01/"))


def test_a_row_is_in_the_plan_until_the_act_that_excludes_it(client: Client) -> None:
    text = text_of(client, address(MONOTOWNS, "on/2014-10-29/"))
    assert "In the plan on this day. A later act excluded the row" in text
    assert "perhaps excluded" not in text


def test_a_row_is_perhaps_excluded_where_the_acts_day_is_not_stated(client: Client) -> None:
    html = html_of(client, address(MONOTOWNS, "on/2014-12-31/"))
    assert "perhaps excluded by act No. 1154 of 30 October 2014" in words(html)
    assert "The day from which the exclusion is in effect is not stated." in words(html)
    assert "<s>" not in html


def test_a_row_is_struck_once_the_act_is_in_effect(client: Client) -> None:
    Programme.objects.get(code=MONOTOWNS).acts.filter(code="1154").update(effective_on="2014-11-20")
    assert html_of(client, address(MONOTOWNS, "on/2014-11-19/")).count("<s>") == 0
    html = html_of(client, address(MONOTOWNS, "on/2014-11-20/"))
    assert html.count("<s>") == 1
    assert "excluded by act No. 1154" in words(html)


def test_where_the_day_of_effect_is_not_stated_it_says_so(client: Client) -> None:
    text = text_of(client, address(SEMEY, "on/2024-01-01/"))
    assert "cannot be said" in text
    assert "Complex plan of social and economic development of Semey" in text
    assert (
        "Complex plan"
        not in text_of(client, address(SEMEY, "on/2018-01-01/")).partition("What it promised")[2]
    )


def test_it_offers_the_days_on_which_something_changed(client: Client) -> None:
    html = html_of(client, address(MONOTOWNS, "on/2012-05-25/"))
    assert re.search(r'on/2012-05-25/"\s+aria-current="page"', html)
    assert "/on/2015-01-01/" in html


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_form_leads_to_its_day(client: Client, language: str) -> None:
    path = address(MONOTOWNS, "on/", language)
    response = client.get(path, {"day": "2013-11-07"})
    assert (response.status_code, response["Location"]) == (302, f"{path}2013-11-07/")


def test_without_a_day_it_leads_to_today(client: Client) -> None:
    location = client.get(address(MONOTOWNS, "on/"))["Location"]
    assert client.get(location).status_code == 200


@pytest.mark.parametrize("day", ["", "07.11.2013", "2013-13-01"])
def test_a_day_that_is_none_is_explained(client: Client, day: str) -> None:
    response = client.get(address(MONOTOWNS, "on/"), {"day": day})
    assert response.status_code == 400
    assert 'class="field-error"' in response.content.decode()
