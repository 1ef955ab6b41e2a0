"""The portal returns every number that the documents state: walked one by one through its own API."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.data.facts import Fact, document_of, facts, numbers_of, section_of

pytestmark = pytest.mark.django_db
COVERAGE = Path(__file__).parents[2] / "docs" / "coverage.md"

Row = dict[str, Any]
Places = dict[str, dict[frozenset[int], set[Decimal]]]

READ_OTHERWISE = {
    (212, 323): "the area before the extension of 2014 is that of the year before",
    (289,): "said of the years 2017–2021: their last",
    (634,): "an open-ended yearly pace: due at the end of the programme",
    (1868,): "years of construction are the figures themselves",
    (1870,): "years of construction are the figures themselves",
}
"""Lines whose figures stand in another year than the reference says, and why."""


@pytest.fixture
def rows(client: Client) -> list[Row]:
    """The printed figures as the API gives them."""
    answer = client.get("/api/v1/provenance/")
    listed: list[Row] = json.loads(b"".join(answer), parse_float=Decimal)["results"]
    return listed


@pytest.fixture
def places(rows: list[Row]) -> Places:
    """The printed numbers by document and lines."""
    found: Places = defaultdict(lambda: defaultdict(set))
    for row in rows:
        ends = {Decimal(row[name]) for name in ("value", "value_max") if row[name] is not None}
        found[row["document"]][frozenset(row["lines"])] |= ends
    return found


def missing_of(fact: Fact, places: Places) -> list[Decimal]:
    """The statement's numbers that are not found in its lines, or in some of them."""
    lines = set(fact["lines"])
    of_document = places[document_of(fact)]
    near = {
        number for there, each in of_document.items() if there <= lines or lines <= there for number in each
    }
    return [number for number in numbers_of(fact) if number not in near]


def test_every_number_of_the_documents_is_found_in_its_lines(places: Places) -> None:
    missing = [(fact["kind"], fact["lines"], missing_of(fact, places)) for fact in facts()]
    assert [entry for entry in missing if entry[2]] == []


def years_of(fact: Fact) -> Iterator[tuple[str, Decimal]]:
    """(year, number) of the statements that name a year."""
    if fact["kind"] == "target":
        yield from ((year, Decimal(number)) for year, number in fact["targets"].items() if year.isdecimal())
    elif fact["kind"] in {"stat", "benchmark"} and isinstance(fact.get("year"), int):
        yield from ((str(fact["year"]), number) for number in numbers_of(fact))


def test_every_number_stands_in_its_year(rows: list[Row]) -> None:
    held: defaultdict[tuple[str, Decimal], list[Row]] = defaultdict(list)
    for row in rows:
        for number in {row["value"], row["value_max"]} - {None}:
            held[row["document"], Decimal(number)].append(row)
    strays = {
        tuple(fact["lines"])
        for fact in facts()
        for year, number in years_of(fact)
        if not any(
            row["kind"] == "statement" or row["period"][:4] == year
            for row in held[document_of(fact), number]
            if set(row["lines"]) <= set(fact["lines"]) or set(fact["lines"]) <= set(row["lines"])
        )
    }
    assert strays == set(READ_OTHERWISE)


def rows_of_table() -> Iterator[tuple[str, str, str, int, int]]:
    """Document, section, kind, statements, and statements with a number, in the order of the documents."""
    counts: Counter[tuple[str, str, str]] = Counter()
    numbered: Counter[tuple[str, str, str]] = Counter()
    for fact in facts():
        key = (document_of(fact), section_of(fact), fact["kind"])
        counts[key] += 1
        numbered[key] += bool(numbers_of(fact))
    for key in sorted(counts):
        yield (*key, counts[key], numbered[key])


def test_the_table_of_the_documentation_is_true() -> None:
    written = [
        tuple(cell.strip() for cell in line.strip("| \n").split("|"))
        for line in COVERAGE.read_text("utf-8").splitlines()
        if line.startswith("| 00")
    ]
    expected = [
        (document, section or "–", kind, str(count), str(numbered), str(numbered), "0")
        for document, section, kind, count, numbered in rows_of_table()
    ]
    assert written == expected
