"""The reference statements of the documents, and the numbers in them."""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FACTS = Path(__file__).parents[3] / "shared" / "facts"

Fact = dict[str, Any]


@cache
def facts() -> list[Fact]:
    """Statements read from the documents, or a skip where that material is absent."""
    if not FACTS.is_dir():
        pytest.skip("the reference material is absent")
    texts = [file.read_text(encoding="utf-8") for file in sorted(FACTS.glob("*.jsonl"))]
    return [json.loads(line, parse_float=Decimal) for text in texts for line in text.splitlines()]


def document_of(fact: Fact) -> str:
    """The document's code: only those of document 004 leave it out."""
    return str(fact.get("doc", "004"))


def section_of(fact: Fact) -> str:
    """The section with its part."""
    return " ".join(str(fact[name]) for name in ("section", "subsection") if fact.get(name))


def numbers_of(fact: Fact) -> list[Decimal]:
    """Every number that the statement promises, states or prescribes."""
    return [Decimal(number) for number in _numbers(fact) if _is_number(number)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _numbers(fact: Fact) -> Iterator[Any]:
    match fact["kind"]:
        case "stat" | "benchmark":
            yield from fact["value"] if isinstance(fact["value"], list) else [fact["value"]]
            yield fact.get("value_max")
        case "target":
            yield from fact["targets"].values()
            yield from (fact.get("targets_max") or {}).values()
            yield fact["baseline_value"]
        case "measure":
            yield from (fact.get("deliverable_value"), fact.get("value_max"), fact.get("planned_cost_total"))
            yield from (fact.get("by_year") or {}).values()
            yield from (fact.get("planned_cost_mln_kzt") or {}).values()
        case "resource":
            yield from (fact.get("amount_bn_kzt", fact.get("amount")), fact.get("amount_max_bn_kzt"))
        case "rule":
            yield from _leaves(fact["params"])
        case "town":
            yield fact["population"]


def _leaves(node: Any) -> Iterator[Any]:
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _leaves(child)
    else:
        yield node
