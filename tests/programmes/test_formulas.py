"""Formulas are read as they are computed: brackets stand where they are needed, and only there."""

import math

import pytest
from django.utils.translation import override

from programmes.explaining.formulas import Comparison, Figure, Operation, Sum, Term, holds, number, value_of
from programmes.explaining.sentences import by_name, with_figures

A, B, C = Figure("a", "a", 6.0), Figure("b", "b", -2.0), Figure("c", "c", 0.5)
ALL = Sum("parts", (A, B, C))


@pytest.mark.parametrize(
    ("term", "words", "figures", "value"),
    [
        (Operation("−", A, Operation("−", B, C)), "a − (b − c)", "6 − (−2 − 0.5)", 8.5),
        (Operation("−", Operation("−", A, B), C), "a − b − c", "6 − (−2) − 0.5", 7.5),
        (Operation("÷", A, Operation("×", B, C)), "a ÷ (b × c)", "6 ÷ (−2 × 0.5)", -6),
        (Operation("×", A, Operation("+", number(1), C)), "a × (1 + c)", "6 × (1 + 0.5)", 9),
        (Operation("^", B, number(2)), "b^2", "(−2)^2", 4),
        (Operation("÷", ALL, number(3)), "Σ parts ÷ 3", "(6 + (−2) + 0.5) ÷ 3", 1.5),
        (Operation("+", A, Figure("", "year", 2025)), "a + year", "6 + 2025", 2031),
    ],
)
def test_a_formula_is_read_by_name_and_with_figures(
    term: Term, words: str, figures: str, value: float
) -> None:
    with override("en"):
        assert (by_name(term), with_figures(term), value_of(term)) == (words, figures, value)


def test_what_is_not_known_makes_no_result() -> None:
    unknown = Operation("+", A, Figure("d", "d", None))
    assert (value_of(unknown), with_figures(unknown)) == (None, "6 + ?")
    assert holds(Comparison((unknown, A), ("≥",))) is None
    assert value_of(Sum("parts", (A, Figure("d", "d", None)))) is None


def test_what_has_no_result_is_not_a_number() -> None:
    assert math.isnan(value_of(Operation("÷", A, number(0))) or 0)
    assert math.isnan(value_of(Operation("^", Figure("", "", 1e300), number(9))) or 0)


def test_equal_figures_satisfy_but_for_their_last_bits() -> None:
    product = Operation("×", Figure("", "", 0.1), Figure("", "", 1.2))
    assert holds(Comparison((product, Figure("", "", 0.12)), ("≤",)))
    assert not holds(Comparison((product, Figure("", "", 0.12)), (">",)))


def test_small_figures_keep_the_digits_that_matter() -> None:
    with override("kk"):
        assert with_figures(Operation("÷", Figure("", "", 0.0000123456), number(2))) == "0,000012346 ÷ 2"
