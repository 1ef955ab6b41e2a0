"""`data/` comes into the database whole, changes only what differs, and removes only what it may."""

import csv
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Organisation
from cities.models import GroupMembership, Territory, TerritoryAlias, TerritoryChange
from indicators.models import Breakdown, Category, Indicator, Observation, ObservationRevision, Unit
from indicators.periods import Period
from programmes import packages
from programmes.models import (
    Benchmark,
    Citation,
    Discrepancy,
    Funding,
    Goal,
    Kpi,
    Measure,
    Programme,
    Rule,
    Target,
)
from tests.programmes.packages.conftest import DataCopy, State
from tests.yamls import read_yaml

KPIS = "programmes/almaty-2025/kpis.yaml"
NEET = "statistics/bureau/neet-share.csv"


def table(name: str) -> list[dict[str, str]]:
    with (settings.DATA_DIR / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(name: str) -> Any:
    return read_yaml((settings.DATA_DIR / name).read_text("utf-8"))


def figure(indicator: str, territory: str, period: str, source: str, breakdown: str = "") -> Observation:
    return Observation.objects.get(
        series__indicator__code=indicator,
        series__territory__code=territory,
        series__source__code=source,
        series__breakdown__code=breakdown,
        series__frequency=Period.parse(period).frequency,
        period_start=Period.parse(period).start,
    )


def test_every_territory_stands_in_its_place() -> None:
    rows = table("territories/territories.csv")
    stored = dict(Territory.objects.values_list("code", "parent__code"))
    assert stored == {row["code"]: row["parent"] or None for row in rows}
    assert TerritoryAlias.objects.count() == len(table("territories/aliases.csv"))
    assert TerritoryChange.objects.count() == len(table("territories/changes.csv"))


def test_a_member_keeps_what_its_list_says_of_it() -> None:
    membership = GroupMembership.objects.get(group__code="monotowns-2012", territory__code="stepnogorsk")
    assert (membership.number, membership.official_class) == (1, "medium")
    assert membership.attributes["population"] == 64316
    assert membership.attributes["population_on"] == "2011-10-01"
    assert 2188 in membership.citations.get().lines


def test_a_group_that_is_cited_as_a_whole_passes_its_citation_to_the_members() -> None:
    members = GroupMembership.objects.filter(group__code="labour-surplus-oblasts")
    cited = Citation.objects.filter(membership__in=members, document__code="002")
    assert cited.count() == members.count() > 0


def test_the_catalogue_is_complete() -> None:
    shared = sorted((settings.DATA_DIR / "catalogue" / "indicators").glob("*.yaml"))
    files = [*shared, *sorted((settings.DATA_DIR / "programmes").glob("*/indicators*.yaml"))]
    files += sorted((settings.DATA_DIR / "programmes").glob("*/indicators/*.yaml"))
    listed = [indicator for file in files for indicator in document(str(file.relative_to(settings.DATA_DIR)))]
    assert set(Indicator.objects.values_list("code", flat=True)) == {entry["code"] for entry in listed}
    for entry in listed:
        indicator = Indicator.objects.get(code=entry["code"])
        dimensions = set(indicator.dimensions.values_list("code", flat=True))
        assert (indicator.unit.code, dimensions) == (entry["unit"], set(entry.get("dimensions", []))), entry[
            "code"
        ]
    assert Unit.objects.count() == len(document("catalogue/units.yaml"))
    categories = [c for dimension in document("catalogue/dimensions.yaml") for c in dimension["categories"]]
    assert Category.objects.count() == len(categories)


def test_an_indicator_knows_the_organisation_that_publishes_it() -> None:
    organisation = Indicator.objects.get(code="life-expectancy").organisation
    assert organisation is not None
    assert (organisation.code, organisation.kind) == ("bureau", Organisation.Kind.STATISTICS)


@pytest.mark.parametrize(
    "folder", sorted((settings.DATA_DIR / "programmes").iterdir()), ids=lambda path: path.name
)
def test_a_programme_holds_what_its_folder_holds(folder: Path) -> None:
    def entries(name: str) -> list[dict[str, Any]]:
        files = [*folder.glob(f"{name}.yaml"), *sorted(folder.glob(f"{name}/*.yaml"))]
        return [entry for file in files for entry in document(str(file.relative_to(settings.DATA_DIR)))]

    programme = Programme.objects.get(code=document(f"programmes/{folder.name}/programme.yaml")["code"])
    for rows, name in (
        (Goal.objects, "goals"),
        (Kpi.objects, "kpis"),
        (Measure.objects, "measures"),
        (Benchmark.objects, "benchmarks"),
        (Rule.objects, "rules"),
        (Discrepancy.objects.filter(is_recorded=True), "discrepancies"),
    ):
        codes = rows.filter(programme=programme).values_list("code", flat=True)
        assert sorted(codes) == sorted(entry["code"] for entry in entries(name)), name
    targets = [
        (kpi["code"], target["period"], Decimal(str(target["value"])))
        for kpi in entries("kpis")
        for target in kpi["targets"]
    ]
    stored = Target.objects.filter(kpi__programme=programme).select_related("kpi")
    assert sorted((t.kpi.code, str(t.period), t.value) for t in stored) == sorted(targets)


def test_almaty_has_its_fifteen_kpis_in_the_order_of_the_table() -> None:
    codes = list(Kpi.objects.filter(programme__code="almaty-2025").values_list("code", flat=True))
    assert codes[:15] == [entry["code"] for entry in document(KPIS)]
    assert len(codes) == 223


@pytest.mark.parametrize(
    "owner",
    [
        "programme",
        "act",
        "goal",
        "kpi",
        "target",
        "measure",
        "funding",
        "benchmark",
        "rule",
        "inquiry",
        "question",
    ],
)
def test_everything_from_a_document_is_cited(owner: str) -> None:
    model = Citation._meta.get_field(owner).related_model
    assert isinstance(model, type)
    rows = model._default_manager.all()
    assert rows.exists()
    assert not rows.filter(citations=None).exists()


def test_a_kpi_also_cites_what_ties_it_to_its_goal() -> None:
    kpi = Kpi.objects.get(programme__code="almaty-2025", code="KPI-2")
    assert sorted(kpi.citations.values_list("lines", flat=True)) == [[1420], [5211]]


def test_planned_money_becomes_funding_by_year_and_source() -> None:
    line = Funding.objects.get(code="complex-plan-2020-2025-unspecified")
    assert (line.level, line.year_from, line.year_to, line.planned) == ("unspecified", 2020, 2025, 260200)
    assert line.measure is not None


def test_a_measure_names_its_responsible_bodies_in_three_languages() -> None:
    measure = Measure.objects.get(programme__code="monotowns-2012-2020", code="1")
    body = measure.responsible[1]
    assert (body["organisation"], body["by_agreement"]) == ("eri", True)
    assert body["name"]["en"] == "Economic Research Institute JSC"


def test_a_contradiction_uses_the_statement_that_was_chosen() -> None:
    discrepancy = Discrepancy.objects.get(code="D-004-2")
    assert [(s.value, s.is_used) for s in discrepancy.statements.all()] == [(269, True), (265, False)]
    assert [kpi.code for kpi in discrepancy.kpis.all()] == ["KPI-3a"]


def test_a_statistic_is_published_with_its_file_and_line() -> None:
    row = figure("neet-share", "almaty", "2022", "bureau")
    assert row.value == Decimal("3.8")
    revision = ObservationRevision.objects.get(series=row.series, period_start=row.period_start)
    lines = (settings.DATA_DIR / NEET).read_text("utf-8").splitlines()
    assert revision.origin == f"data/{NEET}:{lines.index('almaty,,2022,3.8,') + 1}"


def test_every_row_of_a_statistics_file_is_a_figure() -> None:
    rows = table(NEET)
    published = Observation.objects.filter(
        series__indicator__code="neet-share", series__source__code="bureau"
    )
    stored = {
        (row.series.territory.code, row.series.breakdown.code, str(row.period), row.value)
        for row in published.select_related("series__territory", "series__breakdown")
    }
    assert stored == {(r["territory"], r["breakdown"], r["period"], Decimal(r["value"])) for r in rows}


def test_a_figure_of_a_document_says_on_which_lines_it_stands() -> None:
    row = figure("central-water-access", "almaty", "2022", "document-004")
    revision = ObservationRevision.objects.get(series=row.series, period_start=row.period_start)
    assert (row.value, revision.origin) == (Decimal("98.5"), "004: 1251, 1420, 5211")


def test_a_breakdown_combines_its_categories_and_the_total_combines_none() -> None:
    breakdown = Breakdown.objects.get(code="SEX=F&URBANISATION=U")
    assert set(breakdown.categories.values_list("dimension__code", "code")) == {
        ("SEX", "F"),
        ("URBANISATION", "U"),
    }
    assert not Breakdown.objects.get(code="").categories.exists()


def test_a_second_load_is_skipped(state: Callable[[], State]) -> None:
    before = state()
    assert packages.load(settings.DATA_DIR).is_skipped
    assert state() == before


def test_a_forced_load_changes_nothing(state: Callable[[], State]) -> None:
    before = state()
    summary = packages.load(settings.DATA_DIR, force=True)
    assert {(c.new, c.changed, c.removed) for c in summary.counts.values()} == {(0, 0, 0)}
    assert summary.counts["Figures"].unchanged > 9000
    assert state() == before


def test_a_changed_target_is_the_only_thing_that_changes(data: DataCopy, state: Callable[[], State]) -> None:
    before = state()
    data.replace(KPIS, '{period: "2024", value: 90,', '{period: "2024", value: 91.5,')
    summary = data.load()
    assert {kind for kind, c in summary.counts.items() if c.new or c.changed or c.removed} == {"Targets"}
    assert Target.objects.filter(kpi__code="KPI-1", value=Decimal("91.5")).count() == 1
    after = state()
    assert {table for table in after if after[table] != before[table]} == {"programmes_target"}


def test_a_changed_figure_is_a_revision_with_its_reason(data: DataCopy) -> None:
    data.replace(NEET, "almaty,,2022,3.8,", "almaty,,2022,3.9,P")
    summary = data.load()
    assert (summary.counts["Figures"].new, summary.counts["Figures"].changed) == (0, 1)
    row = figure("neet-share", "almaty", "2022", "bureau")
    assert (row.value, row.status) == (Decimal("3.9"), "P")
    revision = ObservationRevision.objects.filter(series=row.series, period_start=row.period_start).latest(
        "id"
    )
    assert revision.reason == f"Loaded from data/{NEET}"


def test_a_missing_figure_keeps_its_reason(data: DataCopy) -> None:
    data.replace(NEET, "almaty,,2022,3.8,", "almaty,,2022,,Q")
    data.load()
    row = figure("neet-share", "almaty", "2022", "bureau")
    assert (row.value, row.status) == (None, "Q")


def test_a_target_that_leaves_its_file_is_removed(data: DataCopy) -> None:
    data.replace(KPIS, '    - {period: "2024", value: 90, qualifier: exact}\n', "")
    assert data.load().counts["Targets"].removed == 1
    assert not Target.objects.filter(kpi__code="KPI-1", period_start__year=2024).exists()


def test_another_statement_can_be_chosen(data: DataCopy) -> None:
    file = "programmes/almaty-2025/discrepancies.yaml"
    text = (data.root / file).read_text("utf-8")
    second = text.index('- code: "D-004-2"')
    (data.root / file).write_text(text[:second] + text[second:].replace("chosen: 0", "chosen: 1", 1), "utf-8")
    data.load()
    discrepancy = Discrepancy.objects.get(code="D-004-2")
    assert [s.is_used for s in discrepancy.statements.all()] == [False, True]
    assert not discrepancy.statements.filter(citations=None).exists()


def test_a_citation_that_changes_replaces_the_old_one(data: DataCopy) -> None:
    data.replace(
        KPIS, 'cite: {document: "004", section: "KPI", lines: [5210]}', 'cite: {document: "004", lines: [5]}'
    )
    data.load()
    assert Kpi.objects.get(code="KPI-1").citations.get().lines == [5]


def without_the_first_kpi(data: DataCopy) -> None:
    """Leaves KPI-1 out; no goal and no contradiction names it."""
    text = (data.root / KPIS).read_text("utf-8")
    (data.root / KPIS).write_text(text[text.index('- code: "KPI-2"') :], "utf-8")


def test_a_kpi_that_leaves_its_file_is_refused(data: DataCopy, state: Callable[[], State]) -> None:
    before = state()
    without_the_first_kpi(data)
    with pytest.raises(packages.PackageError, match=r"the KPI .KPI-1. is in the database .* --prune"):
        data.load()
    assert state() == before


def test_a_kpi_that_leaves_its_file_is_removed_when_asked(data: DataCopy) -> None:
    without_the_first_kpi(data)
    assert data.load(prune=True).counts["KPIs"].removed == 1
    assert not Kpi.objects.filter(programme__code="almaty-2025", code="KPI-1").exists()


def test_the_command_tells_what_became_of_each_kind() -> None:
    out = StringIO()
    call_command("load_data", "--force", stdout=out)
    territories = len(table("territories/territories.csv"))
    assert f"Territories: 0 new, 0 changed, {territories} unchanged\n" in out.getvalue()


def test_the_command_says_what_is_wrong_and_where(data: DataCopy) -> None:
    line = data.replace(NEET, "almaty,,2022,3.8,", "almaty,,2022,x,")
    with pytest.raises(CommandError, match=rf"^data/{NEET}, line {line}, value: 'x' is not a number"):
        call_command("load_data", data.root)
