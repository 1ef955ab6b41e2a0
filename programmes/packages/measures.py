"""Measures of action plans and the money planned for them, from files into tables."""

from typing import Any

from programmes.models import Funding, Measure
from programmes.packages.promises import Promise
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Row, Summary, in_layers, sync


def store_measures(promise: Promise, summary: Summary) -> None:
    """Measures, in the order of the file, and a funding line for each amount that is planned."""
    records = promise.package.measures
    bodies = {body["code"]: body["name"] for body in promise.package.programme.children("organisations")}
    rows = [
        promise.row(record, order=order, **_measure(record, promise, bodies))
        for order, record in enumerate(records)
    ]
    existing = Measure.objects.filter(programme=promise.pk)
    for layer in in_layers(rows, "code", "parent"):
        for record, values in layer:
            values["parent_id"] = record.reference("parent", promise.measures)
        promise.measures.ids.update(sync(summary.of("Measures"), layer, existing.all()))
    promise.cite("measure", promise.measures.ids, records)
    _store_funding(promise, summary)


def _measure(record: Record, promise: Promise, bodies: dict[str, Any]) -> dict[str, Any]:
    home = promise.package.programme.file.name
    known = Codes("organisation", home, dict.fromkeys(bodies, 0))
    for body in record.children("responsible"):
        body.reference("organisation", known)
    return {
        **record.texts("name"),
        **record.texts("completion_form", "completion"),
        **record.texts("note"),
        "goal_id": record.reference("goal", promise.goals),
        "number": record["number"] or "",
        "cost": record["cost"] or "",
        "sources": record["sources"],
        "responsible": [{**body, "name": bodies[body["organisation"]]} for body in record["responsible"]],
        "deadline": record["deadline"],
        "state": record["state"],
        "excluded_by_id": record.reference("excluded_by", promise.acts),
    }


def _store_funding(promise: Promise, summary: Summary) -> None:
    rows, cites = [], []
    for measure in promise.package.measures:
        for record in measure.children("planned"):
            years = (record.get("from_year", record.get("year")), record.get("to_year", record.get("year")))
            span = "-".join(map(str, sorted(set(years))))
            values = {
                "programme_id": promise.pk,
                "code": f"{measure['code']}-{span}-{record['source']}",
                "measure_id": promise.measures.ids[measure["code"]],
                "goal_id": measure.reference("goal", promise.goals),
                **measure.texts("name"),
                "level": record["source"],
                "year_from": years[0],
                "year_to": years[1],
                "planned": record["amount"],
                "is_indicative": record["is_indicative"],
            }
            rows.append(Row(record, values))
            cites.append(measure.child("cite"))
    existing = Funding.objects.filter(programme=promise.pk, measure__isnull=False)
    ids = sync(summary.of("Funding"), rows, existing, removing=True)
    promise.cited.extend(
        ("funding", ids[row.values["code"]], cite) for row, cite in zip(rows, cites, strict=True)
    )
