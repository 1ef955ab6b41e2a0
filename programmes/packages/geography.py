"""Territories, their other names and history, and groups of them, from files into tables."""

from typing import Any

from cities.models import GroupMembership, Territory, TerritoryAlias, TerritoryChange, TerritoryGroup
from common.names import NAMES
from programmes.packages.contents import NOTES, Contents
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Row, Summary, in_layers, sync

LISTED = (
    "population", "district_centre", "industry_type", "industry_branch", "enterprise_state", "note",
)  # fmt: skip


def store_territories(contents: Contents, summary: Summary) -> Codes:
    """Territories with their aliases and changes; returns their codes."""
    ids: dict[str, int] = {}
    territories = Codes("territory", "territories/territories.csv", ids)
    rows = [Row(record, _territory(record)) for record in contents.territories]
    for layer in in_layers(rows, "code", "parent"):
        for row in layer:
            row.values["parent_id"] = row.record.reference("parent", territories)
        ids |= sync(summary.of("Territories"), layer, Territory.objects.all())
    sync(
        summary.of("Other names"),
        [
            Row(record, {
                "territory_id": record.reference("territory", territories),
                "language": record["language"],
                "text": record["text"],
            })
            for record in contents.aliases
        ],
        TerritoryAlias.objects.all(),
        ("territory_id", "language", "text"),
    )  # fmt: skip
    sync(
        summary.of("Territorial changes"),
        [Row(record, _change(record, territories)) for record in contents.changes],
        TerritoryChange.objects.all(),
        ("on", "kind", "predecessor_id", "successor_id"),
        removing=True,
    )
    return territories


def _territory(record: Record) -> dict[str, Any]:
    return {
        "code": record["code"],
        "level": record["level"],
        "kato": record["kato"] or None,
        "bureau_code": record["bureau_code"] or None,
        **{name: record[name] for name in NAMES},
        "valid_from": record.date("valid_from"),
        "valid_to": record.date("valid_to"),
        "longitude": record.number("longitude"),
        "latitude": record.number("latitude"),
    }


def _change(record: Record, territories: Codes) -> dict[str, Any]:
    return {
        "on": record.date("on"),
        "kind": record["kind"],
        "predecessor_id": record.reference("predecessor", territories),
        "successor_id": record.reference("successor", territories),
        **{name: record[name] for name in NOTES},
        "act": record["act"],
    }


def store_groups(
    contents: Contents, territories: Codes, summary: Summary
) -> tuple[Codes, list[tuple[Record, int]]]:
    """Groups with their members; returns the groups' codes, and the cited entries with their membership."""
    rows = [Row(record, _group(record)) for record in contents.groups]
    ids = sync(summary.of("Groups"), rows, TerritoryGroup.objects.all())
    members = [
        (group, Row(record, _membership(ids[group["code"]], number, record, group, territories)))
        for group in contents.groups
        for number, record in enumerate(group.children("members"), start=1)
    ]
    key = ("group_id", "territory_id", "valid_from")
    memberships = sync(
        summary.of("Memberships"),
        [row for _, row in members],
        GroupMembership.objects.filter(group__in=ids.values()),
        key,
        removing=True,
    )
    cited = [
        (cite, memberships[tuple(row.values[name] for name in key)])
        for group, row in members
        if (cite := row.record.cite() or group.cite())
    ]
    return Codes("group", "territories/groups.yaml", ids), cited


def _group(record: Record) -> dict[str, Any]:
    return {
        "code": record["code"],
        **record.texts("names", "name"),
        **record.texts("note"),
        "labels": record.get("labels", {}),
    }


def _membership(
    group_id: int, number: int, record: Record, group: Record, territories: Codes
) -> dict[str, Any]:
    listed = {name: record[name] for name in LISTED if name in record.data}
    if "population" in listed and "population_on" in group.data:
        listed["population_on"] = group["population_on"]
    return {
        "group_id": group_id,
        "territory_id": record.reference("territory", territories),
        "number": number,
        "valid_from": record.date("valid_from"),
        "valid_to": record.date("valid_to"),
        "official_class": record.get("official_class", ""),
        "attributes": listed,
    }
