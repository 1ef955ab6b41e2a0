"""The money of a programme: the lines of its funding tree and of its measures, from files into tables."""

from decimal import Decimal
from typing import Any

from programmes.models import Funding, Qualifier
from programmes.packages.promises import Promise, Register
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Row, Summary, in_layers, sync

MILLION_TENGE = "KZT_MN"


def store_funding(promise: Promise, register: Register, summary: Summary) -> None:
    """The funding tree, and a line for each amount that a measure plans. Lines that left are removed."""
    lines = [
        promise.row(record, order=order, **_line(record, promise, register))
        for order, record in enumerate(promise.package.funding)
    ]
    of_measures = [
        _of_measure(measure, record, promise)
        for measure in promise.package.measures
        for record in measure.children("planned")
    ]
    counts = summary.of("Funding")
    existing = Funding.objects.filter(programme=promise.pk)
    given = {row.values["code"] for row in [*lines, *of_measures]}
    gone = existing.exclude(code__in=given)
    counts.removed += gone.count()
    gone.delete()
    ids = Codes("funding line", promise.package.programme.file.name, {})
    for layer in in_layers(lines, "code", "parent"):
        for record, values in layer:
            values["parent_id"] = record.reference("parent", ids)
        ids.ids.update(sync(counts, layer, existing.all()))
    ids.ids.update(sync(counts, of_measures, existing.all()))
    for record in promise.package.funding:
        cite = _in_its_unit(record, record.child("cite"))
        promise.cite_one("funding", ids.ids[record["code"]], record, cite)
    for measure in promise.package.measures:
        for record in measure.children("planned"):
            promise.cited.append(("funding", ids.ids[_code(measure, record)], measure.child("cite")))


def _line(record: Record, promise: Promise, register: Register) -> dict[str, Any]:
    return {
        **record.texts("name"),
        **record.texts("note"),
        "goal_id": record.reference("goal", promise.goals),
        "measure_id": None,
        "relation": record.get("relation", Funding.Relation.PART.value),
        "level": record["level"],
        "year_from": record.get("from_year"),
        "year_to": record.get("to_year"),
        "is_yearly": record.get("is_yearly", False),
        "planned": _in_millions(record, "amount", register),
        "planned_max": _in_millions(record, "amount_max", register),
        "qualifier": record.get("qualifier", Qualifier.EXACT.value),
        "is_indicative": record.get("is_indicative", False),
    }


def _in_millions(record: Record, name: str, register: Register) -> Decimal | None:
    amount = record.get(name)
    factor = register.catalogue.factor(record.get("unit", MILLION_TENGE), MILLION_TENGE)
    if factor is None:
        raise record.error("unit", f"{record['unit']!r} cannot be converted into {MILLION_TENGE}")
    return None if amount is None else Decimal(amount) * factor


def _in_its_unit(record: Record, cite: Record) -> Record:
    """The citation with the amount as it is printed, where that is not in millions."""
    if record.get("amount") is None or record["unit"] == MILLION_TENGE:
        return cite
    printed = {"value": record["amount"], "value_max": record.get("amount_max"), "unit": record["unit"]}
    return Record(cite.file, cite.path, {**printed, **cite.data})


def _code(measure: Record, record: Record) -> str:
    years = {record.get("from_year", record.get("year")), record.get("to_year", record.get("year"))}
    return f"{measure['code']}-{'-'.join(map(str, sorted(years)))}-{record['source']}"


def _of_measure(measure: Record, record: Record, promise: Promise) -> Row:
    values = {
        "programme_id": promise.pk,
        "code": _code(measure, record),
        "measure_id": promise.measures.ids[measure["code"]],
        "goal_id": measure.reference("goal", promise.goals),
        **measure.texts("name"),
        "level": record["source"],
        "year_from": record.get("from_year", record.get("year")),
        "year_to": record.get("to_year", record.get("year")),
        "planned": record["amount"],
        "is_indicative": record["is_indicative"],
    }
    return Row(record, values)
