"""Programmes with their acts, goals, KPIs and targets, from files into tables."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from indicators.periods import Frequency
from programmes.models import Benchmark, Goal, Kpi, LegalAct, Measure, Programme, Qualifier, Rule, Target
from programmes.models.documents import AT_RISK_FROM, ON_TRACK_FROM
from programmes.packages.catalogue import Catalogue
from programmes.packages.contents import Contents, Package
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Row, Summary, in_layers, remove_others, sync

TOLERANCE_MONTHS = 36


@dataclass(frozen=True)
class Register:
    """What entries of every programme may refer to."""

    territories: Codes
    groups: Codes
    catalogue: Catalogue
    breakdowns: dict[str, int]


@dataclass(frozen=True)
class Promise:
    """A package with its stored programme, the codes of its parts, and citations: (owner, id, entry)."""

    package: Package
    pk: int
    acts: Codes
    goals: Codes
    kpis: Codes
    measures: Codes
    benchmarks: Codes
    rules: Codes
    cited: list[tuple[str, int, Record]] = field(default_factory=list)

    def row(self, record: Record, **values: Any) -> Row:
        """A row with a code of its own within the programme."""
        return Row(record, {"programme_id": self.pk, "code": record["code"], **values})

    def cite(self, owner: str, ids: Mapping[str, int], records: Iterable[Record]) -> None:
        """Notes the records' citations as those of the model field `owner`."""
        for record in records:
            self.cite_one(owner, ids[record["code"]], record, record.child("cite"))

    def cite_one(self, owner: str, pk: int, record: Record, cite: Record) -> None:
        """Notes an object's citation, and the other places that its entry names."""
        self.cited.extend((owner, pk, place) for place in (cite, *record.children("also")))


def store_programmes(contents: Contents, register: Register, summary: Summary) -> list[Promise]:
    """The programmes themselves."""
    records = [package.programme for package in contents.packages]
    rows = [Row(record, _programme(record, register)) for record in records]
    ids = sync(summary.of("Programmes"), rows, Programme.objects.all())
    promises = []
    for package in contents.packages:
        home = package.programme.file.name
        folder = home.rpartition("/")[0]
        promise = Promise(
            package,
            ids[package.programme["code"]],
            acts=Codes("act", home, {}),
            goals=Codes("goal", f"{folder}/goals.yaml", {}),
            kpis=Codes("KPI", f"{folder}/kpis.yaml", {}),
            measures=Codes("measure", f"{folder}/measures.yaml", {}),
            benchmarks=Codes("benchmark", f"{folder}/benchmarks.yaml", {}),
            rules=Codes("rule", f"{folder}/rules.yaml", {}),
        )
        promise.cite("programme", ids, [package.programme])
        promises.append(promise)
    return promises


def _programme(record: Record, register: Register) -> dict[str, Any]:
    thresholds = record.get("thresholds", {})
    return {
        "code": record["code"],
        **record.texts("name"),
        **record.texts("short_name"),
        **record.texts("summary"),
        **record.texts("owner"),
        **record.texts("note"),
        "territory_id": record.reference("territory", register.territories),
        "group_id": record.reference("group", register.groups),
        "starts_on": record.date("starts_on"),
        "ends_on": record.date("ends_on"),
        "stated_indicators": record.get("stated_indicator_count"),
        "on_track_from": float(thresholds.get("on_track_from", ON_TRACK_FROM)),
        "at_risk_from": float(thresholds.get("at_risk_from", AT_RISK_FROM)),
    }


def store_acts(promise: Promise, summary: Summary) -> None:
    """Legal acts."""
    records = list(promise.package.programme.children("acts"))
    rows = [
        promise.row(
            record,
            kind=record["kind"],
            number=record["number"] or "",
            adopted_on=record.date("adopted_on"),
            effective_on=record.date("effective_on"),
            **record.texts("effective_note"),
            **record.texts("issuer"),
            **record.texts("title"),
            **record.texts("note"),
        )
        for record in records
    ]
    existing = LegalAct.objects.filter(programme=promise.pk)
    promise.acts.ids.update(sync(summary.of("Legal acts"), rows, existing))
    promise.cite("act", promise.acts.ids, records)


def store_goals(promise: Promise, summary: Summary) -> None:
    """The tree of goals, in the order of the file."""
    records = promise.package.goals
    rows = [
        promise.row(
            record,
            kind=record["kind"],
            number=record["number"] or "",
            order=order,
            **record.texts("name"),
        )
        for order, record in enumerate(records)
    ]
    existing = Goal.objects.filter(programme=promise.pk)
    for layer in in_layers(rows, "code", "parent"):
        for record, values in layer:
            values["parent_id"] = record.reference("parent", promise.goals)
        promise.goals.ids.update(sync(summary.of("Goals"), layer, existing.all()))
    promise.cite("goal", promise.goals.ids, records)


def store_kpis(promise: Promise, register: Register, summary: Summary) -> None:
    """KPIs, in the order of the file, and their targets."""
    records = promise.package.kpis
    rows = [
        promise.row(record, order=order, **_kpi(record, promise, register))
        for order, record in enumerate(records)
    ]
    existing = Kpi.objects.filter(programme=promise.pk)
    promise.kpis.ids.update(sync(summary.of("KPIs"), rows, existing))
    _link_companions(promise, records)
    promise.cite("kpi", promise.kpis.ids, records)
    for record in records:
        pk, baseline = promise.kpis.ids[record["code"]], record.child("baseline")
        if record.get("goal_cite") not in (None, record["cite"]):
            promise.cited.append(("kpi", pk, record.child("goal_cite")))
        if baseline.data and baseline["value"] is not None:
            promise.cite_one("baseline", pk, baseline, baseline.cite() or record.child("cite"))
    _store_targets(promise, summary)


def _link_companions(promise: Promise, records: Iterable[Record]) -> None:
    """Ties together the KPIs of compound promises: each exists by now."""
    companions = {
        promise.kpis.ids[record["code"]]: record.reference("together_with", promise.kpis)
        for record in records
    }
    changed = [
        Kpi(pk=pk, together_with_id=companions[pk])
        for pk, present in Kpi.objects.filter(pk__in=companions).values_list("pk", "together_with")
        if present != companions[pk]
    ]
    Kpi.objects.bulk_update(changed, ["together_with"])


def _kpi(record: Record, promise: Promise, register: Register) -> dict[str, Any]:
    catalogue = register.catalogue
    baseline = record.child("baseline")
    period = baseline.period("period") if baseline.get("period") else None
    return {
        **record.texts("name"),
        **record.texts("note"),
        "goal_id": record.reference("goal", promise.goals),
        "indicator_id": record.reference("indicator", catalogue.indicators),
        "breakdown_id": register.breakdowns[record.get("breakdown", "")],
        "territory_id": record.reference("territory", register.territories),
        "group_id": record.reference("group", register.groups),
        "comparator": record["comparator"],
        "form": record["form"],
        "is_headline": record.get("is_headline", False),
        "accumulation": record.get("accumulation", Kpi.Accumulation.LEVEL.value),
        "path": record.get("path", Kpi.Path.LINEAR.value),
        "baseline_value": baseline.get("value"),
        "baseline_frequency": period.frequency if period else Frequency.ANNUAL,
        "baseline_start": period.start if period else None,
        "baseline_basis": baseline.get("basis", Kpi.Basis.MISSING.value),
        **baseline.texts("note", "baseline_note"),
        "weight": float(record.get("weight", 1)),
        "preferred_source_id": record.reference("preferred_source", catalogue.sources),
        "tolerance_months": record.get("tolerance_months", TOLERANCE_MONTHS),
    }


def _store_targets(promise: Promise, summary: Summary) -> None:
    """Targets, in force since the act that sets them; one that has left the file is removed."""
    effective = dict(LegalAct.objects.filter(programme=promise.pk).values_list("pk", "effective_on"))
    rows: list[Row] = []
    cites = []
    for kpi in promise.package.kpis:
        for record in kpi.children("targets"):
            act = record.reference("act", promise.acts) or kpi.reference("act", promise.acts)
            period = record.period("period")
            values = {
                "kpi_id": promise.kpis.ids[kpi["code"]],
                "frequency": period.frequency,
                "period_start": period.start,
                "act_id": act,
                "value": record["value"],
                "value_max": record.get("value_max"),
                "qualifier": record.get("qualifier", Qualifier.EXACT.value),
                "is_additional": record.get("is_additional", False),
                "is_date_implied": record.get("is_date_implied", False),
                **record.texts("note"),
                "valid_from": act and effective[act],
                "valid_to": None,
            }
            rows.append(Row(record, values))
            cites.append((record, record.cite() or kpi.child("cite")))
    _end_amended(rows)
    key = ("kpi_id", "frequency", "period_start", "act_id")
    existing = Target.objects.filter(kpi__programme=promise.pk)
    ids = sync(summary.of("Targets"), rows, existing, key, removing=True)
    for row, (record, cite) in zip(rows, cites, strict=True):
        promise.cite_one("target", ids[tuple(row.values[name] for name in key)], record, cite)


def _end_amended(rows: Iterable[Row]) -> None:
    """A target is in force until the day from which another act sets the same one."""
    same: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for _, values in rows:
        key = (values["kpi_id"], values["frequency"], values["period_start"])
        same.setdefault(key, []).append(values)
    for targets in same.values():
        targets.sort(key=lambda values: values["valid_from"] or dt.date.min)
        for earlier, later in pairwise(targets):
            earlier["valid_to"] = later["valid_from"]


def remove_what_left(promise: Promise, summary: Summary, *, prune: bool) -> None:
    """Parts of the programme that the files no longer name: removed where `prune`, else an error."""
    parts: list[tuple[str, QuerySet[Any], Codes]] = [
        ("Benchmarks", Benchmark.objects.all(), promise.benchmarks),
        ("Rules", Rule.objects.all(), promise.rules),
        ("KPIs", Kpi.objects.all(), promise.kpis),
        ("Measures", Measure.objects.all(), promise.measures),
        ("Goals", Goal.objects.all(), promise.goals),
        ("Legal acts", LegalAct.objects.all(), promise.acts),
    ]
    for kind, rows, codes in parts:
        remove_others(summary.of(kind), rows.filter(programme=promise.pk), codes, prune=prune)
