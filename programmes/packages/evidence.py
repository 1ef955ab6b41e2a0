"""Documents, contradictions between them, and citations of their lines, from files into tables."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from indicators.models import Series, Source
from programmes.models import Citation, Discrepancy, DiscrepancyStatement, Document
from programmes.models.evidence import CITED
from programmes.packages.contents import NOTES, Contents
from programmes.packages.figures import PREFIX, Statement
from programmes.packages.promises import Promise, Register
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Counts, Row, Summary, sync

PROGRAMME_OF = {
    "programme": "programme",
    "act": "act__programme",
    "goal": "goal__programme",
    "kpi": "kpi__programme",
    "target": "target__kpi__programme",
    "baseline": "baseline__programme",
    "measure": "measure__programme",
    "benchmark": "benchmark__programme",
    "rule": "rule__programme",
    "inquiry": "inquiry__programme",
    "question": "question__inquiry__programme",
    "funding": "funding__programme",
}


def store_documents(contents: Contents, promises: Iterable[Promise], summary: Summary) -> Codes:
    """The documents of the packages, and those that are known as sources only; returns their codes."""
    rows = [
        Row(record, {
            "programme_id": promise.pk,
            "code": record["code"],
            "kind": record["kind"],
            **record.texts("title"),
            **record.texts("note"),
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
        promise.row(
            record,
            order=order,
            kind=record["kind"],
            **record.texts("title", "name"),
            **record.texts("reason"),
        )
        for order, record in enumerate(records)
    ]
    existing = Discrepancy.objects.filter(programme=promise.pk, is_recorded=True)
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
    existing = DiscrepancyStatement.objects.filter(
        discrepancy__programme=promise.pk, discrepancy__is_recorded=True
    )
    ids = sync(summary.of("Statements"), rows, existing, key, removing=True)
    promise.cited.extend(
        ("statement", ids[tuple(row.values[name] for name in key)], row.record.child("cite")) for row in rows
    )


def store_citations(
    promises: Iterable[Promise],
    memberships: Iterable[tuple[Record, int]],
    statements: Iterable[Statement],
    register: Register,
    documents: Codes,
    summary: Summary,
) -> None:
    """The citations of all that was stored, in place of those that differ."""
    units = register.catalogue.units
    rows = [
        _citation(owner, pk, cite, documents, units)
        for promise in promises
        for owner, pk, cite in promise.cited
    ]
    rows += [_citation("membership", pk, cite, documents, units) for cite, pk in memberships]
    rows += _of_figures(statements, documents, units)
    programmes = [promise.pk for promise in promises]
    own = reduce(or_, (Q(**{f"{path}__in": programmes}) for path in PROGRAMME_OF.values()))
    own |= Q(statement__discrepancy__programme__in=programmes, statement__discrepancy__is_recorded=True)
    key = (
        "document_id", "section", "lines", "value", "value_max", "unit_id", "qualifier", "is_date_implied",
        "period_start", *NOTES, *(f"{owner}_id" for owner in CITED),
    )  # fmt: skip
    existing = Citation.objects.filter(own | Q(membership__isnull=False) | Q(series__isnull=False))
    sync(summary.of("Citations"), _once(rows, key), existing, key, removing=True)


def _once(rows: Iterable[Row], key: Sequence[str]) -> list[Row]:
    """The rows without those that say the same of the same object again."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        found.setdefault(tuple(map(str, (row.values.get(name) for name in key))), row)
    return list(found.values())


def _citation(owner: str, pk: int, cite: Record, documents: Codes, units: Codes) -> Row:
    values: dict[str, Any] = {
        "document_id": cite.reference("document", documents),
        "section": cite.get("section", ""),
        "lines": cite["lines"],
        "value": cite.get("value"),
        "value_max": cite.get("value_max"),
        "unit_id": cite.reference("unit", units),
        "qualifier": cite.get("qualifier", ""),
        "is_date_implied": False,
        **cite.texts("note"),
        f"{owner}_id": pk,
    }
    return Row(cite, values)


def _of_figures(statements: Iterable[Statement], documents: Codes, units: Codes) -> Iterator[Row]:
    """The places that state a figure, with what they print where that is not the published value."""
    fields = ("indicator_id", "territory_id", "breakdown_id", "source_id", "frequency")
    of_documents = Series.objects.filter(source__kind=Source.Kind.DOCUMENT)
    series = {tuple(key): pk for pk, *key in of_documents.values_list("pk", *fields)}
    published: dict[tuple[object, ...], Decimal | None] = {}
    for record, figure in statements:
        first = published.setdefault(figure[:6], figure.value)
        printed = record.number("printed")
        if printed is None and figure.value != first:
            printed = figure.value
        values = {
            "document_id": record.reference("document", documents),
            "section": record["section"],
            "lines": [int(line) for line in record["lines"].split()],
            "value": printed,
            "value_max": record.number("printed_max"),
            "unit_id": record.reference("printed_unit", units),
            "qualifier": record["qualifier"],
            "is_date_implied": record["is_date_implied"] == "yes",
            **{name: record[name] for name in NOTES},
            "series_id": series[figure[:5]],
            "period_start": figure.period_start,
        }
        yield Row(record, values)
