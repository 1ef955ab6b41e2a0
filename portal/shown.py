"""Which tables are seen in which published list, and how a row is called there.

The list's name is that of its address, as `common.rest.following.Followed` has it.
"""

from dataclasses import dataclass

PERIOD = """
to_char({row}.period_start, 'YYYY') || CASE {frequency}
    WHEN 'S' THEN '-S' || ceil(extract(month FROM {row}.period_start) / 6)
    WHEN 'Q' THEN '-Q' || extract(quarter FROM {row}.period_start)
    WHEN 'M' THEN to_char({row}.period_start, '-MM')
    ELSE '' END
"""
"""A period as SDMX writes it (`indicators.periods.period_code`)."""


@dataclass(frozen=True)
class Shown:
    """A table whose rows, called `this`, are seen in a list: the database key and the id of the list's row.

    `fixed` are columns on which ids of yet other rows hang: once one is changed, no copy can be brought up to
    date. What hangs on a row that is deleted goes with it, in the lists `under` it.
    """

    table: str
    name: str
    id: str = "this.code"
    joins: str = ""
    key: str = "this.id"
    fixed: tuple[str, ...] = ()
    under: tuple[str, ...] = ()


def of_programme(table: str, name: str, under: tuple[str, ...] = ()) -> Shown:
    """A table whose codes are unique within their programme."""
    return Shown(
        table, name, "programme.code || ':' || this.code",
        "JOIN programmes_programme programme ON programme.id = this.programme_id",
        fixed=("code", "programme_id"), under=under,
    )  # fmt: skip


def of_discrepancy(table: str, key: str = "this.discrepancy_id", first: str = "") -> Shown:
    """A table of which rows are written out with the discrepancy that they belong to."""
    return Shown(
        table, "discrepancies", "programme.code || ':' || list.code",
        f"{first} JOIN programmes_discrepancy list ON list.id = {key} "
        "JOIN programmes_programme programme ON programme.id = list.programme_id",
        key,
    )  # fmt: skip


SHOWN = (
    Shown("cities_territory", "territories", fixed=("code",)),
    Shown("cities_territorygroup", "territory-groups", fixed=("code",)),
    Shown(
        "cities_groupmembership", "territory-groups", "list.code",
        "JOIN cities_territorygroup list ON list.id = this.group_id", "this.group_id",
    ),
    Shown("indicators_unit", "units", fixed=("code",)),
    Shown("indicators_source", "sources", fixed=("code",)),
    Shown("indicators_indicator", "indicators", fixed=("code",)),
    Shown(
        "indicators_indicator_dimensions", "indicators", "list.code",
        "JOIN indicators_indicator list ON list.id = this.indicator_id", "this.indicator_id",
    ),
    Shown("programmes_programme", "programmes", fixed=("code",)),
    of_programme("programmes_legalact", "legal-acts"),
    of_programme("programmes_goal", "goals"),
    of_programme("programmes_kpi", "kpis", under=("progress", "standings")),
    Shown(
        "programmes_target", "targets",
        "programme.code || ':' || kpi.code || ':' || "
        f"{PERIOD.format(row='this', frequency='this.frequency')} || ':' || coalesce(act.code, '_')",
        "JOIN programmes_kpi kpi ON kpi.id = this.kpi_id "
        "JOIN programmes_programme programme ON programme.id = kpi.programme_id "
        "LEFT JOIN programmes_legalact act ON act.id = this.act_id",
    ),
    of_programme("programmes_measure", "measures"),
    Shown(
        "programmes_measure_territories", "measures", "programme.code || ':' || list.code",
        "JOIN programmes_measure list ON list.id = this.measure_id "
        "JOIN programmes_programme programme ON programme.id = list.programme_id",
        "this.measure_id",
    ),
    of_programme("programmes_funding", "funding"),
    of_programme("programmes_benchmark", "benchmarks"),
    of_programme("programmes_discrepancy", "discrepancies"),
    of_discrepancy("programmes_discrepancy_kpis"),
    of_discrepancy("programmes_discrepancystatement"),
    of_discrepancy(
        "programmes_citation", "statement.discrepancy_id",
        "JOIN programmes_discrepancystatement statement ON statement.id = this.statement_id",
    ),
)  # fmt: skip
"""What is followed row by row. Inquiries are not: of those that are not published nobody may hear a code."""

RESULTS = {"programmes_progress": "progress", "programmes_standing": "standings"}
"""What is followed KPI by KPI: a recomputation writes all rows of a KPI anew."""

NAMING = {
    "accounts_organisation": ("code",),
    "indicators_breakdown": ("code",),
    "indicators_dimension": ("code",),
    "indicators_series": ("indicator_id", "territory_id", "breakdown_id", "source_id", "frequency"),
    "programmes_document": ("code",),
}
"""Tables that are followed in no list, and the columns by which they name rows that are."""

REVISIONS = "indicators_observationrevision"
FIGURES = Shown(
    "indicators_observation", "observations",
    "indicator.code || ':' || territory.code || ':' || coalesce(nullif(breakdown.code, ''), '_T') || ':' || "
    f"source.code || ':' || {PERIOD.format(row='this', frequency='series.frequency')}",
    "JOIN indicators_series series ON series.id = this.series_id "
    "JOIN indicators_indicator indicator ON indicator.id = series.indicator_id "
    "JOIN cities_territory territory ON territory.id = series.territory_id "
    "JOIN indicators_breakdown breakdown ON breakdown.id = series.breakdown_id "
    "JOIN indicators_source source ON source.id = series.source_id",
)  # fmt: skip
"""Figures are followed by their revisions, which are kept anyway; if one is deleted, by its id."""
