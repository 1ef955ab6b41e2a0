"""The portal returns every number that the documents state: walked one by one through its own API."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from tests.data.facts import Fact, document_of, facts, numbers_of, section_of

pytestmark = pytest.mark.django_db
COVERAGE = Path(__file__).parents[2] / "docs" / "coverage.md"

Places = dict[str, dict[frozenset[int], set[Decimal]]]


@pytest.fixture
def places(client: Client) -> Places:
    """The printed numbers by document and lines, as the API gives them."""
    answer = client.get("/api/v1/provenance/")
    rows = json.loads(b"".join(answer), parse_float=Decimal)["results"]
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
