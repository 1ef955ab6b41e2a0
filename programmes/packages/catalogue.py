"""Units, dimensions, sources and indicators, from files into tables, and breakdowns as they are met."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import Organisation
from indicators.models import Category, Dimension, Indicator, SeriesBreak, Source, Unit
from indicators.periods import Frequency
from indicators.services.breaking_down import breakdown_code, breakdown_id
from programmes.packages.contents import Contents
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Counts, Row, Summary, in_layers, sync

ORGANISATION_KINDS = {
    Source.Kind.BUREAU: Organisation.Kind.STATISTICS,
    Source.Kind.AKIMAT: Organisation.Kind.AKIMAT,
    Source.Kind.MINISTRY: Organisation.Kind.MINISTRY,
}


@dataclass(frozen=True)
class Catalogue:
    """Codes of what is measured, and of what it is broken down by."""

    units: Codes
    multiples: Mapping[str, tuple[str, Decimal]]
    sources: Codes
    dimensions: Codes
    categories: Mapping[str, Codes]
    indicators: Codes

    def factor(self, unit: str, other: str) -> Decimal | None:
        """How many of the other unit one unit is; None where they do not measure the same."""
        base, size = self.multiples.get(unit, (unit, Decimal(1)))
        other_base, other_size = self.multiples.get(other, (other, Decimal(1)))
        return size / other_size if base == other_base else None


def store_catalogue(contents: Contents, summary: Summary) -> Catalogue:
    """Everything under `catalogue/`, and the organisations that indicators come from."""
    units = _store_units(contents, summary)
    dimensions = sync(summary.of("Dimensions"), map(_dimension, contents.dimensions), Dimension.objects.all())
    sources = sync(summary.of("Sources"), map(_source, contents.sources), Source.objects.all())
    catalogue = Catalogue(
        units=units,
        multiples={
            record["code"]: (record["multiple_of"], Decimal(record["factor"]))
            for record in contents.units
            if "multiple_of" in record.data
        },
        sources=Codes("source", "catalogue/sources.yaml", sources),
        dimensions=Codes("dimension", "catalogue/dimensions.yaml", dimensions),
        categories=_store_categories(contents, dimensions, summary),
        indicators=Codes("indicator", "catalogue/indicators", {}),
    )
    organisations = _store_organisations(contents, catalogue, summary)
    _store_indicators(contents, catalogue, organisations, summary)
    _store_breaks(contents, catalogue, summary)
    return catalogue


def _store_units(contents: Contents, summary: Summary) -> Codes:
    """Units, those first that others are multiples of; returns their codes."""
    units = Codes("unit", "catalogue/units.yaml", {})
    for layer in in_layers([_unit(record) for record in contents.units], "code", "multiple_of"):
        for record, values in layer:
            values["multiple_of_id"] = record.reference("multiple_of", units)
        units.ids.update(sync(summary.of("Units"), layer, Unit.objects.all()))
    return units


def _unit(record: Record) -> Row:
    values = {
        "code": record["code"],
        **record.texts("name"),
        **record.texts("symbol"),
        "aliases": record.get("aliases", []),
        "factor": record.get("factor"),
    }
    return Row(record, values)


def _dimension(record: Record) -> Row:
    values = {
        "code": record["code"],
        **record.texts("name"),
        "total_aliases": record["total_aliases"],
    }
    return Row(record, values)


def _source(record: Record) -> Row:
    values = {
        "code": record["code"],
        "kind": record["kind"],
        **record.texts("name"),
        "url": record.get("url", ""),
        "licence": record.get("licence", ""),
    }
    return Row(record, values)


def _store_categories(
    contents: Contents, dimensions: Mapping[str, int], summary: Summary
) -> dict[str, Codes]:
    """Categories; returns their codes by dimension."""
    rows = [
        Row(record, {
            "dimension_id": dimensions[dimension["code"]],
            "code": record["code"],
            **record.texts("name"),
            "aliases": record.get("aliases", []),
        })
        for dimension in contents.dimensions
        for record in dimension.children("categories")
    ]  # fmt: skip
    ids = sync(summary.of("Categories"), rows, Category.objects.all(), ("dimension_id", "code"))
    return {
        code: Codes.of("category", "catalogue/dimensions.yaml", ids, pk) for code, pk in dimensions.items()
    }


def _store_organisations(contents: Contents, catalogue: Catalogue, summary: Summary) -> Codes:
    """The sources that indicators name as their organisation; returns their codes."""
    for record in contents.indicators:
        record.reference("source_organisation", catalogue.sources)
    named = {record.get("source_organisation") for record in contents.indicators}
    rows = [
        Row(record, {
            "code": record["code"],
            "kind": ORGANISATION_KINDS.get(record["kind"], Organisation.Kind.OTHER),
            **record.texts("name"),
        })
        for record in contents.sources
        if record["code"] in named
    ]  # fmt: skip
    ids = sync(summary.of("Organisations"), rows, Organisation.objects.all())
    return Codes("organisation", "catalogue/sources.yaml", ids)


def _store_indicators(
    contents: Contents, catalogue: Catalogue, organisations: Codes, summary: Summary
) -> None:
    """Indicators, those first that others are ratios of, and their dimensions; completes the codes."""
    rows = [Row(record, _indicator(record, catalogue, organisations)) for record in contents.indicators]
    for layer in in_layers(rows, "code", "numerator", "denominator"):
        for record, values in layer:
            for part in ("numerator", "denominator"):
                values[f"{part}_id"] = record.reference(part, catalogue.indicators)
        catalogue.indicators.ids.update(sync(summary.of("Indicators"), layer, Indicator.objects.all()))
    links = Indicator.dimensions.through
    sync(
        Counts(),
        [
            Row(record, {
                "indicator_id": catalogue.indicators.ids[record["code"]],
                "dimension_id": record.look_up("dimensions", code, catalogue.dimensions),
            })
            for record in contents.indicators
            for code in record.get("dimensions", ())
        ],
        links.objects.filter(indicator__in=catalogue.indicators.ids.values()),
        ("indicator_id", "dimension_id"),
        removing=True,
    )  # fmt: skip


def _store_breaks(contents: Contents, catalogue: Catalogue, summary: Summary) -> None:
    """From when on series cannot be compared with the years before."""
    rows = [
        Row(record, {
            "indicator_id": catalogue.indicators.ids[record["code"]],
            "source_id": record.look_up("breaks", declared["source"], catalogue.sources)
            if "source" in declared else None,
            "first_day": dt.date.fromisoformat(declared["first_day"]),
            **{f"note_{language}": text for language, text in declared["note"].items()},
        })
        for record in contents.indicators
        for declared in record.get("breaks", ())
    ]  # fmt: skip
    breaks = SeriesBreak.objects.filter(indicator__in=catalogue.indicators.ids.values())
    key = ("indicator_id", "source_id", "first_day")
    sync(summary.of("Breaks in series"), rows, breaks, key, removing=True)


def _indicator(record: Record, catalogue: Catalogue, organisations: Codes) -> dict[str, Any]:
    return {
        "code": record["code"],
        "bureau_key": record.get("bureau_key"),
        "sdg": record.get("sdg", ""),
        "bureau_where": {
            column: cells if isinstance(cells, list) else [cells]
            for column, cells in record.get("bureau_where", {}).items()
        },
        "aliases": record.get("aliases", []),
        **record.texts("name"),
        **record.texts("definition"),
        "unit_id": record.reference("unit", catalogue.units),
        "decimals": record.get("decimals", 1),
        "frequency": record.get("frequency", Frequency.ANNUAL.value),
        "aggregation": record.get("aggregation", Indicator.Aggregation.NONE.value),
        "over_time": record.get("over_time", Indicator.OverTime.NONE.value),
        "polarity": record.get("polarity", Indicator.Polarity.NONE.value),
        "minimum": record.get("bounds", {}).get("min"),
        "maximum": record.get("bounds", {}).get("max"),
        "instrument": record.get("instrument", ""),
        "organisation_id": record.reference("source_organisation", organisations),
    }


def store_breakdowns(records: Iterable[Record], catalogue: Catalogue) -> dict[str, int]:
    """Makes sure of the total and of every breakdown that the records name; returns their ids by code."""
    ids = {"": breakdown_id([])}
    for record in records:
        if (code := record.get("breakdown", "")) not in ids:
            ids[code] = breakdown_id(_categories(record, catalogue))
    return ids


def _categories(record: Record, catalogue: Catalogue) -> list[tuple[str, str]]:
    """The (dimension, category) pairs of the record's breakdown, whose code must be the canonical one."""
    code: str = record["breakdown"]
    categories = {}
    for part in code.split("&"):
        dimension, _, category = part.partition("=")
        record.look_up("breakdown", dimension, catalogue.dimensions)
        record.look_up("breakdown", category, catalogue.categories[dimension])
        categories[dimension] = category
    pairs = list(categories.items())
    if code != (canonical := breakdown_code(pairs)):
        raise record.error("breakdown", f"{code!r} has another order or repeats itself: write {canonical!r}")
    return pairs
