"""Promises and how far they are kept, as tables to take along."""

from typing import Any

from django.db import models
from django.db.models import Func

from common.exporting.columns import Column, Joined, Table, own, texts
from indicators.exports import PeriodCode, breakdown
from programmes.codes import VOCABULARY
from programmes.fields import WordField
from programmes.models import (
    Discrepancy,
    Funding,
    Goal,
    Kpi,
    LegalAct,
    Measure,
    Programme,
    Progress,
    Standing,
    Target,
)
from programmes.models.progress import Facts


class Word(Func):
    """A word of the vocabulary from its number; nothing for the empty one."""

    words = ", ".join(f"'{word}'" for word in VOCABULARY[1:])
    template = f"((ARRAY[NULL, {words}]::text[])[%(expressions)s + 1])"
    output_field = models.TextField()


def results(model: type[models.Model], *names: str) -> dict[str, Column]:
    """Columns of computed fields, whose words are kept as numbers."""
    fields = {name: model._meta.get_field(name) for name in names}
    found: dict[str, Any] = dict(own(model, *names))
    words = {name: Column(Word(name), about=name) for name, at in fields.items() if isinstance(at, WordField)}
    return {**found, **words}


def public_id(path: str = "") -> Joined:
    """The public id of what is at a path: programme and code."""
    return Joined(f"{path}programme__code", f"{path}code")


def of_kpi() -> dict[str, Column]:
    """To which KPI a row belongs."""
    return {
        "programme": Column("kpi__programme__code"),
        "kpi": Column(public_id("kpi__"), about="kpi"),
    }


def of_programme() -> dict[str, Column]:
    """What a row is known by, and to which programme it belongs."""
    return {
        "id": Column(public_id(), about="id"),
        "programme": Column("programme__code"),
        "code": Column("code"),
    }


PROGRAMMES = Table(
    "programmes",
    Programme,
    {
        "code": Column("code"),
        **dict(texts("name", "short_name", "summary", "owner")),
        **dict(own(Programme, "territory", "group", "starts_on", "ends_on", "on_track_from", "at_risk_from")),
        **dict(own(Programme, "stated_indicators")),
        **dict(texts("note")),
    },
    order=("code",),
)
GOALS = Table(
    "goals",
    Goal,
    {
        "id": Column(public_id(), about="id"),
        **dict(own(Goal, "programme", "code")),
        **dict(texts("name")),
        **dict(own(Goal, "kind", "number", "order")),
        "parent": Column(Joined("parent__programme__code", "parent__code"), about="parent"),
    },
    key="id",
    order=("programme__code", "code"),
)
KPIS = Table(
    "kpis",
    Kpi,
    {
        "id": Column(public_id(), about="id"),
        "programme": Column("programme__code"),
        "goal": Column(public_id("goal__"), about="goal"),
        **dict(own(Kpi, "code", "order")),
        **dict(texts("name")),
        "indicator": Column("indicator__code"),
        "breakdown": Column(breakdown("breakdown"), about="breakdown"),
        **dict(own(Kpi, "territory", "group", "comparator", "form", "accumulation", "path")),
        "baseline_value": Column("baseline_value", "number"),
        "baseline_period": Column(PeriodCode("baseline_frequency", "baseline_start"), about="baseline_start"),
        "baseline_basis": Column("baseline_basis"),
        **dict(texts("baseline_note")),
        "together_with": Column(public_id("together_with__"), about="together_with"),
        **dict(own(Kpi, "is_headline", "weight", "preferred_source", "tolerance_months")),
        **dict(texts("note")),
    },
    key="id",
    order=("programme__code", "code"),
)
TARGETS = Table(
    "targets",
    Target,
    {
        **of_kpi(),
        "frequency": Column("frequency"),
        "period": Column(PeriodCode("frequency", "period_start"), about="period_start"),
        **dict(own(Target, "value", "value_max", "qualifier")),
        "act": Column(public_id("act__"), about="act"),
        **dict(own(Target, "valid_from", "valid_to", "is_additional", "is_date_implied")),
        **dict(texts("note")),
    },
    key="",
    order=("kpi__programme__code", "kpi__code", "period_start", "frequency", "pk"),
)
LEGAL_ACTS = Table(
    "legal-acts",
    LegalAct,
    {
        **of_programme(),
        **dict(own(LegalAct, "kind", "number", "adopted_on", "effective_on")),
        **dict(texts("effective_note", "issuer", "title", "note")),
    },
    key="id",
    order=("programme__code", "code"),
)
MEASURES = Table(
    "measures",
    Measure,
    {
        **of_programme(),
        "goal": Column(public_id("goal__"), about="goal"),
        **dict(own(Measure, "number", "order")),
        **dict(texts("name")),
        "parent": Column(public_id("parent__"), about="parent"),
        **dict(own(Measure, "cost")),
        **dict(texts("completion")),
        **dict(own(Measure, "due_on", "state", "deliverable_value", "deliverable_max", "qualifier", "unit")),
        "excluded_by": Column(public_id("excluded_by__"), about="excluded_by"),
        **dict(texts("note")),
    },
    key="id",
    order=("programme__code", "code"),
)
FUNDING = Table(
    "funding",
    Funding,
    {
        **of_programme(),
        "goal": Column(public_id("goal__"), about="goal"),
        "measure": Column(public_id("measure__"), about="measure"),
        "parent": Column(public_id("parent__"), about="parent"),
        **dict(own(Funding, "relation", "order")),
        **dict(texts("name")),
        **dict(own(Funding, "level", "is_yearly", "qualifier", "year_from", "year_to")),
        **dict(own(Funding, "planned", "planned_max", "paid", "is_indicative")),
        **dict(texts("note")),
    },
    key="id",
    order=("programme__code", "code"),
)
DISCREPANCIES = Table(
    "discrepancies",
    Discrepancy,
    {
        **of_programme(),
        **dict(texts("name")),
        **dict(own(Discrepancy, "kind", "rule", "is_recorded")),
        **dict(texts("reason")),
    },
    key="id",
    order=("programme__code", "code"),
)
FACTS = [field.name for field in Facts._meta.get_fields() if field.name != "year"]
PROGRESS = Table(
    "progress",
    Progress,
    {
        "id": Column(Joined("kpi__programme__code", "kpi__code", "territory__code", "year"), about="pk"),
        **of_kpi(),
        "territory": Column("territory__code"),
        **results(Progress, "year", *FACTS),
    },
    key="id",
    order=("kpi_id", "territory_id", "year"),
)
STANDINGS = Table(
    "standings",
    Standing,
    {
        "id": Column(Joined("kpi__programme__code", "kpi__code", "territory__code"), about="pk"),
        **of_kpi(),
        "territory": Column("territory__code"),
        **results(Standing, "standing", "reason", "year", "actual", "distance", "next_target_year"),
        **results(Standing, "method", "computed_at"),
    },
    key="id",
    order=("kpi_id", "territory_id"),
)
TABLES = (
    PROGRAMMES, LEGAL_ACTS, GOALS, KPIS, TARGETS, MEASURES, FUNDING, DISCREPANCIES, PROGRESS, STANDINGS
)  # fmt: skip
