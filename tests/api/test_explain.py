"""The API explains every row of progress: formulas with figures, origins, reasons and cures."""

import jsonschema
import pytest
from django.test import Client

from programmes.codes import Reason
from tests.api.conftest import Get, World
from tests.api.test_schema import document, schema_of

pytestmark = pytest.mark.django_db
NEET = "progress/almaty-2025:KPI-7:almaty:2023"
PATH = "/api/v1/progress/{id}/explain/"


def test_it_shows_the_facts_with_the_results_of_the_row(get: Get) -> None:
    row, found = get(NEET), get(f"{NEET}/explain", lang="en")
    facts = {fact["code"]: fact for fact in found["facts"]}
    assert found["id"] == row["id"]
    assert {code: facts[code]["value"] for code in ("expected", "attainment", "distance", "pace")} == {
        code: row[code] for code in ("expected", "attainment", "distance", "pace")
    }
    assert (facts["verdict"]["word"], facts["course"]["word"]) == (row["verdict"], row["course"])
    pace = facts["pace"]["formula"]
    assert pace["by_name"] == "(actual − baseline) ÷ (expected − baseline)"
    assert pace["filled"] == "(5.2 − 6.3) ÷ (5.7 − 6.3)"
    assert [figure["code"] for figure in pace["figures"]] == ["actual", "baseline", "expected", "baseline"]


def test_it_names_the_origin_of_every_figure(get: Get) -> None:
    inputs = {each["code"]: each for each in get(f"{NEET}/explain", lang="en")["inputs"]}
    assert set(inputs) == {
        "actual", "baseline", "target_2023", "target_2030", "on_track_from", "at_risk_from"
    }  # fmt: skip
    (figure,) = inputs["actual"]["published"]
    assert figure["place"] == "data/statistics/bureau/neet-share.csv:231"
    assert get(figure["address"].removeprefix("http://testserver"))["value"] == figure["value"]
    assert {line for place in inputs["baseline"]["printed"] for line in place["lines"]} >= {5219}
    assert inputs["target_2030"]["act"]["title"] == "Act adopting the programme"
    assert inputs["on_track_from"]["basis"] == "default"
    assert "pace" in inputs["actual"]["used_in"]


def test_its_addresses_answer(get: Get) -> None:
    found = get(f"{NEET}/explain", lang="ru")
    assert found["page"].startswith("http://testserver/ru/programmes/almaty-2025/kpis/KPI-7/")
    places = [place for each in found["inputs"] for place in each["printed"]]
    addresses = [
        found["page"],
        *(place["page"] for place in places),
        *(place["register"] for place in places),
    ]
    for address in addresses:
        assert Client().get(address.removeprefix("http://testserver")).status_code == 200


def test_what_cannot_be_computed_has_a_reason_and_a_cure(get: Get) -> None:
    found = get("progress/monotowns-2012-2020:M-2:temirtau:2015/explain", lang="en")
    facts = {fact["code"]: fact for fact in found["facts"]}
    assert facts["pace"]["reason"] == Reason.BASELINE_MISSING
    assert facts["pace"]["cure"] == "The baseline, stated by a document or an act, or a figure of its year."
    assert [figure["value"] for figure in facts["pace"]["formula"]["figures"]] == [None] * 4
    target = next(each for each in found["inputs"] if each["code"] == "target_2015")
    assert (target["stated"], target["value"], target["formula"]["filled"]) == ("×2", None, "? × 2")


def test_texts_are_in_the_language_asked_for(get: Get) -> None:
    names = {
        language: get(f"{NEET}/explain", lang=language)["inputs"][0]["published"][0]["source_name"]
        for language in ("kk", "ru", "en")
    }
    assert len(set(names.values())) == 3


def test_an_earlier_day_is_explained_with_what_was_known(get: Get) -> None:
    found = get(f"{NEET}/explain", as_of="2025-01-01")
    (actual, *_rest) = found["inputs"]
    assert (actual["value"], actual["basis"], actual["published"]) == (None, "missing", [])
    assert "as_of=2025-01-01" in found["page"]


@pytest.mark.parametrize(
    "code", ["nowhere", "almaty-2025:KPI-7:almaty:1900", "almaty-2025:KPI-7:almaty:x", "a%00b", ":::"]
)
def test_an_unknown_row_is_unknown(get: Get, code: str) -> None:
    problem = get(f"progress/{code}/explain", expect=404)
    (flaw,) = problem["errors"]
    assert (problem["code"], flaw["code"]) == ("not_found", "unknown_code")
    jsonschema.validate(problem, schema_of(PATH, "404", "application/problem+json"))


def test_answers_are_as_described(get: Get, world: World) -> None:
    rows = [row["id"] for row in get("progress", limit=100)["results"]]
    for row in [*rows, "test-programme:KPI-1:test-city:2022"]:
        answer = get(f"progress/{row}/explain")
        jsonschema.validate(answer, schema_of(PATH, "200"))
        component = schema_of(PATH, "200")["$ref"].rsplit("/", 1)[1]
        assert list(answer) == list(document()["components"]["schemas"][component]["properties"])


def test_it_is_json_alone(get: Get) -> None:
    problem = get(f"{NEET}/explain", expect=400, format="csv")
    assert [flaw["field"] for flaw in problem["errors"]] == ["format"]
