"""The checklist of the methodology for city strategies: every rule met, broken and left open."""

import datetime as dt
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programmes.methods import strategies as words
from programmes.methods.city_strategy import (
    RULES,
    VERSIONS,
    Answer,
    Kind,
    evaluate,
    summarise,
    version_on,
)
from programmes.methods.strategies import Direction, Indicator, Step, Strategy
from programmes.methods.strategy_checks import Outcome, Reason

TODAY = dt.date(2026, 11, 20)
APPROVED = dt.date(2019, 11, 5)
MACHINE = [rule.code for rule in RULES if rule.kind == Kind.MACHINE]
PERSON = [rule.code for rule in RULES if rule.kind == Kind.PERSON]


def all_of(codes: tuple[str, ...], **others: bool) -> dict[str, bool]:
    """Every code known to be there, but for those given."""
    return dict.fromkeys(codes, True) | others


DAYS = {
    "cost_estimate": dt.date(2024, 3, 1),
    "public_hearing": dt.date(2025, 2, 10),
    "central_agreement": dt.date(2025, 3, 14),
    "neighbour_agreement": dt.date(2025, 3, 20),
    "akimat_proposal": dt.date(2025, 4, 2),
    "presidential_agreement": dt.date(2025, 2, 20),
    "maslikhat_approval": dt.date(2025, 5, 15),
}
STEPS = [Step(code, taken_on=day, reference=f"No. {code}") for code, day in DAYS.items()]
DIRECTIONS = [
    Direction(code, all_of(words.PARTS), all_of(words.BENCHMARKS.get(code, ()))) for code in words.DIRECTIONS
]
COMPLETE = Strategy(
    horizon=2050,
    is_republican=True,
    has_consultants=True,
    stages=all_of(words.STAGES),
    sections=all_of(words.SECTIONS),
    findings=all_of(words.FINDINGS),
    enquiries=all_of(words.ENQUIRIES),
    contents=all_of(words.CONTENTS),
    series=dict.fromkeys(words.SERIES, range(2014, 2024)),
    comparisons=all_of(words.COMPARISONS),
    directions=DIRECTIONS,
    indicator_count=1,
    indicators=[Indicator("neet", has_source=True, has_instrument=True, years=(2024, *range(2025, 2051, 5)))],
    recommended=all_of(words.RECOMMENDED),
    steps=STEPS,
)


def answer(code: str, strategy: Strategy, on: dt.date = TODAY) -> Answer:
    [found] = [each for each in evaluate(strategy, on) if each.rule.code == code]
    return found


def judged(code: str, strategy: Strategy, on: dt.date = TODAY) -> tuple[Outcome, Reason]:
    found = answer(code, strategy, on)
    return found.outcome, found.reason


def with_step(code: str, **changes: Any) -> Strategy:
    """The complete strategy with one step changed."""
    steps = [replace(step, **changes) if step.code == code else step for step in STEPS]
    return replace(COMPLETE, steps=steps)


def with_indicator(**changes: Any) -> Strategy:
    """The complete strategy with its indicator changed."""
    [indicator] = COMPLETE.indicators or ()
    return replace(COMPLETE, indicators=[replace(indicator, **changes)])


@pytest.mark.parametrize("code", MACHINE)
def test_a_complete_strategy_meets_the_rule(code: str) -> None:
    assert judged(code, COMPLETE) == (Outcome.MET, Reason.AS_REQUIRED)


@pytest.mark.parametrize("code", MACHINE)
def test_of_an_unknown_strategy_the_rule_cannot_be_told(code: str) -> None:
    assert answer(code, Strategy()).outcome == Outcome.CANNOT_TELL


@pytest.mark.parametrize("code", PERSON)
def test_only_a_person_can_judge_quality(code: str) -> None:
    assert judged(code, COMPLETE) == (Outcome.NEEDS_PERSON, Reason.JUDGEMENT)


NO_PROBLEMS = [replace(DIRECTIONS[0], parts=all_of(words.PARTS, problems=False)), *DIRECTIONS[1:]]


@pytest.mark.parametrize(
    ("code", "changes", "items"),
    [
        ("stages", {"stages": {"analysis": True, "planning": False}}, ("planning",)),
        ("sections", {"sections": all_of(words.SECTIONS, vision=False)}, ("vision",)),
        ("findings", {"findings": all_of(words.FINDINGS, problems=False)}, ("problems",)),
        ("swot", {"findings": all_of(words.FINDINGS, threats=False)}, ("threats",)),
        ("enquiries", {"enquiries": all_of(words.ENQUIRIES, surveys=False)}, ("surveys",)),
        ("contents", {"contents": all_of(words.CONTENTS, colleges=False)}, ("colleges",)),
        ("foreign_examples", {"comparisons": {"foreign_examples": False}}, ("foreign_examples",)),
        ("survey_ratings", {"comparisons": {"survey_ratings": False}}, ("survey_ratings",)),
        ("best_cities", {"comparisons": {"best_cities": False}}, ("best_cities",)),
        ("directions", {"directions": DIRECTIONS[:4]}, ("urban_planning",)),
        ("direction_parts", {"directions": NO_PROBLEMS}, ("creative_economy.problems",)),
        ("recommended_indicators", {"recommended": all_of(words.RECOMMENDED, neet=False)}, ("neet",)),
        ("outside_experts", {"has_consultants": False}, ("consultants",)),
        ("indicator_values", {"indicators": [Indicator("neet", years=())]}, ("neet",)),
        ("indicator_sources", {"indicators": [Indicator("neet", has_source=False)]}, ("neet",)),
        ("indicator_instruments", {"indicators": [Indicator("neet", has_instrument=False)]}, ("neet",)),
    ],
)
def test_what_is_known_to_be_absent_breaks_the_rule(
    code: str, changes: dict[str, Any], items: tuple[str, ...]
) -> None:
    found = answer(code, replace(COMPLETE, **changes))
    assert (found.outcome, found.reason, found.items) == (Outcome.NOT_MET, Reason.ABSENT, items)
    assert found.numbers["present"] == found.numbers["required"] - 1


@pytest.mark.parametrize("direction", words.BENCHMARKS)
def test_a_direction_uses_every_benchmark_of_its_paragraph(direction: str) -> None:
    lacking = Direction(direction, benchmarks=all_of(words.BENCHMARKS[direction], oecd=False))
    found = answer(f"{direction}_benchmarks", replace(COMPLETE, directions=[lacking]))
    assert (found.outcome, found.items) == (Outcome.NOT_MET, ("oecd",))


def test_what_is_partly_known_stays_open_and_names_the_rest() -> None:
    found = answer("sections", Strategy(sections={"analysis": True, "vision": True}))
    assert (found.outcome, found.reason) == (Outcome.CANNOT_TELL, Reason.NOT_TOLD)
    assert found.numbers == {"required": 6, "present": 2}
    assert found.items == ("international_experience", "directions", "indicators", "implementation")


def test_one_absence_decides_even_where_the_rest_is_unknown() -> None:
    assert judged("sections", Strategy(sections={"vision": False})) == (Outcome.NOT_MET, Reason.ABSENT)


def test_a_strategy_that_reaches_to_another_year_is_told_so() -> None:
    found = answer("horizon", Strategy(horizon=2040))
    assert (found.outcome, found.reason) == (Outcome.NOT_MET, Reason.ANOTHER_YEAR)
    assert found.numbers == {"required": 2050, "found": 2040}


@pytest.mark.parametrize("name", ["human_capital", "human_development"])
def test_a_direction_is_known_by_either_of_its_names(name: str) -> None:
    listed = [replace(each, code=name) if each.code == "human_capital" else each for each in DIRECTIONS]
    strategy = replace(COMPLETE, directions=listed)
    assert answer("directions", strategy).outcome == Outcome.MET
    assert answer("direction_parts", strategy).outcome == Outcome.MET


def test_one_direction_under_both_names_is_refused() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        Strategy(directions=[Direction("human_capital"), Direction("human_development")])


class TestSeries:
    @pytest.mark.parametrize(
        ("years", "length"),
        [(range(2015, 2024), 9), ([*range(2010, 2015), *range(2016, 2024)], 8), ((), 0)],
        ids=["nine years", "a gap in 2015", "no series"],
    )
    def test_ten_years_without_a_gap_are_required(self, years: Any, length: int) -> None:
        found = answer("ten_year_series", replace(COMPLETE, series={**COMPLETE.series, "students": years}))
        assert (found.outcome, found.reason, found.items) == (
            Outcome.NOT_MET,
            Reason.TOO_SHORT,
            ("students",),
        )
        assert (found.numbers["required_years"], found.numbers["shortest"]) == (10, length)

    def test_an_older_gap_does_no_harm(self) -> None:
        series = dict.fromkeys(words.SERIES, (2010, *range(2012, 2024)))
        assert answer("ten_year_series", replace(COMPLETE, series=series)).outcome == Outcome.MET


class TestInterimValues:
    @pytest.mark.parametrize(
        ("years", "longest"),
        [
            ((2024, 2030, 2035, 2040, 2045, 2050), 6),
            ((2024, 2050), 26),
            ((2024, 2029, 2034, 2039, 2044), 6),  # the last value is short of the horizon
            ((2045, 2050), 19),  # approved in 2025, the first year is 2026
        ],
    )
    def test_more_than_five_years_between_values_are_too_many(
        self, years: tuple[int, ...], longest: int
    ) -> None:
        found = answer("interim_values", with_indicator(years=years))
        assert (found.outcome, found.reason) == (Outcome.NOT_MET, Reason.TOO_FAR_APART)
        assert (found.numbers["allowed"], found.numbers["longest"]) == (5, longest)

    @pytest.mark.parametrize("years", [(), (2050,)])
    def test_a_final_value_alone_is_no_interim_value(self, years: tuple[int, ...]) -> None:
        assert judged("interim_values", with_indicator(years=years)) == (Outcome.NOT_MET, Reason.ABSENT)

    def test_without_a_day_of_approval_the_first_value_begins_the_way(self) -> None:
        strategy = replace(with_indicator(years=(2045, 2050)), steps=())
        assert answer("interim_values", strategy).outcome == Outcome.MET


class TestIndicators:
    @pytest.mark.parametrize(
        "code", ["indicator_values", "interim_values", "indicator_sources", "indicator_instruments"]
    )
    def test_indicators_that_are_stated_but_not_listed_leave_the_rule_open(self, code: str) -> None:
        found = answer(code, replace(COMPLETE, indicator_count=28))
        assert (found.outcome, found.reason) == (Outcome.CANNOT_TELL, Reason.NOT_LISTED)
        assert found.numbers == {"stated": 28, "listed": 1}

    def test_a_strategy_without_indicators_breaks_the_rule(self) -> None:
        strategy = replace(COMPLETE, indicators=[], indicator_count=None)
        assert judged("indicator_sources", strategy) == (Outcome.NOT_MET, Reason.ABSENT)

    def test_an_indicator_of_which_nothing_is_known_leaves_the_rule_open(self) -> None:
        found = answer("indicator_sources", with_indicator(has_source=None))
        assert (found.outcome, found.items) == (Outcome.CANNOT_TELL, ("neet",))


class TestWorkflow:
    @pytest.mark.parametrize("code", words.STEPS)
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"is_taken": False}, (Outcome.NOT_MET, Reason.ABSENT)),
            ({"taken_on": None}, (Outcome.CANNOT_TELL, Reason.NOT_DATED)),
            ({"reference": None}, (Outcome.CANNOT_TELL, Reason.NO_REFERENCE)),
        ],
        ids=["not taken", "not dated", "no reference"],
    )
    def test_a_step_is_taken_dated_and_documented(
        self, code: str, changes: dict[str, Any], expected: tuple[Outcome, Reason]
    ) -> None:
        assert judged(code, with_step(code, **changes)) == expected

    @pytest.mark.parametrize(
        ("code", "need"), [("neighbour_agreement", "is_republican"), ("cost_estimate", "has_consultants")]
    )
    def test_a_step_that_some_strategies_need_is_asked_of_them_alone(self, code: str, need: str) -> None:
        omitted = with_step(code, is_taken=False)
        without: dict[str, Any] = {need: False}
        unknown: dict[str, Any] = {need: None}
        assert answer(code, replace(omitted, **without)).outcome == Outcome.NOT_APPLICABLE
        assert judged(code, replace(omitted, **unknown)) == (Outcome.CANNOT_TELL, Reason.NOT_TOLD)

    @pytest.mark.parametrize(
        ("code", "day", "items"),
        [
            ("public_hearing", dt.date(2025, 3, 15), ("public_hearing", "central_agreement")),
            ("neighbour_agreement", dt.date(2025, 2, 9), ("public_hearing", "neighbour_agreement")),
            ("akimat_proposal", dt.date(2025, 3, 13), ("central_agreement", "akimat_proposal")),
            (
                "presidential_agreement",
                dt.date(2025, 5, 16),
                ("presidential_agreement", "maslikhat_approval"),
            ),
        ],
    )
    def test_a_step_before_its_turn_is_out_of_order(
        self, code: str, day: dt.date, items: tuple[str, ...]
    ) -> None:
        found = answer("order_of_steps", with_step(code, taken_on=day))
        assert (found.outcome, found.reason, found.items) == (Outcome.NOT_MET, Reason.OUT_OF_ORDER, items)

    def test_steps_of_one_day_are_in_order(self) -> None:
        strategy = with_step("public_hearing", taken_on=DAYS["central_agreement"])
        assert answer("order_of_steps", strategy).outcome == Outcome.MET

    def test_two_dated_steps_show_the_wrong_order_even_if_the_one_between_is_not_dated(self) -> None:
        steps = [Step("public_hearing", taken_on=TODAY), Step("maslikhat_approval", taken_on=APPROVED)]
        found = answer("order_of_steps", Strategy(steps=steps))
        assert (found.outcome, found.numbers) == (Outcome.NOT_MET, {"required": 6, "dated": 2})

    def test_a_city_of_an_oblast_needs_no_day_of_its_neighbours(self) -> None:
        steps = [step for step in STEPS if step.code != "neighbour_agreement"]
        strategy = replace(COMPLETE, steps=steps, is_republican=False)
        assert answer("order_of_steps", strategy).numbers == {"required": 5, "dated": 5}
        assert answer("order_of_steps", strategy).outcome == Outcome.MET


class TestVersions:
    def test_the_wordings_are_those_that_the_document_shows(self) -> None:
        assert [(act.adopted_on.isoformat(), act.number, sorted(act.restated)) for act in VERSIONS] == [
            ("2019-01-11", "3", []),
            ("2022-04-29", "38", ["1", "14"]),
            ("2025-01-20", "3", ["12"]),
        ]

    @pytest.mark.parametrize(
        ("day", "number"),
        [
            ("2019-01-10", None),
            ("2019-01-11", "3"),
            ("2022-04-28", "3"),
            ("2022-04-29", "38"),
            ("2025-01-20", "3"),
        ],
    )
    def test_a_day_has_the_wording_of_the_last_act_before_it(self, day: str, number: str | None) -> None:
        version = version_on(dt.date.fromisoformat(day))
        assert (version and version.number) == number

    def test_two_rules_read_so_only_since_an_amendment(self) -> None:
        later = {rule.code: rule.since for rule in RULES if rule.since > VERSIONS[0].adopted_on}
        assert later == {"public_hearing": dt.date(2022, 4, 29), "national_goals": dt.date(2025, 1, 20)}

    @pytest.mark.parametrize(
        ("code", "last_day_before"), [("public_hearing", "2022-04-28"), ("national_goals", "2025-01-19")]
    )
    def test_by_an_unknown_wording_nothing_is_judged(self, code: str, last_day_before: str) -> None:
        day = dt.date.fromisoformat(last_day_before)
        assert judged(code, COMPLETE, day) == (Outcome.CANNOT_TELL, Reason.WORDING_UNKNOWN)
        assert answer(code, COMPLETE, day + dt.timedelta(days=1)).outcome != Outcome.CANNOT_TELL

    def test_before_the_methodology_nothing_is_judged(self) -> None:
        assert {(each.outcome, each.reason) for each in evaluate(COMPLETE, dt.date(2019, 1, 10))} == {
            (Outcome.CANNOT_TELL, Reason.NOT_IN_FORCE)
        }


class TestSummary:
    def test_what_is_missing_comes_first_and_recommendations_last_of_their_kind(self) -> None:
        strategy = replace(COMPLETE, horizon=2040, stages={}, has_consultants=False)
        summary = summarise(evaluate(strategy, TODAY))
        assert [each.rule.code for each in summary.answers[:3]] == ["horizon", "outside_experts", "stages"]
        outcomes = [list(Outcome).index(each.outcome) for each in summary.answers]
        assert outcomes == sorted(outcomes)

    def test_only_binding_rules_are_counted(self) -> None:
        summary = summarise(evaluate(COMPLETE, TODAY))
        assert summary.counts == {
            Outcome.NOT_MET: 0, Outcome.CANNOT_TELL: 0, Outcome.NEEDS_PERSON: 15, Outcome.MET: 28,
            Outcome.NOT_APPLICABLE: 0,
        }  # fmt: skip
        assert len(summary.answers) == len(RULES) == 45


@settings(deadline=None)
@given(st.sets(st.sampled_from([field.name for field in fields(Strategy)])))
def test_knowing_less_never_breaks_a_rule(forgotten: set[str]) -> None:
    blank = {name: getattr(Strategy(), name) for name in forgotten}
    assert summarise(evaluate(replace(COMPLETE, **blank), TODAY)).counts[Outcome.NOT_MET] == 0
