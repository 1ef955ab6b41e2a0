"""What of a programme was in force on a day: the monotowns programme, day by day, and acts without days."""

import datetime as dt
from dataclasses import dataclass

import pytest

from programmes.plans.validity import Effect, Force, effect, exclusion, force, may_bind, turning_days


@dataclass(frozen=True)
class Act:
    """An act by the days that its document states."""

    kind: str
    adopted_on: dt.date | None = None
    effective_on: dt.date | None = None


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def act(kind: str, adopted: str = "", effective: str = "") -> Act:
    return Act(kind, day(adopted) if adopted else None, day(effective) if effective else None)


MONOTOWNS = {
    "261": act("basis", "2012-01-30"),
    "683": act("adoption", "2012-05-25", "2012-05-25"),
    "1169": act("amendment", "2013-11-07"),
    "279": act("amendment", "2014-03-31", "2015-01-01"),
    "728": act("repeal", "2014-06-28", "2015-01-01"),
    "1154": act("amendment", "2014-10-30"),
}


@pytest.mark.parametrize(
    ("on", "word", "in_effect", "not_stated", "pending"),
    [
        ("2012-05-24", Force.NOT_ADOPTED, "", "261", ""),
        ("2012-05-25", Force.IN_FORCE, "683", "261", ""),
        ("2013-11-07", Force.IN_FORCE, "683", "261 1169", ""),
        ("2014-10-30", Force.IN_FORCE, "683", "261 1169 1154", "279 728"),
        ("2014-12-31", Force.IN_FORCE, "683", "261 1169 1154", "279 728"),
        ("2015-01-01", Force.REPEALED, "683 279 728", "261 1169 1154", ""),
    ],
)
def test_the_monotowns_programme_on_a_day(
    on: str, word: Force, in_effect: str, not_stated: str, pending: str
) -> None:
    assert force(MONOTOWNS.values(), day(on)) == word
    found = {each: effect(one, day(on)) for each, one in MONOTOWNS.items()}
    assert [each for each, state in found.items() if state == Effect.IN_EFFECT] == in_effect.split()
    assert [each for each, state in found.items() if state == Effect.NOT_STATED] == not_stated.split()
    assert [each for each, state in found.items() if state == Effect.PENDING] == pending.split()


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2014-10-29", Effect.NOT_ADOPTED),
        ("2014-10-30", Effect.NOT_STATED),
        ("2014-12-31", Effect.NOT_STATED),
    ],
)
def test_a_row_is_never_said_to_be_excluded_by_an_act_whose_day_is_not_stated(on: str, state: Effect) -> None:
    assert exclusion(MONOTOWNS["1154"], day(on)) == state


def test_a_row_is_excluded_from_the_day_on_which_the_act_takes_effect() -> None:
    excluding = act("amendment", "2014-03-31", "2014-05-01")
    assert exclusion(excluding, day("2014-04-30")) == Effect.PENDING
    assert exclusion(excluding, day("2014-05-01")) == Effect.IN_EFFECT


def test_an_exclusion_without_an_act_has_no_day() -> None:
    assert exclusion(None, day("2014-01-01")) == Effect.NOT_STATED


def test_an_act_that_looks_back_is_not_in_effect_before_it_is_adopted() -> None:
    looking_back = act("amendment", "2014-03-31", "2014-01-01")
    assert effect(looking_back, day("2014-02-01")) == Effect.NOT_ADOPTED
    assert effect(looking_back, day("2014-03-31")) == Effect.IN_EFFECT


def test_an_act_known_only_by_its_day_of_effect_is_not_said_to_have_been_adopted_before() -> None:
    assert effect(act("amendment", effective="2014-05-01"), day("2014-04-01")) == Effect.NOT_ADOPTED


@pytest.mark.parametrize(
    ("acts", "word"),
    [
        ([], Force.NOT_STATED),
        ([act("basis", "2019-01-11", "2019-02-01")], Force.NOT_STATED),
        ([act("adoption")], Force.NOT_STATED),
        ([act("adoption", "2023-03-28")], Force.NOT_STATED),
        ([act("adoption", "2025-01-01")], Force.NOT_ADOPTED),
        ([act("adoption", "2023-03-28", "2026-01-01")], Force.PENDING),
        ([act("adoption", "2023-03-28", "2023-04-01")], Force.IN_FORCE),
        ([act("adoption", "2023-03-28", "2023-04-01"), act("repeal", "2024-01-01")], Force.NOT_STATED),
        ([act("adoption"), act("repeal", "2024-01-01", "2024-02-01")], Force.REPEALED),
    ],
)
def test_a_day_that_is_not_stated_is_never_guessed(acts: list[Act], word: Force) -> None:
    assert force(acts, day("2024-06-01")) == word


def test_promises_may_bind_from_the_programmes_beginning_where_its_day_is_not_stated() -> None:
    begins = day("2022-01-01")
    assert not may_bind(Force.NOT_STATED, begins, day("2021-12-31"))
    assert may_bind(Force.NOT_STATED, begins, begins)
    assert may_bind(Force.IN_FORCE, begins, day("2021-12-31"))
    assert not may_bind(Force.REPEALED, begins, day("2023-01-01"))


def test_the_turning_days_are_those_of_acts_that_make_change_or_end_the_programme() -> None:
    assert turning_days(MONOTOWNS.values()) == [
        day("2012-05-25"),
        day("2013-11-07"),
        day("2014-03-31"),
        day("2014-06-28"),
        day("2014-10-30"),
        day("2015-01-01"),
    ]
