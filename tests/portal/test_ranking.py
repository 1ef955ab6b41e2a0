"""Ranks of a competition: ties within the rounding, what is missing, what other sources would change."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ranking import Entry, Ranking, rank

TENTH = Decimal("0.1")


def ranked(*values: str | None, highest_first: bool = True) -> Ranking[int]:
    entries = [Entry(n, None if value is None else Decimal(value)) for n, value in enumerate(values)]
    return rank(entries, rounding=TENTH, highest_first=highest_first)


CASES = [
    ("the highest is first", ["1", "3", "2"], True, [3, 1, 2]),
    ("the lowest is first where a fall is good", ["1", "3", "2"], False, [1, 3, 2]),
    ("two that share rank 1 are followed by rank 3", ["5", "5", "4"], True, [1, 1, 3]),
    ("three share the last rank", ["5", "4", "4", "4"], True, [1, 2, 2, 2]),
    ("less than the rounding apart is a tie", ["5.04", "5.0", "4"], True, [1, 1, 3]),
    ("just the rounding apart is none", ["5.1", "5.0"], True, [1, 2]),
    ("small steps connect", ["5.0", "5.06", "5.12", "9"], True, [2, 2, 2, 1]),
    ("zero is a value", ["0", "-1", "1"], True, [2, 3, 1]),
    ("one alone is first", ["7"], True, [1]),
]


@pytest.mark.parametrize(
    ("values", "highest_first", "ranks"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_ranks_are_those_of_a_competition(values: list[str], highest_first: bool, ranks: list[int]) -> None:
    found = ranked(*values, highest_first=highest_first)
    by_key = {each.entry.key: each.rank for each in found.ranked}
    assert [by_key[n] for n in range(len(values))] == ranks


def test_who_has_no_value_is_listed_and_has_no_rank() -> None:
    found = ranked("1", None, "2", None)
    assert [each.key for each in found.missing] == [1, 3]
    assert found.total == 2
    assert found.of(1) is None


def test_nobody_is_no_ranking() -> None:
    assert ranked().ranked == []


def test_a_tie_is_said() -> None:
    assert [each.is_tied for each in ranked("5", "5", "4").ranked] == [True, True, False]


def test_another_source_shows_between_which_ranks_one_may_be() -> None:
    entries = [
        Entry("a", Decimal(5), others=(Decimal("2.5"), Decimal(9))),
        Entry("b", Decimal(6)),
        Entry("c", Decimal(4)),
        Entry("d", Decimal(3)),
    ]
    found = rank(entries, rounding=TENTH, highest_first=True)
    own = found.of("a")
    assert own is not None
    assert (own.rank, own.best, own.worst, own.is_uncertain) == (2, 1, 4, True)
    other = found.of("b")
    assert other is not None
    assert not other.is_uncertain


values = st.lists(st.decimals(-50, 50, places=2), max_size=30)


@given(values, st.booleans())
def test_order_and_ties_hold_for_any_values(numbers: list[Decimal], highest_first: bool) -> None:
    entries = [Entry(n, number) for n, number in enumerate(numbers)]
    found = rank(entries, rounding=TENTH, highest_first=highest_first)
    of = {each.entry.key: each.rank for each in found.ranked}
    for n, one in enumerate(numbers):
        for m, other in enumerate(numbers):
            if abs(one - other) < TENTH:
                assert of[n] == of[m]
            if (one > other) is highest_first and one != other:
                assert of[n] <= of[m]


@given(values)
def test_each_rank_is_one_more_than_those_before_it(numbers: list[Decimal]) -> None:
    found = rank([Entry(n, number) for n, number in enumerate(numbers)], rounding=TENTH, highest_first=True)
    for each in found.ranked:
        assert each.rank == 1 + sum(other.rank < each.rank for other in found.ranked)
        assert each.is_tied is (sum(other.rank == each.rank for other in found.ranked) > 1)
        assert each.best == each.rank == each.worst


@given(values)
def test_exact_values_rank_the_other_way_round_from_the_other_end(numbers: list[Decimal]) -> None:
    entries = [Entry(n, number) for n, number in enumerate(numbers)]
    up = rank(entries, rounding=Decimal(0), highest_first=True)
    down = rank(entries, rounding=Decimal(0), highest_first=False)
    for each in up.ranked:
        mirrored = down.of(each.entry.key)
        tied = numbers.count(numbers[each.entry.key])
        assert mirrored is not None
        assert each.rank + mirrored.rank + tied - 1 == len(numbers) + 1
