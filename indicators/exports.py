"""The catalogue and the published figures as tables to take along."""

from django.db import models
from django.db.models import Func
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from common.exporting.columns import Column, Joined, Table, named, own, texts
from indicators.filters import TOTAL
from indicators.models import (
    Breakdown,
    Category,
    Dimension,
    Indicator,
    Observation,
    ObservationRevision,
    Source,
    Unit,
)


class PeriodCode(Func):
    """A frequency and a first day as SDMX writes the period: `indicators.periods.period_code` in SQL."""

    arity = 2
    template = """(CASE %(frequency)s WHEN 'A' THEN left(%(start)s::text, 4)
        WHEN 'M' THEN left(%(start)s::text, 7)
        WHEN 'Q' THEN left(%(start)s::text, 4) || '-Q' || ((extract(month FROM %(start)s)::int + 2) / 3)
        WHEN 'S' THEN left(%(start)s::text, 4) || '-S' || ((extract(month FROM %(start)s)::int + 5) / 6)
        END)"""
    output_field = models.TextField()

    def as_sql(self, compiler, connection, **_context):  # type: ignore[no-untyped-def, override]
        """Both parts are columns: they bring no parameters and may be repeated."""
        (frequency, _), (start, _) = (compiler.compile(part) for part in self.get_source_expressions())
        return self.template % {"frequency": frequency, "start": start}, []


def breakdown(path: str) -> Combinable:
    """The code of the breakdown at a path, the total by its word."""
    return named(f"{path}__code", TOTAL)


def observation_id() -> Joined:
    """The public id of a figure."""
    return Joined(
        "series__indicator__code", "series__territory__code", breakdown("series__breakdown"),
        "series__source__code", PeriodCode("series__frequency", "period_start"),
    )  # fmt: skip


UNITS = Table(
    "units",
    Unit,
    {"code": Column("code"), **dict(texts("name", "symbol")), **dict(own(Unit, "multiple_of", "factor"))},
    order=("code",),
)
SOURCES = Table(
    "sources",
    Source,
    {"code": Column("code"), **dict(texts("name")), **dict(own(Source, "kind", "url", "licence"))},
    order=("code",),
)
DIMENSIONS = Table("dimensions", Dimension, {"code": Column("code"), **dict(texts("name"))}, order=("code",))
CATEGORIES = Table(
    "categories",
    Category,
    {
        "id": Column(Joined("dimension__code", "code"), about="id"),
        **dict(own(Category, "dimension", "code")),
        **dict(texts("name")),
    },
    key="id",
    order=("dimension__code", "code"),
)
BREAKDOWNS = Table(
    "breakdowns", Breakdown, {"code": Column(named("code", TOTAL), about="code")}, order=("code",)
)
INDICATORS = Table(
    "indicators",
    Indicator,
    {
        **dict(own(Indicator, "code", "bureau_key", "sdg")),
        **dict(texts("name", "definition")),
        **dict(own(Indicator, "unit", "decimals", "frequency", "aggregation", "numerator", "denominator")),
        **dict(own(Indicator, "polarity", "minimum", "maximum", "instrument")),
    },
    order=("code",),
)
OF_SERIES = {
    "indicator": Column("series__indicator__code"),
    "territory": Column("series__territory__code"),
    "breakdown": Column(breakdown("series__breakdown"), about="series__breakdown"),
    "source": Column("series__source__code"),
    "frequency": Column("series__frequency"),
    "period": Column(PeriodCode("series__frequency", "period_start"), about="period_start"),
}
OBSERVATIONS = Table(
    "observations",
    Observation,
    {
        "id": Column(observation_id(), about="pk"),
        **OF_SERIES,
        **dict(own(Observation, "value", "status", "published_at")),
    },
    key="id",
    order=("series_id", "period_start"),
)
REVISIONS = Table(
    "revisions",
    ObservationRevision,
    {
        "id": Column(Cast("pk", models.TextField()), about="id"),
        "observation": Column(observation_id()),
        **OF_SERIES,
        **dict(own(ObservationRevision, "value", "status", "recorded_at", "released_on", "reason")),
    },
    key="id",
    order=("pk",),
)
TABLES = (UNITS, SOURCES, DIMENSIONS, CATEGORIES, BREAKDOWNS, INDICATORS, OBSERVATIONS, REVISIONS)
