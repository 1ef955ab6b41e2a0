"""Figures of statistics files and of documents, from files to publication."""

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from indicators.fields import MISSING_STATUSES, Status
from indicators.services.publishing import Figure, publish
from programmes.packages.catalogue import Catalogue
from programmes.packages.contents import Contents, Statistics
from programmes.packages.problems import PackageError, did_you_mean
from programmes.packages.promises import Register
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Counts, Summary

PREFIX = "document-"  # the source of figures that document 004 prints is document-004
ORIGIN_LENGTH = 200
EQUAL = 1e-9
MISSING = ", ".join(MISSING_STATUSES)


class Statement(NamedTuple):
    """A row of a document's figures: what it prints, and the figure that this makes."""

    record: Record
    figure: Figure


def publish_figures(
    contents: Contents, register: Register, documents: Codes, summary: Summary
) -> list[Statement]:
    """Publishes what is new or changed. A figure that has left its file stays: history is not rewritten.

    A document may state a figure in several places. The first row is published; every row is returned, so
    that all of them are cited.
    """
    first: dict[tuple[object, ...], Record] = {}
    figures, statements = [], []
    for record, figure in _statistics(contents, register):
        twin = first.setdefault(figure[:6], record)
        if twin is not record:
            where = f"{twin.file.name}, line {twin.file.line(twin.path)}"
            raise record.error("period", f"the figure is already given in {where}: keep one")
        figures.append(figure)
    for record, figure in _statements(contents, register, documents):
        statements.append(Statement(record, figure))
        if first.setdefault(figure[:6], record) is record:
            figures.append(figure)
    summary.counts["Figures"] = Counts(*publish(figures))
    return statements


def _statistics(contents: Contents, register: Register) -> Iterator[tuple[Record, Figure]]:
    catalogue = register.catalogue
    for file in contents.statistics:
        indicator = _named(file, file.indicator, catalogue.indicators)
        source = _named(file, file.source, catalogue.sources)
        for record in file.rows:
            yield record, _figure(record, indicator, source, _origin(record), register)


def _statements(contents: Contents, register: Register, documents: Codes) -> Iterator[tuple[Record, Figure]]:
    catalogue = register.catalogue
    units = {record["code"]: record["unit"] for record in contents.indicators}
    for package in contents.packages:
        for record in package.observations:
            indicator = record.look_up("indicator", record["indicator"], catalogue.indicators)
            record.look_up("document", record["document"], documents)
            source = record.look_up("document", f"{PREFIX}{record['document']}", catalogue.sources)
            _check_printed(record, units[record["indicator"]], catalogue)
            yield record, _figure(record, indicator, source, _lines(record), register)


def _check_printed(record: Record, unit: str, catalogue: Catalogue) -> None:
    """The printed number in its unit must be the value in the indicator's."""
    printed, value = record.number("printed"), record.number("value")
    if (written := record["printed_unit"]) and printed is not None and value is not None:
        record.look_up("printed_unit", written, catalogue.units)
        factor = catalogue.factor(written, unit)
        if factor is None or not math.isclose(printed * factor, value, rel_tol=EQUAL):
            equal = "no multiple of it" if factor is None else f"{printed * factor} {unit}"
            raise record.error("printed", f"{printed} {written} is {equal}, but the value is {value} {unit}")


def _figure(record: Record, indicator: int, source: int, origin: str, register: Register) -> Figure:
    period = record.period("period")
    value, status = _value(record)
    return Figure(
        indicator_id=indicator,
        territory_id=record.look_up("territory", record["territory"], register.territories),
        breakdown_id=register.breakdowns[record["breakdown"]],
        source_id=source,
        frequency=period.frequency,
        period_start=period.start,
        value=value,
        status=status,
        origin=origin,
        reason=f"Loaded from {record.file.name}",
    )


def _value(record: Record) -> tuple[Decimal | None, str]:
    """The figure with its status: a normal one, unless the file says otherwise."""
    value, status = record.number("value"), record["status"] or Status.NORMAL.value
    if status not in Status.values:
        raise record.error("status", f"{status!r} is not one of {', '.join(Status.values)}")
    if value is None and status not in MISSING_STATUSES:
        raise record.error("value", f"the figure is missing: give it, or a status of {MISSING}")
    if value is not None and status in MISSING_STATUSES:
        raise record.error("status", f"{status!r} says that there is no figure, but there is one: {value}")
    return value, status


def _origin(record: Record) -> str:
    return f"{record.file.name}:{record.path[0]}"


def _lines(record: Record) -> str:
    """The document's lines as readers see them: `004: 1251, 1420`."""
    lines = record["lines"].split()
    if not lines or not all(line.isdecimal() for line in lines):
        raise record.error("lines", "give the lines of the document, separated by spaces")
    origin = f"{record['document']}: {', '.join(lines)}"
    if len(origin) > ORIGIN_LENGTH:
        raise record.error("lines", f"these are too many lines: {ORIGIN_LENGTH} characters are kept")
    return origin


def _named(file: Statistics, code: str, codes: Codes) -> int:
    """The id of what the file's name or folder stands for."""
    if code in codes.ids:
        return codes.ids[code]
    cure = did_you_mean(code, codes.ids, f"add it to {codes.home} or rename the file")
    raise PackageError(file.name, None, "", f"unknown {codes.what} {code!r}: {cure}")
