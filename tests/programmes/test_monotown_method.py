"""The monotowns programme's entry test and classes of potential, as tables of cases and as properties."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.methods.monotown_criteria import (
    Answer,
    Criterion,
    Evidence,
    Group,
    Join,
    Qualifier,
    YesNo,
    assess,
    criteria,
    joined,
)
from programmes.methods.monotowns import (
    CRITERIA,
    ENTRY,
    HIGH,
    LOW,
    POLICIES,
    Outcome,
    Policy,
    Reading,
    classify,
    enter,
)
from tests.programmes.monotowns import NO, POLICY, UNKNOWN, YES, Known, answer_to


def number(value: float | str, **more: Any) -> Evidence:
    return Evidence(value=Decimal(str(value)), **more)


def against(value: float, mean: float) -> Evidence:
    return number(value, reference=Decimal(str(mean)))


def satisfying(criterion: Criterion, *, wanted: bool = True) -> Evidence:
    """Evidence that satisfies a criterion, or that refutes it."""
    if isinstance(criterion, YesNo):
        return Evidence(answer=criterion.wanted is wanted)
    samples = (against(sample, 100) for sample in (15, 99, 101, -1))
    return next(known for known in samples if criterion.test(known) == (YES if wanted else NO))


def known_of(items: tuple[Group, ...], *, wanted: bool = True) -> Known:
    """Evidence that satisfies, or refutes, every criterion of the items."""
    return {
        criterion.code: satisfying(criterion, wanted=wanted) for item in items for criterion in criteria(item)
    }


def only(items: tuple[Group, ...], number_of_items: int) -> Known:
    """Evidence that satisfies the first items of a list and refutes the others."""
    return known_of(items[number_of_items:], wanted=False) | known_of(items[:number_of_items])


class TestJoining:
    @pytest.mark.parametrize(
        ("one", "other", "any_", "all_"),
        [
            (YES, YES, YES, YES), (YES, NO, YES, NO), (YES, UNKNOWN, YES, UNKNOWN),
            (NO, YES, YES, NO), (NO, NO, NO, NO), (NO, UNKNOWN, UNKNOWN, NO),
            (UNKNOWN, YES, YES, UNKNOWN), (UNKNOWN, NO, UNKNOWN, NO), (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        ],
    )  # fmt: skip
    def test_any_and_all_follow_kleenes_tables(
        self, one: Answer, other: Answer, any_: Answer, all_: Answer
    ) -> None:
        assert joined([one, other], Join.ANY) == any_
        assert joined([one, other], Join.ALL) == all_

    @pytest.mark.parametrize(
        ("yes", "no", "unknown", "expected"),
        [
            (5, 4, 0, YES), (4, 5, 0, NO), (5, 0, 4, YES), (0, 5, 4, NO),
            (4, 4, 1, UNKNOWN), (4, 0, 5, UNKNOWN), (0, 4, 5, UNKNOWN),
            (1, 1, 0, NO), (2, 2, 0, NO), (1, 0, 1, UNKNOWN), (2, 0, 1, YES),
        ],
    )  # fmt: skip
    def test_a_majority_is_more_than_half_of_all(
        self, yes: int, no: int, unknown: int, expected: Answer
    ) -> None:
        assert joined([YES] * yes + [NO] * no + [UNKNOWN] * unknown, Join.MAJORITY) == expected

    @given(st.lists(st.sampled_from(Answer), min_size=1, max_size=6), st.sampled_from(Join))
    def test_it_is_unknown_exactly_where_the_unknown_can_change_it(
        self, answers: list[Answer], join: Join
    ) -> None:
        choices = [(YES, NO) if answer == UNKNOWN else (answer,) for answer in answers]
        ends = {joined(settled, join) for settled in itertools.product(*choices)}
        assert joined(answers, join) == (ends.pop() if len(ends) == 1 else UNKNOWN)


class TestCriteria:
    @pytest.mark.parametrize(
        ("code", "yes", "no"),
        [
            ("output_share", 20.1, 20), ("employment_share", 20.1, 20),
            ("distance_km", 75, 74.9), ("access_hours", 1, 0.9),
            ("population_fall", 0.1, 0), ("migration_balance", -1, 0),
            ("water_wear", 80.1, 80), ("electricity_wear", 80.1, 80), ("heat_wear", 80.1, 80),
            ("health_wear", 70, 69.9), ("education_wear", 70, 69.9), ("culture_wear", 70, 69.9),
        ],
    )  # fmt: skip
    def test_a_limit_is_drawn_where_the_document_draws_it(self, code: str, yes: float, no: float) -> None:
        (criterion,) = (one for node in (ENTRY, *LOW) for one in criteria(node) if one.code == code)
        assert criterion.test(number(yes)) == YES
        assert criterion.test(number(no)) == NO

    @pytest.mark.parametrize(
        ("code", "items", "below", "equal", "above"),
        [
            ("income_to_national_mean", HIGH, NO, YES, YES), ("income_to_oblast_mean", LOW, YES, NO, NO),
            ("unemployment_to_oblast_mean", LOW, NO, NO, YES),
            ("self_employment_to_oblast_mean", LOW, NO, NO, YES),
        ],
    )  # fmt: skip
    def test_means_are_what_the_evidence_says(
        self, code: str, items: tuple[Group, ...], below: Answer, equal: Answer, above: Answer
    ) -> None:
        (criterion,) = (one for item in items for one in criteria(item) if one.code == code)
        assert [criterion.test(against(value, 7.2)) for value in (7.1, 7.2, 7.3)] == [below, equal, above]
        assert criterion.test(number(9.4)) == UNKNOWN

    @pytest.mark.parametrize(
        ("years", "lasting", "scarce"),
        [(30, YES, NO), (25, YES, NO), (24.9, NO, NO), (10.1, NO, NO), (10, NO, YES), (0, NO, YES)],
    )
    def test_reserves_between_ten_and_twenty_five_years_belong_nowhere(
        self, years: float, lasting: Answer, scarce: Answer
    ) -> None:
        result = classify({"reserves_years": number(years)}, POLICY["any"])
        assert answer_to(result.high, "reserves_years") == lasting
        assert answer_to(result.low, "reserves_years") == scarce

    @pytest.mark.parametrize(
        ("known", "expected"),
        [
            (number(70, value_max=Decimal(80)), NO), (number(80, value_max=Decimal(90)), UNKNOWN),
            (number(81, value_max=Decimal(90)), YES), (number(80, qualifier=Qualifier.AT_MOST), NO),
            (number(90, qualifier=Qualifier.AT_MOST), UNKNOWN),
            (number(90, qualifier=Qualifier.AT_LEAST), YES),
            (number(80, qualifier=Qualifier.AT_LEAST), UNKNOWN),
        ],
    )  # fmt: skip
    def test_a_range_or_a_bound_decides_only_on_one_side_of_the_limit(
        self, known: Evidence, expected: Answer
    ) -> None:
        result = classify({"water_wear": known}, POLICY["any"])
        assert answer_to(result.low, "water_wear") == expected

    def test_a_share_without_a_threshold_needs_somebodys_answer(self) -> None:
        (housing, *_) = criteria(LOW[4])
        assert housing.test(number(36.7)) == UNKNOWN
        assert housing.test(number(36.7, answer=True)) == YES

    @pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.code)
    def test_a_printed_or_holds_under_every_policy(self, policy: Policy) -> None:
        result = classify({"distance_km": number(590), "access_hours": number(0.5)}, policy)
        assert answer_to(result.low, "remoteness") == YES

    @pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.code)
    def test_a_printed_and_holds_under_every_policy(self, policy: Policy) -> None:
        known = {"ecological_disaster": Evidence(answer=False), "excess_pollution": Evidence(answer=True)}
        assert answer_to(classify(known, policy).low, "R-001-NEG-6") == NO

    def test_bullets_and_lists_within_them_follow_the_policy(self) -> None:
        known = {"electricity_wear": number(94), "water_wear": number(60), "heat_wear": number(81)}
        wear = [answer_to(assess(LOW[4], known, join), "network_wear") for join in Join]
        assert dict(zip(Join, wear, strict=True)) == {Join.ANY: YES, Join.MAJORITY: YES, Join.ALL: NO}

    def test_evidence_must_say_something(self) -> None:
        with pytest.raises(ValueError, match="an answer or a value"):
            Evidence(reason="somebody said so")
        with pytest.raises(ValueError, match="lower end"):
            number(85, value_max=Decimal(80))

    def test_it_refuses_what_no_criterion_asks(self) -> None:
        with pytest.raises(ValueError, match="no criterion has the code weather"):
            enter({"weather": Evidence(answer=True)})
        with pytest.raises(ValueError, match="water_wear asks for a number"):
            classify({"water_wear": Evidence(answer=True)}, POLICY["any"])


class TestEntry:
    @pytest.mark.parametrize(
        ("people", "expected"), [(9_999, NO), (10_000, YES), (200_000, YES), (200_001, NO)]
    )
    def test_the_ends_of_the_band_belong_to_it(self, people: int, expected: Answer) -> None:
        assert enter({"population": number(people), "output_share": number(21)}).answer == expected

    @pytest.mark.parametrize(
        "sign",
        [
            {"output_share": number(20.1)},
            {"employment_share": number(20.1)},
            {"enterprise_idle": Evidence(answer=True)},
        ],
    )
    def test_one_of_three_signs_is_enough(self, sign: Known) -> None:
        assert enter({"population": number(50_000), **sign}).answer == YES

    def test_without_a_sign_it_is_no_monotown(self) -> None:
        shares = {"output_share": number(20), "employment_share": number(20)}
        known = {"population": number(50_000), "enterprise_idle": Evidence(answer=False), **shares}
        assert enter(known).answer == NO

    def test_it_names_what_is_missing(self) -> None:
        result = enter({"population": number(50_000), "enterprise_idle": Evidence(answer=False)})
        assert (result.answer, result.missing) == (UNKNOWN, ("output_share", "employment_share"))

    def test_a_town_outside_the_band_needs_no_more_questions(self) -> None:
        result = enter({"population": number(9_653)})
        assert (result.answer, result.missing) == (NO, ())


class TestClasses:
    @pytest.mark.parametrize(
        ("policy", "high", "low", "expected"),
        [
            ("all", 9, 0, Outcome.HIGH), ("all", 8, 0, Outcome.MEDIUM), ("all", 0, 8, Outcome.MEDIUM),
            ("majority", 5, 4, Outcome.HIGH), ("majority", 4, 5, Outcome.LOW),
            ("majority", 4, 4, Outcome.MEDIUM), ("majority", 5, 5, Outcome.CONFLICT),
            ("any", 0, 0, Outcome.MEDIUM), ("any", 1, 0, Outcome.HIGH), ("any", 1, 1, Outcome.CONFLICT),
            ("cautious", 9, 0, Outcome.HIGH), ("cautious", 8, 0, Outcome.MEDIUM),
            ("cautious", 8, 1, Outcome.LOW), ("cautious", 9, 1, Outcome.CONFLICT),
        ],
    )  # fmt: skip
    def test_the_class_follows_from_both_lists(
        self, policy: str, high: int, low: int, expected: Outcome
    ) -> None:
        result = classify(only(LOW, low) | only(HIGH, high), POLICY[policy])
        assert (result.outcome, result.missing) == (expected, ())

    def test_all_nine_low_items_make_a_town_low_under_every_policy(self) -> None:
        known = known_of(HIGH, wanted=False) | known_of(LOW)
        assert {classify(known, policy).outcome for policy in POLICIES} == {Outcome.LOW}

    def test_the_lists_can_be_read_each_in_its_own_way(self) -> None:
        policy = Policy("custom", high=Reading(Join.MAJORITY, Join.ANY), low=Reading(Join.ALL, Join.ANY))
        assert classify(only(LOW, 8) | only(HIGH, 5), policy).outcome == Outcome.HIGH

    @pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.code)
    def test_nothing_known_leaves_everything_possible(self, policy: Policy) -> None:
        result = classify({}, policy)
        assert result.outcome == Outcome.UNDETERMINED
        assert result.possible == set(Outcome) - {Outcome.UNDETERMINED}
        assert set(result.missing) == {one.code for item in (*HIGH, *LOW) for one in criteria(item)}

    def test_what_is_settled_is_not_asked_for(self) -> None:
        result = classify({"dead_end": Evidence(answer=True)}, POLICY["any"])
        assert (result.outcome, result.low.missing) == (Outcome.UNDETERMINED, ())
        assert result.possible == {Outcome.LOW, Outcome.CONFLICT}
        assert result.missing == result.high.missing

    @given(st.data())
    def test_more_knowledge_never_revokes_an_outcome(self, data: st.DataObject) -> None:
        numbers = st.sampled_from([against(value, 100) for value in (-5, 8, 78, 99, 101)])
        answers = st.booleans().map(lambda answer: Evidence(answer=answer))
        whole = st.fixed_dictionaries(
            {code: answers if kind is YesNo else numbers for code, kind in CRITERIA.items()}
        )
        known = data.draw(whole)
        kept = data.draw(st.sets(st.sampled_from(sorted(known))))
        policy = data.draw(st.sampled_from(POLICIES))
        less = classify({code: known[code] for code in kept}, policy)
        assert classify(known, policy).outcome in less.possible
