"""Money counted once: which lines make the whole, and how it divides by source and by years."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from programmes.plans.counting import Row, counted
from programmes.plans.money import Amount, Years

TO_2030: Years = (None, 2030)


def row(key: int, parent: int | None = None, planned: object = None, **fields: Any) -> Row:
    defaults: dict[str, Any] = {
        "relation": "part", "level": "mixed", "years": TO_2030, "paid": None, "is_yearly": False,
        "programme": 1, "goal": 1, "measure": None,
    }  # fmt: skip
    amount = None if planned is None else Amount(Decimal(str(planned)), Decimal(str(planned)))
    return Row(key, parent, planned=amount, **{**defaults, **fields})


def test_a_line_counts_once_with_all_its_parts() -> None:
    found = counted([row(1, planned=6100), row(2, 1, 626), row(3, 1, 847)])
    assert [share.row.key for share in found.shares] == [1]
    assert found.planned == Amount(Decimal(6100), Decimal(6100))


def test_a_line_without_an_amount_gives_way_to_those_below_it() -> None:
    found = counted([row(1), row(2, 1, 5), row(3, 1, 7), row(4, 1, 12, relation="source")])
    assert [share.row.key for share in found.shares] == [2, 3]
    assert found.unstated == 1


def test_what_comes_on_top_counts_beside() -> None:
    found = counted([row(1, planned=100), row(2, 1, 10, relation="additional")])
    assert [share.row.key for share in found.shares] == [1, 2]


def test_yearly_money_is_counted_as_left_out() -> None:
    found = counted([row(1, planned=22, is_yearly=True), row(2, 1, 5)])
    assert (found.shares, found.yearly, found.planned) == ([], 1, None)


def test_sources_divide_the_whole_and_the_rest_keeps_the_lines_own() -> None:
    found = counted([row(1, planned=6100), row(2, 1, 3300, relation="source", level="private")])
    assert found.shares[0].by_source == {"private": 3300, "mixed": 2800}


def test_what_all_sources_leave_open_is_not_stated() -> None:
    found = counted([row(1, planned=10, level="total"), row(2, 1, 4, relation="source", level="local")])
    assert found.shares[0].by_source == {"local": 4, "unspecified": 6}


def test_periods_divide_the_whole() -> None:
    found = counted([row(1, planned=6100), row(2, 1, 2800, relation="period", years=(None, 2025))])
    assert found.shares[0].by_years == {(None, 2025): 2800, TO_2030: 3300}


def test_sources_that_make_more_than_the_whole_divide_nothing() -> None:
    found = counted([row(1, planned=10), row(2, 1, 11, relation="source", level="local")])
    assert found.shares[0].by_source == {"mixed": 10}


def test_a_printed_total_of_the_measures_years_is_compared_and_not_counted() -> None:
    total = row(1, planned=38200, goal=None, years=(2013, 2013))
    found = counted([total, row(2, planned=2000, years=(2013, 2013), measure=7)])
    assert ([share.row.key for share in found.shares], found.compared) == ([2], 1)


def test_what_is_paid_may_be_known_of_all_parts_alone() -> None:
    found = counted([row(1, planned=10), row(2, 1, 4, paid=Decimal(3)), row(3, 1, 6, paid=Decimal(0))])
    assert (found.paid, found.unpaid) == (Decimal(3), 0)


def test_what_is_paid_of_some_parts_is_not_what_is_paid() -> None:
    found = counted([row(1, planned=10), row(2, 1, 4, paid=Decimal(3)), row(3, 1, 6)])
    assert (found.paid, found.unpaid) == (None, 1)


AMOUNTS = st.lists(st.integers(0, 10**6), max_size=5)


@given(st.integers(0, 10**6), AMOUNTS, AMOUNTS)
def test_both_divisions_make_the_whole(whole: int, sources: list[int], periods: list[int]) -> None:
    levels = ["local", "private", "republican", "budget", "local"]
    rows = [row(0, planned=whole)]
    rows += [row(10 + n, 0, each, relation="source", level=levels[n]) for n, each in enumerate(sources)]
    rows += [
        row(20 + n, 0, each, relation="period", years=(2024 + n, 2024 + n)) for n, each in enumerate(periods)
    ]
    share = counted(rows).shares[0]
    assert sum(share.by_source.values()) == sum(share.by_years.values()) == whole
