"""The checklist of the methodology for city strategies as data: Semey as counted by hand, titles, schemas."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from programmes.methods import strategies as words
from programmes.methods.city_strategy import RULES, Answer, Section, evaluate, summarise
from programmes.methods.strategies import Direction, Indicator, Step, Strategy, strategy_of
from programmes.methods.strategy_checks import Outcome, Reason
from tests.yamls import read_yaml

DATA = Path(__file__).parents[2] / "data"
LETTER = DATA.parents[1] / "shared" / "seeds" / "000_1e30f8f847600fa8.txt"
TODAY = dt.date(2026, 11, 20)
APPROVED = dt.date(2019, 11, 5)


def answer(code: str, strategy: Strategy, on: dt.date = TODAY) -> Answer:
    [found] = [each for each in evaluate(strategy, on) if each.rule.code == code]
    return found


def read(path: str) -> Any:
    return read_yaml((DATA / path).read_text(encoding="utf-8"))


def schema(name: str) -> Any:
    return json.loads((DATA / f"schema/{name}.schema.json").read_text(encoding="utf-8"))


def complaints(data: Any, name: str) -> list[str]:
    common = schema("common")
    registry: Registry[Any] = Registry().with_resource(common["$id"], Resource.from_contents(common))
    return [
        error.message for error in Draft202012Validator(schema(name), registry=registry).iter_errors(data)
    ]


class TestSemey:
    DESCRIPTION = read("programmes/semey-2050/checklist.yaml")
    STRATEGY = strategy_of(DESCRIPTION)

    def test_the_description_fits_its_schema(self) -> None:
        assert complaints(self.DESCRIPTION, "checklist") == []

    def test_it_is_what_the_letter_tells(self) -> None:
        assert (self.STRATEGY.horizon, self.STRATEGY.indicator_count, self.STRATEGY.approved_on) == (
            2050, 28, APPROVED
        )  # fmt: skip
        assert [each.code for each in self.STRATEGY.directions or ()] == list(words.DIRECTIONS)
        assert (self.STRATEGY.indicators, self.STRATEGY.sections, self.STRATEGY.series) == (None, {}, {})

    def test_by_the_wording_of_its_day_five_rules_are_met_and_twenty_three_cannot_be_told(self) -> None:
        summary = summarise(evaluate(self.STRATEGY, APPROVED))
        assert summary.counts == {
            Outcome.NOT_MET: 0, Outcome.CANNOT_TELL: 23, Outcome.NEEDS_PERSON: 14, Outcome.MET: 5,
            Outcome.NOT_APPLICABLE: 1,
        }  # fmt: skip
        met = {each.rule.code for each in summary.answers if each.outcome == Outcome.MET}
        assert met == {"horizon", "stages", "swot", "directions", "maslikhat_approval"}

    def test_by_the_wording_in_force_the_national_goals_wait_for_a_person(self) -> None:
        counts = summarise(evaluate(self.STRATEGY, TODAY)).counts
        assert (counts[Outcome.CANNOT_TELL], counts[Outcome.NEEDS_PERSON]) == (22, 15)
        assert answer("public_hearing", self.STRATEGY, APPROVED).reason == Reason.WORDING_UNKNOWN
        assert answer("public_hearing", self.STRATEGY, TODAY).reason == Reason.NOT_TOLD

    def test_its_indicators_are_counted_but_not_listed(self) -> None:
        found = answer("interim_values", self.STRATEGY)
        assert (found.reason, found.numbers) == (Reason.NOT_LISTED, {"stated": 28, "listed": 0})

    def test_one_of_the_five_steps_that_it_needs_is_dated(self) -> None:
        found = answer("order_of_steps", self.STRATEGY)
        assert (found.reason, found.numbers) == (Reason.NOT_DATED, {"required": 5, "dated": 1})

    @pytest.mark.skipif(not LETTER.exists(), reason="the letter is not at hand")
    @pytest.mark.parametrize(
        ("lines", "text"),
        [
            ([138, 156], "2050"),
            ([150, 152, 154], "күшті және әлсіз жақтарын"),
            ([161, 163], "28 мақсатты индикатор"),
            ([134, 136, 138, 140], "34/385-VI"),
        ],
    )
    def test_the_cited_lines_say_so(self, lines: list[int], text: str) -> None:
        letter = LETTER.read_text(encoding="utf-8").split("\n")
        assert text in " ".join(letter[line - 1].strip() for line in lines)
        assert f"{lines}" in (DATA / "programmes/semey-2050/checklist.yaml").read_text(encoding="utf-8")


class TestWords:
    METHOD = read("methods/city-strategy.yaml")

    def test_the_texts_fit_their_schema(self) -> None:
        assert complaints(self.METHOD, "methods") == []

    def test_every_rule_has_its_title_in_the_checklists_order(self) -> None:
        assert [row["code"] for row in self.METHOD["rules"]] == [rule.code for rule in RULES]

    @pytest.mark.parametrize(
        ("kind", "codes"), [("sections", Section), ("outcomes", Outcome), ("reasons", Reason)]
    )
    def test_every_code_has_its_words(self, kind: str, codes: Any) -> None:
        assert list(self.METHOD["words"][kind]) == [code.value for code in codes]

    def test_everything_that_can_be_missing_has_a_name(self) -> None:
        named = {item for each in evaluate(Strategy(), TODAY) for item in each.items}
        parts = {part for item in named for part in item.split(".")}
        assert parts | set(words.STEPS) - {"cost_estimate"} <= set(self.METHOD["words"]["items"])


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("stages", words.STAGES),
        ("sections", words.SECTIONS),
        ("findings", words.FINDINGS),
        ("enquiries", words.ENQUIRIES),
        ("contents", words.CONTENTS),
        ("comparisons", words.COMPARISONS),
        ("recommended", words.RECOMMENDED),
        ("series", words.SERIES),
        ("steps", words.STEPS),
    ],
)
def test_the_schema_knows_the_codes_of_the_method(field: str, codes: tuple[str, ...]) -> None:
    assert schema("checklist")["properties"][field]["items"]["properties"]["code"]["enum"] == list(codes)


def test_a_file_can_describe_every_field() -> None:
    cite = {"document": "000", "lines": [1]}
    row = {"is_present": True, "cite": cite}
    description = {
        "horizon": {"value": 2050, "cite": cite},
        "has_consultants": {"value": True, "cite": cite},
        "sections": [{"code": "vision", **row}],
        "series": [{"code": "population", "years": [2018, 2019], "cite": cite}],
        "directions": [
            {"code": "smart_city", "parts": {"state": False}, "benchmarks": {"oecd": True}, "cite": cite}
        ],
        "indicators": [{"code": "neet", "has_source": True, "years": [2025, 2030], "cite": cite}],
        "steps": [{"code": "public_hearing", "is_taken": True, "taken_on": "2025-02-10", "cite": cite}],
    }
    assert complaints(description, "checklist") == []
    assert strategy_of(description) == Strategy(
        horizon=2050,
        has_consultants=True,
        sections={"vision": True},
        series={"population": [2018, 2019]},
        directions=[Direction("smart_city", {"state": False}, {"oecd": True})],
        indicators=[Indicator("neet", has_source=True, years=[2025, 2030])],
        steps=[Step("public_hearing", taken_on=dt.date(2025, 2, 10))],
    )


@pytest.mark.parametrize(
    "description",
    [
        {"sections": [{"code": "visions", "is_present": True, "cite": {"document": "000", "lines": [1]}}]},
        {"horizon": {"value": 2050}},
        {"stage": []},
    ],
    ids=["unknown code", "no citation", "unknown field"],
)
def test_the_schema_refuses_what_cannot_be_read(description: dict[str, Any]) -> None:
    assert complaints(description, "checklist") != []
