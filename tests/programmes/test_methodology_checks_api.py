"""Checks by prescribed methods in the API: the same as on their pages, answer by answer."""

import datetime as dt
from typing import Any

import jsonschema
import pytest
from django.test import Client

from programmes.applied.strategies import judged, strategy
from programmes.applied.towns import towns
from tests.api.test_schema import schema_of

pytestmark = pytest.mark.django_db
STRATEGY = "city-strategy:semey-2050"


def ask(path: str = "", status: int = 200, **params: str) -> Any:
    """The body of the answer, which is as described."""
    response = Client().get(f"/api/v1/methodology-checks/{path}", params, headers={"Accept-Language": "en"})
    assert response.status_code == status, response.content
    kind = "application/json" if status == 200 else "application/problem+json"
    address = "/api/v1/methodology-checks/" + ("{id}/" if path else "")
    jsonschema.validate(response.json(), schema_of(address, str(status), kind))
    return response.json()


def test_all_strategies_and_towns_are_listed() -> None:
    listed = {each["id"]: each for each in ask()["results"]}
    assert set(listed) == {STRATEGY, *(f"monotown:{each.membership.territory.code}" for each in towns())}
    assert len(listed) == 28
    ridder = listed["monotown:ridder"]
    assert (ridder["policy"], ridder["document"], ridder["programme"]) == (
        "any",
        "001",
        "monotowns-2012-2020",
    )
    assert ridder["page"] == "http://testserver/en/methods/monotowns/ridder/"


def test_a_strategy_is_judged_by_the_wording_of_the_day() -> None:
    found = ask(f"{STRATEGY}/")
    day = strategy("semey-2050").approved_on
    assert found["judged_on"] == (day.isoformat() if day else found["judged_on"])
    earlier = ask(f"{STRATEGY}/", on="2018-01-01")
    assert {each["outcome"] for each in earlier["answers"]} == {"cannot_tell"}
    assert found["counts"] != earlier["counts"]


def test_its_answers_are_those_of_the_page() -> None:
    found = ask(f"{STRATEGY}/", on="2023-01-01")
    day = strategy("semey-2050").approved_on
    assert day is None or found["judged_on"] == "2023-01-01"
    summary, _counts, answers = judged("semey-2050", dt.date(2023, 1, 1))
    assert found["counts"] == {outcome.value: count for outcome, count in summary.counts.items()}
    assert [(each["code"], each["outcome"]) for each in found["answers"]] == [
        (each.rule.rule.code, each.outcome) for each in answers
    ]
    assert all(each["title"] and each["lines"] for each in found["answers"])


def test_a_town_under_another_policy_may_have_another_class() -> None:
    classes = {policy: ask("monotown:ridder/", policy=policy)["outcome"] for policy in ("any", "all")}
    town = next(each for each in towns() if each.membership.territory.code == "ridder")
    assert classes == {code: town.judgements[code].outcome.value for code in classes}
    found = ask("monotown:ridder/")
    assert sum(found["counts"].values()) == len(found["answers"])
    assert found["stated_outcome"] == town.membership.official_class
    known = [each for each in found["answers"] if each["outcome"] != "unknown"]
    assert known
    assert all(each["lines"] for each in known)


@pytest.mark.parametrize("code", ["monotown:almaty", "city-strategy:almaty-2025", "nonsense", "monotown:"])
def test_what_was_not_checked_is_not_found(code: str) -> None:
    assert ask(f"{code}/", 404)["errors"][0]["code"] == "unknown_code"


@pytest.mark.parametrize("params", [{"on": "soon"}, {"policy": "mine"}, {"colour": "blue"}, {"lang": "de"}])
def test_what_cannot_be_used_is_named(params: dict[str, str]) -> None:
    (flaw,) = ask(f"{STRATEGY}/", 400, **params)["errors"]
    assert flaw["field"] == next(iter(params))


def test_it_speaks_the_language_that_is_asked_for() -> None:
    titles = {lang: ask(f"{STRATEGY}/", lang=lang)["answers"][0]["title"] for lang in ("kk", "ru", "en")}
    assert len(set(titles.values())) == 3
