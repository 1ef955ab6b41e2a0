"""Formulas as trees: what is read by name, what is read with figures and what is computed are one thing."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from programmes.progress.inputs import EQUAL

RANK: Mapping[str, int] = {"+": 1, "−": 1, "×": 2, "÷": 2, "^": 3}


@dataclass(frozen=True)
class Figure:
    """A figure by its name. A whole number is a year or a count; None is not known.

    `code` is that of the input or the fact that it comes from, empty for a plain number such as 100.
    """

    code: str
    name: str
    value: float | None


@dataclass(frozen=True)
class Operation:
    """Two terms and what is done with them."""

    sign: str
    left: "Term"
    right: "Term"


@dataclass(frozen=True)
class Sum:
    """Figures of one kind added up."""

    name: str
    figures: tuple[Figure, ...]


Term = Figure | Operation | Sum


@dataclass(frozen=True)
class Comparison:
    """Terms with a sign between each two: 0.6 ≤ pace < 0.95."""

    terms: tuple[Term, ...]
    signs: tuple[str, ...]


Formula = Term | Comparison
Piece = str | Figure

_COMPUTE: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "−": lambda left, right: left - right,
    "×": lambda left, right: left * right,
    "÷": lambda left, right: left / right,
    "^": lambda left, right: left**right,
}
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "≥": lambda left, right: left >= right - EQUAL * abs(right),
    "≤": lambda left, right: left <= right + EQUAL * abs(right),
    "<": lambda left, right: left < right - EQUAL * abs(right),
    ">": lambda left, right: left > right + EQUAL * abs(right),
}


def number(value: float) -> Figure:
    """A plain number of the formula itself."""
    return Figure("", f"{value:g}", value)


def value_of(term: Term) -> float | None:
    """What the term comes to; None where a figure is not known, NaN where there is no result."""
    if isinstance(term, Figure):
        return term.value
    if isinstance(term, Sum):
        values = [figure.value for figure in term.figures]
        return None if None in values else math.fsum(value for value in values if value is not None)
    left, right = value_of(term.left), value_of(term.right)
    if left is None or right is None:
        return None
    try:
        return _COMPUTE[term.sign](left, right)
    except ArithmeticError:
        return math.nan


def holds(comparison: Comparison) -> bool | None:
    """Whether the statement is true, with the method's tolerance; None where a figure is not known."""
    pairs = pairwise(value_of(term) for term in comparison.terms)
    found = [
        None if left is None or right is None else _HOLDS[sign](left, right)
        for (left, right), sign in zip(pairs, comparison.signs, strict=True)
    ]
    return None if None in found else all(found)


def pieces(formula: Formula, *, filled: bool) -> Iterator[Piece]:
    """Signs and figures in reading order; filled, every figure of a sum stands for itself."""
    match formula:
        case Figure():
            yield formula
        case Sum() if filled:
            for place, figure in enumerate(formula.figures):
                yield from ([" + "] if place else [])
                yield from _bracketed(figure, "+", filled=True, is_right=place > 0)
        case Sum():
            yield f"Σ {formula.name}"
        case Operation():
            yield from _bracketed(formula.left, formula.sign, filled=filled, is_right=False)
            yield formula.sign if formula.sign == "^" else f" {formula.sign} "
            yield from _bracketed(formula.right, formula.sign, filled=filled, is_right=True)
        case Comparison():
            for place, term in enumerate(formula.terms):
                yield from ([f" {formula.signs[place - 1]} "] if place else [])
                yield from pieces(term, filled=filled)


def _bracketed(term: Term, sign: str, *, filled: bool, is_right: bool) -> Iterator[Piece]:
    """A part of an operation, in brackets where it would be misread without them."""
    needs = False
    match term:
        case Operation():
            inner, outer = RANK[term.sign], RANK[sign]
            needs = inner < outer or (inner == outer and is_right and sign not in "+×")
        case Sum():
            needs = filled and len(term.figures) > 1 and (RANK[sign] > 1 or is_right)
        case Figure():
            needs = filled and (is_right or sign == "^") and term.value is not None and term.value < 0
    inside = pieces(term, filled=filled)
    yield from ("(", *inside, ")") if needs else inside


def figures_in(formula: Formula | None) -> Iterator[Figure]:
    """Every figure of the formula, as often as it occurs."""
    if formula is not None:
        yield from (piece for piece in pieces(formula, filled=True) if isinstance(piece, Figure))
