"""The rules that find contradictions, on small numbers."""

from decimal import Decimal

import pytest

from programmes.codes import Finder
from programmes.evidence import checking
from programmes.evidence.checking import Line, Printed, agree


def printed(value: str, value_max: str | None = None, qualifier: str = "exact", place: int = 1) -> Printed:
    return Printed(place, Decimal(value), None if value_max is None else Decimal(value_max), qualifier)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (printed("76"), printed("76.0"), True),
        (printed("76"), printed("72"), False),
        (printed("1.8"), printed("1.82"), True),  # rounded
        (printed("20600"), printed("20565"), True),  # to hundreds
        (printed("27004"), printed("27007"), False),
        (printed("0"), printed("0.4"), True),
        (printed("100", qualifier="about"), printed("104"), True),
        (printed("100", qualifier="about"), printed("107"), False),
        (printed("2000000", qualifier="at_least"), printed("2135400"), True),
        (printed("2000000", qualifier="at_least"), printed("1900000"), False),
        (printed("2", qualifier="at_least"), printed("2.6"), False),
        (printed("500", qualifier="at_most"), printed("450"), True),
        (printed("60", "95"), printed("90"), True),
        (printed("60", "95"), printed("96"), False),
        (printed("60", "80"), printed("75", "90"), True),
        (printed("-10"), printed("-10"), True),
    ],
)
def test_two_numbers_agree_where_both_can_be_true(one: Printed, other: Printed, expected: bool) -> None:
    assert agree(one, other) is expected
    assert agree(other, one) is expected


def test_a_figure_printed_differently_is_found_with_all_its_places() -> None:
    found = list(checking.repeated({"a": [printed("60"), printed("80", place=2)], "b": [printed("5")] * 2}))
    assert [(finding.rule, finding.about, finding.places) for finding in found] == [
        (Finder.REPEATED, "a", (1, 2))
    ]


def tree(total: str, *parts: str, relation: str = "part", yearly: bool = False) -> list[Line]:
    children = [
        Line(f"c{place}", "t", relation, printed(part, place=place), yearly)
        for place, part in enumerate(parts, start=2)
    ]
    return [Line("t", None, "part", printed(total)), *children]


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        (tree("100", "60", "50"), Decimal(110)),
        (tree("100", "60", "40"), None),
        (tree("100", "60", "30"), None),  # a document need not list all parts
        (tree("100", "60", "30", relation="source"), Decimal(90)),
        (tree("100", "60.2", "40.3"), None),  # rounding
        (tree("100", "110"), None),  # one part is none
        (tree("100", "60", "50", yearly=True), None),  # so much every year is not part of a sum
        (tree("100", "60", "50", relation="additional"), None),
    ],
)
def test_parts_must_not_exceed_and_shares_must_make_up_their_sum(
    lines: list[Line], total: Decimal | None
) -> None:
    found = list(checking.parts(lines))
    assert [finding.total for finding in found] == ([] if total is None else [total])
    assert all(finding.places[0] == 1 for finding in found)


def test_rows_of_a_plan_must_add_up_exactly() -> None:
    totals = {2012: printed("6000"), 2013: printed("38200"), 2014: printed("1")}
    rows = {2012: [printed("2500"), printed("3500")], 2013: [printed("38175.4", place=7)]}
    found = list(checking.rows(totals, rows))
    assert [(finding.about, finding.total, finding.places) for finding in found] == [
        (2013, Decimal("38175.4"), (1, 7))
    ]


def test_districts_must_add_up_to_their_city_but_for_rounding() -> None:
    totals = {"parks": printed("894.97"), "people": printed("2.0")}
    members = {"parks": [printed("400"), printed("400.5")], "people": [printed("1.04"), printed("1.0")]}
    assert [finding.about for finding in checking.areas(totals, members)] == ["parks"]


def test_a_baseline_must_be_the_documents_own_figure() -> None:
    pairs = {"a": (printed("76"), printed("72", place=2)), "b": (printed("76"), printed("75.9", place=2))}
    assert [finding.about for finding in checking.baseline(pairs)] == ["a"]


@pytest.mark.parametrize(
    ("comparator", "start", "end", "expected"),
    [
        ("at_least", "23", "22", True),
        ("at_least", "23", "25", False),
        ("at_most", "6.3", "7", True),
        ("at_most", "6.3", "3", False),
        ("reach", "23", "22", False),
    ],
)
def test_a_target_must_not_leave_things_worse(comparator: str, start: str, end: str, expected: bool) -> None:
    promises = {"kpi": (comparator, printed(start), printed(end, place=2))}
    assert bool(list(checking.backwards(promises))) is expected
