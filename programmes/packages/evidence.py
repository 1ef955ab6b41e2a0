"""Documents, contradictions between them, and citations of their lines, from files into tables."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from indicators.models import Source
from programmes.models import Citation, Discrepancy, DiscrepancyStatement, Document
from programmes.models.evidence import CITED
from programmes.packages.contents import Contents
from programmes.packages.promises import Promise, Register
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Counts, Row, Summary, sync

PREFIX = "document-"  # the source of figures that document 004 prints is document-004

PROGRAMME_OF = {
    "programme": "programme",
    "act": "act__programme",
    "goal": "goal__programme",
    "kpi": "kpi__programme",
    "target": "target__kpi__programme",
    "measure": "measure__programme",
    "funding": "funding__programme",
    "statement": "statement__discrepancy__programme",
}


def store_documents(contents: Contents, promises: Iterable[Promise], summary: Summary) -> Codes:
    """The documents of the packages, and those that are known as sources only; returns their codes."""
    rows = [
        Row(record, {
            "programme_id": promise.pk,
            "code": record["code"],
            "kind": record["kind"],
            **record.texts("title"),
        })
        for promise in promises
        for record in promise.package.programme.children("documents")
    ]  # fmt: skip
    declared = {row.values["code"] for row in rows}
    for record in contents.sources:
        code = record["code"].removeprefix(PREFIX)
        if record["kind"] == Source.Kind.DOCUMENT and code not in declared:
            values = {"programme_id": None, "code": code, "kind": "document", **record.texts("name", "title")}
            rows.append(Row(record, values))
    documents = Codes(
        "document",
        "the programme's documents or to catalogue/sources.yaml",
        sync(summary.of("Documents"), rows, Document.objects.all()),
    )
    for promise in promises:
        promise.package.programme.reference("document", documents)
    return documents


def store_discrepancies(promise: Promise, register: Register, summary: Summary) -> None:
    """Contradictions with their statements. Those that have left the file are settled, and removed."""
    records = promise.package.discrepancies
    rows = [
        promise.row(record, kind=record["kind"], **record.texts("title", "name"), **record.texts("reason"))
        for record in records
    ]
    existing = Discrepancy.objects.filter(programme=promise.pk)
    ids = sync(summary.of("Discrepancies"), rows, existing, removing=True)
    links = Discrepancy.kpis.through
    sync(
        Counts(),
        [
            Row(record, {
                "discrepancy_id": ids[record["code"]],
                "kpi_id": record.look_up("kpis", code, promise.kpis),
            })
            for record in records
            for code in record["kpis"]
        ],
        links.objects.filter(discrepancy__in=ids.values()),
        ("discrepancy_id", "kpi_id"),
        removing=True,
    )  # fmt: skip
    _store_statements(promise, ids, register, summary)


def _store_statements(
    promise: Promise, discrepancies: dict[str, int], register: Register, summary: Summary
) -> None:
    """The versions. One that differs in anything replaces the old one, so that only one is ever used."""
    rows = []
    for discrepancy in promise.package.discrepancies:
        statements = list(discrepancy.children("statements"))
        chosen = discrepancy["chosen"]
        if chosen is not None and chosen >= len(statements):
            raise discrepancy.error("chosen", f"there is no statement {chosen}: they count from 0")
        rows += [
            Row(record, {
                "discrepancy_id": discrepancies[discrepancy["code"]],
                "order": order,
                **record.texts("text"),
                "value": record["value"],
                "unit_id": record.reference("unit", register.catalogue.units),
                "is_used": order == chosen,
            })
            for order, record in enumerate(statements)
        ]  # fmt: skip
    key = (
        "discrepancy_id", "order", "text_kk", "text_ru", "text_en", "value", "unit_id", "is_used",
    )  # fmt: skip
    existing = DiscrepancyStatement.objects.filter(discrepancy__programme=promise.pk)
    ids = sync(summary.of("Statements"), rows, existing, key, removing=True)
    promise.cited.extend(
        ("statement", ids[tuple(row.values[name] for name in key)], row.record.child("cite")) for row in rows
    )


def store_citations(
    promises: Iterable[Promise], memberships: Iterable[tuple[Record, int]], documents: Codes, summary: Summary
) -> None:
    """The citations of all that was stored, in place of those that differ."""
    rows = [
        _citation(owner, pk, cite, documents) for promise in promises for owner, pk, cite in promise.cited
    ]
    rows += [_citation("membership", pk, cite, documents) for cite, pk in memberships]
    programmes = [promise.pk for promise in promises]
    own = reduce(or_, (Q(**{f"{path}__in": programmes}) for path in PROGRAMME_OF.values()))
    key = ("document_id", "section", "lines", *(f"{owner}_id" for owner in CITED))
    existing = Citation.objects.filter(own | Q(membership__isnull=False))
    sync(summary.of("Citations"), rows, existing, key, removing=True)


def _citation(owner: str, pk: int, cite: Record, documents: Codes) -> Row:
    values: dict[str, Any] = {
        "document_id": cite.reference("document", documents),
        "section": cite.get("section", ""),
        "lines": cite["lines"],
        f"{owner}_id": pk,
    }
    return Row(cite, values)
