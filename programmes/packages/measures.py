"""Measures of action plans, and other places' figures, from files into tables."""

from typing import Any

from indicators.periods import Frequency
from programmes.models import Benchmark, Measure, Qualifier
from programmes.packages.promises import Promise, Register
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Counts, Row, Summary, in_layers, sync


def store_measures(promise: Promise, register: Register, summary: Summary) -> None:
    """Measures, in the order of the files."""
    records = promise.package.measures
    bodies = {body["code"]: body["name"] for body in promise.package.programme.children("organisations")}
    rows = [
        promise.row(record, order=order, **_measure(record, promise, register, bodies))
        for order, record in enumerate(records)
    ]
    existing = Measure.objects.filter(programme=promise.pk)
    for layer in in_layers(rows, "code", "parent"):
        for record, values in layer:
            values["parent_id"] = record.reference("parent", promise.measures)
        promise.measures.ids.update(sync(summary.of("Measures"), layer, existing.all()))
    promise.cite("measure", promise.measures.ids, records)
    links = Measure.territories.through
    sync(
        Counts(),
        [
            Row(record, {
                "measure_id": promise.measures.ids[record["code"]],
                "territory_id": record.look_up("territories", code, register.territories),
            })
            for record in records
            for code in record.get("territories", ())
        ],
        links.objects.filter(measure__in=promise.measures.ids.values()),
        ("measure_id", "territory_id"),
        removing=True,
    )  # fmt: skip


def _measure(record: Record, promise: Promise, register: Register, bodies: dict[str, Any]) -> dict[str, Any]:
    home = promise.package.programme.file.name
    known = Codes("organisation", home, dict.fromkeys(bodies, 0))
    for body in record.children("responsible"):
        body.reference("organisation", known)
    promised = record.child("deliverable")
    return {
        **record.texts("name"),
        **record.texts("completion_form", "completion"),
        **record.texts("note"),
        "goal_id": record.reference("goal", promise.goals),
        "number": record.get("number") or "",
        "cost": record.get("cost") or "",
        "sources": record.get("sources", []),
        "responsible": [
            {**body, "name": bodies[body["organisation"]]} for body in record.get("responsible", ())
        ],
        "deadline": record.get("deadline"),
        "state": record.get("state", Measure.State.PLANNED.value),
        "excluded_by_id": record.reference("excluded_by", promise.acts),
        "deliverable_value": promised.get("value"),
        "deliverable_max": promised.get("value_max"),
        "unit_id": promised.reference("unit", register.catalogue.units),
        "qualifier": promised.get("qualifier", Qualifier.EXACT.value),
    }


def store_benchmarks(promise: Promise, register: Register, summary: Summary) -> None:
    """What documents compare with."""
    records = promise.package.benchmarks
    rows = [
        promise.row(record, order=order, **_benchmark(record, promise, register))
        for order, record in enumerate(records)
    ]
    existing = Benchmark.objects.filter(programme=promise.pk)
    promise.benchmarks.ids.update(sync(summary.of("Benchmarks"), rows, existing))
    promise.cite("benchmark", promise.benchmarks.ids, records)


def _benchmark(record: Record, promise: Promise, register: Register) -> dict[str, Any]:
    period = record.period("period") if record.get("period") else None
    return {
        **record.texts("name"),
        **record.texts("place"),
        **record.texts("note"),
        "goal_id": record.reference("goal", promise.goals),
        "kpi_id": record.reference("kpi", promise.kpis),
        "unit_id": record.reference("unit", register.catalogue.units),
        "frequency": period.frequency if period else Frequency.ANNUAL,
        "period_start": period.start if period else None,
        "value": record["value"],
        "value_max": record.get("value_max"),
        "qualifier": record.get("qualifier", Qualifier.EXACT.value),
    }
