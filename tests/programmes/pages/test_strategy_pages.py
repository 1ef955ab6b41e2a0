"""The pages of the checklist for city strategies."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from programmes.applied.strategies import described, judged
from programmes.methods.city_strategy import RULES, VERSIONS
from tests.programmes.pages.test_pages import text_of

pytestmark = pytest.mark.django_db
METHOD = "/en/methods/city-strategies/"
SEMEY = f"{METHOD}semey-2050/"


def test_every_rule_stands_with_its_paragraph_and_lines(client: Client) -> None:
    html = client.get(METHOD).content.decode()
    assert all(f'id="{rule.code}"' in html for rule in RULES)
    text = text_of(client, METHOD)
    assert "The strategy reaches to 2050." in text
    assert "Order No. 38 of 29 April 2022 (paragraphs restated: " in text
    tagged = html.count('<span class="tag">needs a person</span>')
    assert tagged == sum(rule.check is None for rule in RULES)


def test_the_strategies_whose_packages_describe_them_are_listed(client: Client) -> None:
    assert described() == ["semey-2050"]
    assert f'href="{SEMEY}"' in client.get(METHOD).content.decode()


def test_semey_is_judged_by_the_wording_of_its_approval_with_what_is_missing_first(client: Client) -> None:
    answer: Any = client.get(SEMEY)
    assert answer.context["day"] == dt.date(2019, 11, 5)
    counts = {code: count for code, _word, count in answer.context["counts"]}
    assert counts == {"not_met": 0, "cannot_tell": 23, "needs_person": 14, "met": 5, "not_applicable": 1}
    outcomes = [each.outcome for each in answer.context["answers"]]
    assert outcomes == sorted(outcomes, key=list(counts).index)
    assert "The documents at hand do not say." in text_of(client, SEMEY)


def test_another_wording_can_be_asked_for(client: Client) -> None:
    counts = {code: count for code, _word, count in client.get(f"{SEMEY}?on=2026-01-01").context["counts"]}
    assert (counts["cannot_tell"], counts["needs_person"]) == (22, 15)


def test_before_the_methodology_nothing_can_be_told() -> None:
    summary, _counts, answers = judged("semey-2050", VERSIONS[0].adopted_on - dt.timedelta(days=1))
    assert {each.outcome for each in answers} == {"cannot_tell"}
    assert len(summary.answers) == len(RULES)


def test_a_day_that_is_none_is_named(client: Client) -> None:
    assert 'class="field-error"' in client.get(f"{SEMEY}?on=yesterday").content.decode()


@pytest.mark.parametrize("programme", ["almaty-2025", "nowhere"])
def test_a_programme_without_a_described_strategy_is_not_found(client: Client, programme: str) -> None:
    assert client.get(f"{METHOD}{programme}/").status_code == 404


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_answer_is_in_the_readers_language(client: Client, language: str) -> None:
    answer: Any = client.get(SEMEY.replace("/en/", f"/{language}/"))
    text = text_of(client, SEMEY.replace("/en/", f"/{language}/"))
    assert all(each.rule.title in text and each.word in text for each in answer.context["answers"])
