"""The data files: each fits its schema, names only what exists, and says what the documents say."""

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
FACTS = ROOT.parent / "shared" / "facts"
PACKAGES = sorted(path.name for path in (DATA / "programmes").iterdir() if path.is_dir())
LISTS = (
    "goals", "kpis", "measures", "funding", "benchmarks", "rules", "inquiries", "indicators", "discrepancies",
)  # fmt: skip
TIMESTAMP = "tag:yaml.org,2002:timestamp"


class Loader(yaml.SafeLoader):
    """Reads an unquoted date as the text that it is."""


Loader.yaml_implicit_resolvers = {
    letter: [resolver for resolver in resolvers if resolver[0] != TIMESTAMP]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def read(path: str) -> Any:
    """A YAML file under data/, or an empty list where a package has no such file."""
    file = DATA / path
    return yaml.load(file.read_text(encoding="utf-8"), Loader) if file.exists() else []


def schema_name(path: Path) -> str:
    """The folder's name where a list is spread over a folder's files, otherwise the file's own name."""
    return path.parent.name if path.parent.name in schemas() else path.stem


@cache
def schemas() -> dict[str, Any]:
    """Schemas by name."""
    files = (DATA / "schema").glob("*.schema.json")
    return {file.name.partition(".")[0]: json.loads(file.read_text(encoding="utf-8")) for file in files}


@cache
def codes(kind: str) -> frozenset[str]:
    """Codes of the catalogue's units, dimensions, sources or indicators, of territories or of groups."""
    if kind == "territories":
        with (DATA / "territories/territories.csv").open(encoding="utf-8") as file:
            return frozenset(row["code"] for row in csv.DictReader(file))
    if kind == "groups":
        return frozenset(group["code"] for group in read("territories/groups.yaml")["groups"])
    own = {row["code"] for package in PACKAGES for row in in_package(package, "indicators")}
    files = sorted(DATA.glob(f"catalogue/{kind}.yaml")) + sorted(DATA.glob(f"catalogue/{kind}/*.yaml"))
    shared = {row["code"] for file in files for row in read(str(file.relative_to(DATA)))}
    return frozenset(shared | own if kind == "indicators" else shared)


def in_package(package: str, name: str) -> Any:
    """What a package's file of the name holds, followed by the files of the folder of the name."""
    folder = DATA / "programmes" / package / name
    rows = read(f"programmes/{package}/{name}.yaml")
    for file in sorted(folder.glob("*.yaml")):
        rows = [*rows, *read(str(file.relative_to(DATA)))]
    return rows


def observations(package: str) -> list[dict[str, str]]:
    """Figures that the package's document states."""
    with (DATA / f"programmes/{package}/observations.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def citations(node: Any) -> Iterator[dict[str, Any]]:
    """Every citation in a file, however deep."""
    if isinstance(node, list):
        for item in node:
            yield from citations(item)
    elif isinstance(node, dict):
        if "lines" in node:
            yield node
        for item in node.values():
            yield from citations(item)


def kpi(package: str, code: str) -> Any:
    """One KPI of a package."""
    return next(row for row in in_package(package, "kpis") if row["code"] == code)


def targets(row: Any) -> dict[str, Decimal]:
    """A KPI's targets by period."""
    return {target["period"]: Decimal(str(target["value"])) for target in row["targets"]}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_itself_valid(name: str) -> None:
    rules = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    assert list(rules.iter_errors(schemas()[name])) == []


@pytest.mark.parametrize("file", sorted(DATA.rglob("*.yaml")), ids=lambda file: str(file.relative_to(DATA)))
def test_every_yaml_file_fits_its_schema(file: Path) -> None:
    common = schemas()["common"]
    registry: Registry[Any] = Registry().with_resource(common["$id"], Resource.from_contents(common))
    validator = Draft202012Validator(schemas()[schema_name(file)], registry=registry)
    errors = validator.iter_errors(read(str(file.relative_to(DATA))))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("package", PACKAGES)
class TestReferences:
    def test_codes_are_unique(self, package: str) -> None:
        programme = in_package(package, "programme")
        lists = [in_package(package, name) for name in LISTS]
        for rows in [*lists, programme["acts"], programme["documents"], programme.get("organisations", [])]:
            listed = [row["code"] for row in rows]
            assert len(listed) == len(set(listed))

    def test_programme_names_known_places(self, package: str) -> None:
        programme = in_package(package, "programme")
        assert programme["code"] == package
        assert programme["territory"] in codes("territories")
        assert programme["group"] in {None, *codes("groups")}

    def test_goals_come_after_their_parents(self, package: str) -> None:
        seen: set[str | None] = {None}
        for goal in in_package(package, "goals"):
            assert goal["parent"] in seen
            seen.add(goal["code"])

    def test_kpis_name_what_exists(self, package: str) -> None:
        goals = {goal["code"] for goal in in_package(package, "goals")}
        acts = {act["code"] for act in in_package(package, "programme")["acts"]}
        for row in in_package(package, "kpis"):
            assert row["indicator"] in codes("indicators")
            assert row.get("preferred_source") in {None, *codes("sources")}
            assert row["goal"] in {None, *goals}
            assert row["act"] in acts
            assert row.get("territory") in {None, *codes("territories")}
            assert row.get("group") in {None, *codes("groups")}
            assert list(targets(row)) == sorted(set(targets(row)))

    def test_measures_name_what_exists(self, package: str) -> None:
        programme = in_package(package, "programme")
        bodies = {body["code"] for body in programme.get("organisations", [])}
        acts = {act["code"] for act in programme["acts"]}
        goals = {goal["code"] for goal in in_package(package, "goals")}
        measures = in_package(package, "measures")
        for measure in measures:
            assert measure.get("goal") in {None, *goals}
            assert measure.get("parent") in {None, *(other["code"] for other in measures)}
            assert measure.get("excluded_by") in {None, *acts}
            assert (measure.get("state") == "excluded") == (measure.get("excluded_by") is not None)
            assert {body["organisation"] for body in measure.get("responsible", [])} <= bodies
            assert (measure.get("cost") == "amount") == bool(measure.get("planned"))
            assert set(measure.get("territories", [])) <= codes("territories")

    def test_discrepancies_name_what_exists(self, package: str) -> None:
        kpis = {row["code"] for row in in_package(package, "kpis")}
        for discrepancy in in_package(package, "discrepancies"):
            assert set(discrepancy["kpis"]) <= kpis
            assert discrepancy["chosen"] in {None, *range(len(discrepancy["statements"]))}
            assert {statement["unit"] for statement in discrepancy["statements"]} <= {None, *codes("units")}

    def test_everything_cites_the_programmes_documents(self, package: str) -> None:
        programme = in_package(package, "programme")
        documents = {document["code"] for document in programme["documents"]}
        names = ("programme", *LISTS)
        cited = {cite["document"] for name in names for cite in citations(in_package(package, name))}
        across = {cite["document"] for cite in citations(in_package(package, "discrepancies"))}
        assert {programme["document"]} <= cited <= documents | across

    def test_observations_name_what_exists(self, package: str) -> None:
        documents = {document["code"] for document in in_package(package, "programme")["documents"]}
        for row in observations(package):
            assert row["indicator"] in codes("indicators")
            assert row["territory"] in codes("territories")
            assert row["document"] in documents
            assert f"document-{row['document']}" in codes("sources")
            assert Decimal(row["value"]).is_finite()
            assert row["status"] in {"", "A"}
            assert all(int(line) > 0 for line in row["lines"].split())
            assert bool(row["note_kk"]) == bool(row["note_ru"]) == bool(row["note_en"])


def test_almaty_has_seven_goals_nineteen_sections_and_fifteen_kpis() -> None:
    kinds = [goal["kind"] for goal in in_package("almaty-2025", "goals")]
    assert (kinds.count("goal"), kinds.count("section")) == (7, 19)
    numbered = ["KPI-1", "KPI-2", "KPI-3a", "KPI-3b", "KPI-4", "KPI-5", "KPI-6a", "KPI-6b", "KPI-6c"]
    expected = numbered + [f"KPI-{number}" for number in range(7, 13)]
    assert [row["code"] for row in read("programmes/almaty-2025/kpis.yaml")] == expected


@pytest.mark.parametrize(
    ("code", "comparator", "form", "baseline", "expected"),
    [
        ("KPI-1", "at_most", "rank", ("2022", 100), [95, 90, 85, 70]),
        ("KPI-2", "at_least", "level", ("2022", 98.5), [99.3, 99.6, 100, 100]),
        ("KPI-3b", "at_least", "level", ("2022", 12.5), [17, 21.6, 25, 53.9]),
        ("KPI-6c", "at_least", "level", ("2022", 431), [529, 589]),
        ("KPI-7", "at_most", "level", ("2022-Q1", 6.3), [5.7, 5.1, 4.5, 3]),
        ("KPI-12", "at_least", "level", ("2022", 66.6), [71, 75.5, 80, 88]),
    ],
)
def test_almaty_kpis_say_what_the_table_prints(
    code: str, comparator: str, form: str, baseline: tuple[str, float], expected: list[float]
) -> None:
    row = kpi("almaty-2025", code)
    assert (row["comparator"], row["form"]) == (comparator, form)
    assert (row["baseline"]["period"], row["baseline"]["value"]) == baseline
    assert [target["value"] for target in row["targets"]] == expected


def test_the_two_poverty_series_are_separate_kpis() -> None:
    before, after = kpi("monotowns-2012-2020", "M-3a"), kpi("monotowns-2012-2020", "M-3b")
    assert before["indicator"] != after["indicator"]
    assert (targets(before), targets(after)) == ({"2015": Decimal(6)}, {"2020": Decimal(6)})


def test_the_output_target_concerns_the_towns_of_low_potential() -> None:
    groups = {group["code"]: group["members"] for group in read("territories/groups.yaml")["groups"]}
    low = {town["territory"] for town in groups["monotowns-2012"] if town["official_class"] == "low"}
    assert low == {town["territory"] for town in groups[kpi("monotowns-2012-2020", "M-1")["group"]]}


def test_town_populations_add_up_to_the_printed_total() -> None:
    figures = observations("monotowns-2012-2020")
    rows = [row for row in figures if row["indicator"] == "population" and row["territory"] != "kazakhstan"]
    members = read("territories/groups.yaml")["groups"][0]["members"]
    assert {row["territory"]: int(row["value"]) for row in rows} == {
        town["territory"]: town["population"] for town in members
    }
    assert sum(int(row["value"]) for row in rows) == 1_526_113


def test_the_repeal_is_shown_and_the_planned_end_kept() -> None:
    programme = in_package("monotowns-2012-2020", "programme")
    repeal = next(act for act in programme["acts"] if act["kind"] == "repeal")
    assert (repeal["number"], repeal["effective_on"]) == ("728", "2015-01-01")
    assert programme["ends_on"] == "2020-12-31"


def test_no_kpi_is_invented_for_semey() -> None:
    assert in_package("semey-2050", "programme")["stated_indicator_count"] == 28
    assert in_package("semey-2050", "kpis") == []


@cache
def facts() -> list[dict[str, Any]]:
    """Statements read from the documents, or a skip where that material is absent."""
    if not FACTS.is_dir():
        pytest.skip("the reference material is absent")
    texts = [file.read_text(encoding="utf-8") for file in sorted(FACTS.glob("*.jsonl"))]
    return [json.loads(line) for text in texts for line in text.splitlines()]


def decimals(values: dict[str, Any]) -> dict[str, Decimal]:
    """Figures by year."""
    return {year: Decimal(str(value)) for year, value in values.items()}


def test_almaty_kpis_equal_the_facts() -> None:
    table = [fact for fact in facts() if fact["kind"] == "target" and fact.get("goal") == "KPI"]
    rows = read("programmes/almaty-2025/kpis.yaml")
    assert len(table) == len(rows)
    for fact, row in zip(table, rows, strict=True):
        assert row["cite"]["lines"] == fact["lines"]
        assert row["baseline"]["period"][:4] == str(fact["baseline_year"])
        assert row["baseline"]["value"] == fact["baseline_value"]
        assert targets(row) == decimals(fact["targets"])


@pytest.mark.parametrize(
    ("fact_id", "parts"),
    [("T-001-1", ["M-1"]), ("T-001-2", ["M-2"]), ("T-001-3", ["M-3a", "M-3b"]), ("T-001-4", ["M-4"])],
)
def test_monotown_kpis_equal_the_facts(fact_id: str, parts: list[str]) -> None:
    fact = next(fact for fact in facts() if fact.get("id") == fact_id)
    rows = [kpi("monotowns-2012-2020", part) for part in parts]
    stated = {period: value for row in rows for period, value in targets(row).items()}
    assert stated == decimals(fact["targets"])
    assert {line for row in rows for line in row["cite"]["lines"]} <= set(fact["lines"])


def test_monotown_measures_equal_the_facts() -> None:
    stated = {fact["id"]: fact for fact in facts() if fact["kind"] == "measure" and fact.get("doc") == "001"}
    measures = in_package("monotowns-2012-2020", "measures")
    assert {f"M-001-{measure['code']}" for measure in measures} == set(stated)
    for measure in measures:
        fact = stated[f"M-001-{measure['code']}"]
        planned = {str(line["year"]): Decimal(str(line["amount"])) for line in measure["planned"]}
        assert planned == decimals(fact["planned_cost_mln_kzt"])
        assert len(measure["responsible"]) == len(fact["responsible"])
        assert set(fact["lines"]) <= set(measure["cite"]["lines"])
