"""Keeps in the register of discrepancies what the rules find."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.names import LANGUAGES, Named, localised
from indicators.writing import ended, written
from programmes.codes import Finder
from programmes.evidence.checking import Finding
from programmes.evidence.provenance import Provenance
from programmes.models import Citation, Discrepancy, DiscrepancyStatement
from programmes.services.finding import Evidence, find_contradictions

NAME_LENGTH = 400
MANY = 6
"""Decimals that a number in a statement may have: it is shown as printed."""

KIND_OF: Mapping[Finder, str] = {
    Finder.REPEATED: Discrepancy.Kind.VALUE,
    Finder.PARTS: Discrepancy.Kind.SUM,
    Finder.ROWS: Discrepancy.Kind.SUM,
    Finder.AREAS: Discrepancy.Kind.SUM,
    Finder.BASELINE: Discrepancy.Kind.VALUE,
    Finder.BACKWARDS: Discrepancy.Kind.LOGIC,
}


@dataclass(frozen=True)
class Entry:
    """A found discrepancy, not yet stored: with its statements, their places, and its KPIs."""

    discrepancy: Discrepancy
    statements: list[DiscrepancyStatement]
    rows: Sequence[Provenance]
    kpis: set[int]

    @property
    def content(self) -> tuple[object, ...]:
        """All that a reader sees of it, to compare with what is stored."""
        places = [(row.document, row.section, tuple(row.lines)) for row in self.rows]
        return _content(self.discrepancy, self.statements, places, self.kpis)

    def save(self) -> None:
        """Stores it."""
        self.discrepancy.save()
        DiscrepancyStatement.objects.bulk_create(self.statements)
        Citation.objects.bulk_create(
            Citation(document=row.citation.document, section=row.section, lines=row.lines, statement=each)
            for row, each in zip(self.rows, self.statements, strict=False)
        )
        self.discrepancy.kpis.set(self.kpis)


def record_contradictions() -> int:
    """Makes the register's found entries those that the rules find now; returns how many there are.

    A finding whose places a recorded discrepancy already cites is that discrepancy, which then says so.
    """
    evidence = Evidence()
    recorded = _recorded_places()
    twins: dict[int, str] = {}
    entries: dict[str, Entry] = {}
    for finding in find_contradictions(evidence):
        rows = [evidence.rows[place] for place in finding.places]
        twin = _already(recorded, rows)
        if twin is not None:
            twins[twin] = finding.rule.value
        elif rows[0].citation.document.programme is not None:
            entry = _entry(finding, rows, evidence)
            entries.setdefault(entry.discrepancy.code, entry)
    for discrepancy in Discrepancy.objects.filter(is_recorded=True):
        if discrepancy.rule != (rule := twins.get(discrepancy.pk, "")):
            Discrepancy.objects.filter(pk=discrepancy.pk).update(rule=rule)
    _store(entries)
    return len(entries)


def _store(entries: Mapping[str, Entry]) -> None:
    """Replaces the stored entries that differ from those given, and leaves the others alone."""
    found = Discrepancy.objects.filter(is_recorded=False)
    kept = set()
    for discrepancy in found.prefetch_related("kpis", "statements__citations__document"):
        statements = list(discrepancy.statements.all())
        places = [
            (citation.document.code, citation.section, tuple(citation.lines))
            for statement in statements
            for citation in statement.citations.all()
        ]
        kpis = {kpi.pk for kpi in discrepancy.kpis.all()}
        entry = entries.get(discrepancy.code)
        if entry and entry.content == _content(discrepancy, statements, places, kpis):
            kept.add(discrepancy.code)
    found.exclude(code__in=kept).delete()
    for code, entry in entries.items():
        if code not in kept:
            entry.save()


def _content(
    discrepancy: Discrepancy,
    statements: Sequence[DiscrepancyStatement],
    places: Sequence[tuple[str, str, tuple[int, ...]]],
    kpis: set[int],
) -> tuple[object, ...]:
    names = tuple(getattr(discrepancy, f"{stem}_{code}") for stem in ("name", "reason") for code in LANGUAGES)
    said = tuple(
        (each.order, each.text_kk, each.text_ru, each.text_en, each.value, each.unit_id, each.is_used)
        for each in statements
    )
    return discrepancy.programme_id, discrepancy.rule, names, said, tuple(places), frozenset(kpis)


def _recorded_places() -> dict[int, list[set[tuple[str, int]]]]:
    """Documents and lines of each statement of the recorded discrepancies."""
    found: dict[int, list[set[tuple[str, int]]]] = defaultdict(list)
    statements = DiscrepancyStatement.objects.filter(discrepancy__is_recorded=True)
    for statement in statements.prefetch_related("citations__document"):
        places = {
            (citation.document.code, line)
            for citation in statement.citations.all()
            for line in citation.lines
        }
        found[statement.discrepancy_id].append(places)
    return found


def _already(recorded: Mapping[int, list[set[tuple[str, int]]]], rows: Sequence[Provenance]) -> int | None:
    """The recorded discrepancy of which at least two statements, or all, cite the finding's places."""
    places = {(row.document, line) for row in rows for line in row.lines}
    for pk, statements in recorded.items():
        touching = sum(1 for statement in statements if statement & places)
        covered = {place for statement in statements for place in statement}
        if touching >= min(2, len(statements)) and sum(
            1 for row in rows if {(row.document, line) for line in row.lines} & covered
        ) >= min(2, len(rows)):
            return pk
    return None


def _entry(finding: Finding, rows: Sequence[Provenance], evidence: Evidence) -> Entry:
    """A finding as an entry with a statement for each place; the portal's own value is marked as used."""
    first = rows[0]
    discrepancy = Discrepancy(
        programme=first.citation.document.programme,
        code=_code(finding, first),
        kind=KIND_OF[finding.rule],
        rule=finding.rule.value,
        is_recorded=False,
    )
    units = evidence.units
    figures = [(row.value, units.get(row.unit)) for row in rows]
    if finding.total is not None:
        size = evidence.factor(first.unit, first.stored.unit) or Decimal(1)
        figures.append((finding.total / size, units.get(first.unit)))
    used = _used(finding, rows)
    statements = [
        DiscrepancyStatement(
            discrepancy=discrepancy, order=order, value=value, unit=unit, is_used=order == used
        )
        for order, (value, unit) in enumerate(figures)
    ]
    for language in LANGUAGES:
        with translation.override(language):
            setattr(discrepancy, f"name_{language}", _title(finding, first)[:NAME_LENGTH])
            setattr(discrepancy, f"reason_{language}", _reason(finding))
            for order, statement in enumerate(statements):
                row = rows[order] if order < len(rows) else None
                setattr(statement, f"text_{language}", _text(statement, row))
    kpis = {row.citation.target.kpi_id for row in rows if row.citation.target}
    kpis |= {row.citation.baseline_id for row in rows if row.citation.baseline_id}
    return Entry(discrepancy, statements, rows, kpis)


def _code(finding: Finding, row: Provenance) -> str:
    """A code that the next load gives the same finding again: the rule and the object."""
    own = row.object.partition(":")[2] if row.kind != "statistic" else row.object
    parts = (finding.rule.value, own, row.period, row.territory if row.kind == "statistic" else "")
    return f"F-{slugify('-'.join(part for part in parts if part).replace(':', '-').replace('.', '-'))}"[:64]


def _used(finding: Finding, rows: Sequence[Provenance]) -> int | None:
    """Which statement the portal follows: the one whose number it keeps, of a sum the printed total."""
    if finding.rule in {Finder.PARTS, Finder.ROWS, Finder.AREAS}:
        return 0
    if finding.rule == Finder.BACKWARDS:
        return None
    return next((order for order, row in enumerate(rows) if row.is_own), 0)


def _title(finding: Finding, row: Provenance) -> str:
    """The object's name and the period, in the active language."""
    name = _("Total of the plan") if finding.rule == Finder.ROWS else _name(row)
    series = row.citation.series
    place = localised(series.territory, "name") if series else ""
    return ", ".join(part for part in (name, place, row.period) if part)


def _name(row: Provenance) -> str:
    """What the figure is a figure of, in the active language."""
    citation = row.citation
    owners: list[Named | None] = [
        citation.series.indicator if citation.series else None,
        citation.target.kpi if citation.target else None,
        citation.baseline,
        citation.measure,
        citation.funding,
        citation.benchmark,
    ]
    return next((localised(owner, "name") for owner in owners if owner is not None), "")


def _reason(finding: Finding) -> str:
    """What the rule found and which value the portal follows, in the active language."""
    return {
        Finder.REPEATED: _(
            "Found by rule: the document prints the figure with different values. The portal follows the "
            "place that is marked; the text gives no reason to prefer another."
        ),
        Finder.PARTS: _(
            "Found by rule: the parts do not make up the whole. The portal shows the printed amounts and "
            "the difference."
        ),
        Finder.ROWS: _("Found by rule: the rows of the plan do not add up to the printed total."),
        Finder.AREAS: _("Found by rule: the districts' figures do not add up to the city's."),
        Finder.BASELINE: _(
            "Found by rule: the baseline of the promise is not the figure that the document states for "
            "the same place and time."
        ),
        Finder.BACKWARDS: _(
            "Found by rule: were the last target met, things would be worse than at the start. The portal "
            "judges by the target as printed."
        ),
    }[finding.rule]


def _text(statement: DiscrepancyStatement, row: Provenance | None) -> str:
    """What a place prints, in the active language; without a place, what the figures add up to."""
    unit = statement.unit.symbol if statement.unit else ""
    number = written(statement.value or Decimal(0), MANY)
    if row is None:
        return ended(_("The figures add up to %(number)s %(unit)s") % {"number": number, "unit": unit})
    if row.value_max is not None:
        number = f"{number}–{written(row.value_max, MANY)}"
    what = {"baseline": _("baseline"), "target": _("target")}.get(row.kind, "")
    about = [_name(row), what, row.period]
    label = ", ".join(part for part in about if part)
    return f"{label}: {number} {unit}".strip()
