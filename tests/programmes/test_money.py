"""Sums of money: the tree of funding, and the plan's money by year."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.plans.money import Amount, Comparison, Gap, Line, Node, Spending, plan, total, tree

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
YEAR_2013, YEAR_2014 = (2013, 2013), (2014, 2014)


def tenge(low: str, high: str | None = None) -> Amount:
    return Amount(Decimal(low), Decimal(low if high is None else high))


def line(
    key: int, parent: int | None, relation: str, amount: Amount | None, *, yearly: bool = False
) -> Line[str]:
    return Line(f"line {key}", key, parent, relation, amount, yearly)


def node(whole: Amount | None, *parts: tuple[str, Amount | None], yearly: bool = False) -> Node[str]:
    below = (line(key, 0, *part) for key, part in enumerate(parts, 1))
    return tree([line(0, None, "part", whole, yearly=yearly), *below])[0]


def test_it_hangs_each_line_under_the_one_above_in_the_order_given() -> None:
    rows = [
        line(1, None, "part", tenge("10")),
        line(2, 1, "part", tenge("4")),
        line(4, None, "part", tenge("7")),
        line(3, 2, "period", tenge("3")),
    ]
    first, second = tree(rows)
    assert [first.line.key, second.line.key] == [1, 4]
    assert first.parts[0].parts[0].line.item == "line 3"
    assert (first.size, second.size) == (3, 1)


def test_a_line_whose_line_above_is_not_there_stands_for_itself() -> None:
    assert [root.line.key for root in tree([line(5, 99, "part", tenge("1"))])] == [5]


def test_it_says_how_much_the_parts_fall_short_of_the_whole() -> None:
    found = node(tenge("6100"), ("part", tenge("626")), ("part", tenge("847"))).sums
    assert [(each.relation, each.count, each.amount) for each in found] == [("part", 2, tenge("1473"))]
    assert found[0].gap == Gap(Comparison.LESS, tenge("4627"))


@pytest.mark.parametrize(
    ("added", "whole", "gap"),
    [
        (tenge("1108"), tenge("1100"), Gap(Comparison.MORE, tenge("8"))),
        (tenge("1100"), tenge("1100.0"), Gap(Comparison.EQUAL, tenge("0"))),
        (tenge("390.4", "393.4"), tenge("414"), Gap(Comparison.LESS, tenge("20.6", "23.6"))),
        (tenge("30", "32"), tenge("22", "26"), Gap(Comparison.MORE, tenge("4", "10"))),
        (tenge("20", "24"), tenge("22"), Gap(Comparison.OPEN, tenge("-2", "2"))),
        (tenge("20", "22"), tenge("22"), Gap(Comparison.OPEN, tenge("0", "2"))),
    ],
)
def test_it_compares_ranges_by_both_ends(added: Amount, whole: Amount, gap: Gap) -> None:
    assert Gap.between(added, whole) == gap


def test_shares_by_source_and_by_period_are_added_apart_from_parts() -> None:
    parts = node(
        tenge("605"),
        ("source", tenge("254")),
        ("period", tenge("282")),
        ("period", tenge("323")),
        ("part", tenge("1")),
    )
    found = {each.relation: (each.count, each.gap) for each in parts.sums}
    assert found["source"] == (1, Gap(Comparison.LESS, tenge("351")))
    assert found["period"] == (2, Gap(Comparison.EQUAL, tenge("0")))
    assert found["part"] == (1, Gap(Comparison.LESS, tenge("604")))


def test_an_additional_sum_is_never_added() -> None:
    found = node(tenge("35"), ("additional", tenge("15")), ("part", tenge("35"))).sums
    assert [(each.relation, each.amount) for each in found] == [("part", tenge("35"))]


def test_a_yearly_amount_is_not_added_to_an_amount_for_several_years() -> None:
    rows = [
        line(1, None, "part", tenge("75")),
        line(2, 1, "period", tenge("15"), yearly=True),
        line(3, 1, "period", tenge("30")),
        line(4, 1, "period", tenge("45")),
    ]
    (found,) = tree(rows)[0].sums
    assert (found.count, found.amount, found.left_out) == (2, tenge("75"), 1)
    assert found.gap == Gap(Comparison.EQUAL, tenge("0"))


def test_yearly_amounts_are_added_to_their_like() -> None:
    rows = [
        line(1, None, "part", tenge("18.3"), yearly=True),
        line(2, 1, "part", tenge("16"), yearly=True),
        line(3, 1, "part", tenge("2.3"), yearly=True),
        line(4, 1, "part", tenge("1.2")),
    ]
    (found,) = tree(rows)[0].sums
    assert (found.amount, found.left_out) == (tenge("18.3"), 1)


def test_where_nothing_can_be_added_there_is_no_gap() -> None:
    rows = [line(1, None, "part", tenge("31")), line(2, 1, "part", tenge("2.5"), yearly=True)]
    (found,) = tree(rows)[0].sums
    assert (found.count, found.gap, found.left_out) == (0, None, 1)


def test_an_amount_that_is_not_stated_is_counted_and_not_zero() -> None:
    (found,) = node(tenge("10"), ("part", None), ("part", tenge("0"))).sums
    assert (found.count, found.unstated, found.amount) == (1, 1, tenge("0"))
    assert found.gap == Gap(Comparison.LESS, tenge("10"))


def test_a_whole_that_is_not_stated_has_a_sum_and_no_gap() -> None:
    (found,) = node(None, ("part", tenge("3")), ("part", tenge("4"))).sums
    assert (found.amount, found.gap) == (tenge("7"), None)


@given(st.lists(AMOUNTS, max_size=8), AMOUNTS)
def test_what_is_added_and_the_gap_make_the_whole(parts: list[Decimal], whole: Decimal) -> None:
    added = total(Amount(part, part) for part in parts)
    gap = Gap.between(added, Amount(whole, whole))
    sign = -1 if gap.comparison == Comparison.MORE else 1
    assert added.low + sign * gap.amount.low == whole
    assert gap.amount.low >= 0


def test_the_plan_sets_its_rows_against_the_printed_totals_of_the_same_years() -> None:
    rows = [
        Spending("a", YEAR_2014, tenge("3400"), 18),
        Spending("b", YEAR_2013, tenge("2000"), 18),
        Spending("c", YEAR_2013, tenge("300.5"), 21),
    ]
    totals = [Spending("total", YEAR_2013, tenge("2310")), Spending("later", (2016, 2020), tenge("9"))]
    found = plan(rows, totals)
    assert [column.years for column in found.columns] == [YEAR_2013, YEAR_2014]
    assert [column.amount for column in found.columns] == [tenge("2300.5"), tenge("3400")]
    assert found.columns[0].gap == Gap(Comparison.LESS, tenge("9.5"))
    assert found.columns[0].printed.items == ["total"]
    assert (found.columns[1].printed.amount, found.columns[1].gap) == (None, None)
    assert [[cell.amount for cell in cells] for cells in found.rows.values()] == [
        [tenge("2000"), tenge("3400")],
        [tenge("300.5"), None],
    ]


def test_spendings_of_one_row_and_year_stand_in_one_cell() -> None:
    rows = [Spending("republican", YEAR_2013, tenge("5"), 1), Spending("local", YEAR_2013, tenge("2"), 1)]
    (cell,) = plan(rows, []).rows[1]
    assert (cell.items, cell.amount) == (["republican", "local"], tenge("7"))


def test_a_plan_without_money_has_no_columns() -> None:
    found = plan([], [Spending("total", YEAR_2013, tenge("1"))])
    assert (found.columns, found.rows) == ([], {})
