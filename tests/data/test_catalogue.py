"""The catalogue and the Bureau's figures: each names only what exists and says what its source says."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.yamls import read_yaml

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
SHARED = ROOT.parent / "shared" / "statistics"
REPOSITORY = SHARED / "kazstat-sdg" / "data"
WORKBOOK = SHARED / "bureau" / "life_expectancy_by_region.xlsx"
STATISTICS = sorted((DATA / "statistics/bureau").glob("*.csv"))
CATALOGUE = sorted((DATA / "catalogue").rglob("*.yaml"))
BREAKDOWN = re.compile(r"([A-Z_]+=\w+(&[A-Z_]+=\w+)*)?")

each_file = pytest.mark.parametrize("file", STATISTICS, ids=lambda file: file.stem)


def listed(*files: Path) -> list[dict[str, Any]]:
    """Records of YAML files, in order."""
    return [record for file in files for record in read_yaml(file.read_text(encoding="utf-8"))]


def indexed(*files: Path) -> dict[str, dict[str, Any]]:
    """The same records by code."""
    return {record["code"]: record for record in listed(*files)}


UNITS = indexed(DATA / "catalogue/units.yaml")
DIMENSIONS = indexed(DATA / "catalogue/dimensions.yaml")
SOURCES = indexed(DATA / "catalogue/sources.yaml")
INDICATORS = indexed(*sorted((DATA / "catalogue/indicators").glob("*.yaml")))


@cache
def territories() -> list[dict[str, str]]:
    with (DATA / "territories/territories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def figures(indicator: str) -> list[dict[str, str]]:
    path = DATA / f"statistics/bureau/{indicator}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def value(indicator: str, territory: str, period: str, breakdown: str = "") -> str:
    """One figure as the file prints it."""
    [row] = (
        row
        for row in figures(indicator)
        if (row["territory"], row["period"], row["breakdown"]) == (territory, period, breakdown)
    )
    return row["value"]


def spellings(record: dict[str, Any]) -> set[str]:
    """Every way in which a statistics file may write a unit or a category."""
    return {text.lower() for text in [record["code"], *record["name"].values(), *record.get("aliases", [])]}


def texts(node: Any) -> Iterator[str]:
    """Every text of a record, however deep."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for item in node.values():
            yield from texts(item)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)


class TestCatalogue:
    @pytest.mark.parametrize("kind", ["units", "dimensions", "sources", "indicators"])
    def test_codes_are_unique(self, kind: str) -> None:
        files = [file for file in CATALOGUE if kind in {file.stem, file.parent.name}]
        codes = Counter(record["code"] for record in listed(*files))
        assert [code for code, count in codes.items() if count > 1] == []

    @pytest.mark.parametrize("file", CATALOGUE, ids=lambda file: file.stem)
    def test_texts_are_clean(self, file: Path) -> None:
        for text in texts(listed(file)):
            assert text == " ".join(text.split())
            assert "<" not in text

    @pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS.keys())
    def test_an_indicator_names_only_what_exists(self, indicator: dict[str, Any]) -> None:
        assert indicator["unit"] in UNITS
        assert set(indicator["dimensions"]) <= set(DIMENSIONS)
        assert indicator["dimensions"] == sorted(indicator["dimensions"])
        assert indicator.get("source_organisation", "bureau") in SOURCES

    def test_an_indicator_of_a_programme_is_defined(self) -> None:
        used = {kpi["indicator"] for kpi in listed(*(DATA / "programmes").glob("*/kpis.yaml"))}
        assert [code for code in used if not INDICATORS[code].get("definition")] == []

    def test_indicators_of_one_table_take_different_rows_and_one_answers_to_its_key(self) -> None:
        tables = defaultdict(list)
        for indicator in INDICATORS.values():
            if "sdg" in indicator:
                tables[indicator["sdg"]].append(indicator)
        for number, indicators in tables.items():
            keys = [indicator["bureau_key"] for indicator in indicators if "bureau_key" in indicator]
            rows = {repr(indicator.get("bureau_where")) for indicator in indicators}
            assert keys == [number.replace(".", "-")]
            assert len(rows) == len(indicators)

    def test_a_share_lies_between_nothing_and_everything(self) -> None:
        for indicator in INDICATORS.values():
            bounds = indicator["bounds"]
            assert bounds.get("min", -1) < bounds.get("max", 10**9)
            if bounds.get("max") == 100:
                assert indicator["unit"] in {"PT", "PT_GDP"}
                assert indicator["aggregation"] == "none"

    @pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=DIMENSIONS.keys())
    def test_a_spelling_means_one_category(self, dimension: dict[str, Any]) -> None:
        owners = Counter(text for category in dimension["categories"] for text in spellings(category))
        owners.update(text.lower() for text in dimension["total_aliases"])
        assert [text for text, count in owners.items() if count > 1] == []

    def test_a_spelling_means_one_unit(self) -> None:
        owners = Counter(text for unit in UNITS.values() for text in spellings(unit))
        assert [text for text, count in owners.items() if count > 1] == []


class TestStatistics:
    @each_file
    def test_a_row_names_only_what_exists(self, file: Path) -> None:
        known = {territory["code"] for territory in territories()}
        allowed = INDICATORS[file.stem]["dimensions"]
        categories = {
            f"{code}={category['code']}" for code in allowed for category in DIMENSIONS[code]["categories"]
        }
        for row in figures(file.stem):
            parts = row["breakdown"].split("&") if row["breakdown"] else []
            dimensions = [part.partition("=")[0] for part in parts]
            assert row["territory"] in known
            assert BREAKDOWN.fullmatch(row["breakdown"])
            assert set(parts) <= categories
            assert dimensions == sorted(set(dimensions))
            assert re.fullmatch(r"(19|20)\d\d", row["period"])
            assert row["status"] == ""

    @each_file
    def test_no_figure_is_given_twice(self, file: Path) -> None:
        keys = Counter((row["territory"], row["breakdown"], row["period"]) for row in figures(file.stem))
        assert [key for key, count in keys.items() if count > 1] == []

    @each_file
    def test_a_value_is_a_number_within_its_bounds(self, file: Path) -> None:
        bounds = INDICATORS[file.stem]["bounds"]
        for row in figures(file.stem):
            assert re.fullmatch(r"-?\d+(\.\d+)?", row["value"])
            assert bounds["min"] <= Decimal(row["value"]) <= bounds.get("max", 10**9)

    @each_file
    def test_a_territory_has_no_figure_after_its_end(self, file: Path) -> None:
        ends = {
            territory["code"]: territory["valid_to"] for territory in territories() if territory["valid_to"]
        }
        late = [row for row in figures(file.stem) if row["period"] > ends.get(row["territory"], "9999")[:4]]
        assert late == []

    @each_file
    def test_the_readme_counts_its_rows(self, file: Path) -> None:
        readme = (DATA / "statistics/bureau/README.md").read_text(encoding="utf-8")
        [line] = [line for line in readme.splitlines() if line.startswith(f"| `{file.name}`")]
        years = sorted({row["period"] for row in figures(file.stem)})
        assert f"| {len(figures(file.stem)):,} | {years[0]}–{years[-1]} |" in line

    @pytest.mark.parametrize(
        ("indicator", "territory", "period", "breakdown", "expected"),
        [
            ("neet-share", "almaty", "2022", "", "3.8"),
            ("neet-share", "almaty", "2023", "", "5.2"),
            ("neet-share", "almaty", "2023", "SEX=F", "2.8"),
            ("life-expectancy", "almaty", "2022", "", "77.32"),
            ("life-expectancy", "ulytau-oblast", "2022", "SEX=M&URBANISATION=R", "71.5"),
            ("life-expectancy", "zhambyl-oblast", "2022", "SEX=F&URBANISATION=U", "78.19"),
            ("life-expectancy", "south-kazakhstan-oblast", "1999", "", "67.13"),
            ("manufacturing-share", "kazakhstan", "2023", "", "11.6"),
            ("municipal-waste-recycled-share", "almaty", "2023", "", "13.6"),
        ],
    )
    def test_it_says_what_the_bureau_says(
        self, indicator: str, territory: str, period: str, breakdown: str, expected: str
    ) -> None:
        assert value(indicator, territory, period, breakdown) == expected

    def test_figures_that_the_source_gives_in_two_versions_are_left_out(self) -> None:
        kept = {(row["territory"], row["breakdown"], row["period"]) for row in figures("neet-share")}
        assert ("mangystau-oblast", "SEX=F", "2021") not in kept
        assert ("mangystau-oblast", "", "2021") in kept


def printed(indicator: dict[str, Any]) -> dict[tuple[str, str, str], list[str]]:
    """Values that the Bureau's table prints, by territory, breakdown and period, where the place is known."""
    places = {row["bureau_code"]: row["code"] for row in territories()} | {"": "kazakhstan"}
    category = {
        (code, alias): f"{code}={item['code']}"
        for code in indicator["dimensions"]
        for item in DIMENSIONS[code]["categories"]
        for alias in (item["code"], *item.get("aliases", []))
    }
    found = defaultdict(list)
    with (REPOSITORY / f"indicator_{indicator['bureau_key']}.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            selected = all(row[column] == text for column, text in indicator.get("bureau_where", {}).items())
            place = places.get(row.get("REF_AREA", ""))
            if selected and place and row["Value"]:
                parts = [category[code, row[code]] for code in indicator["dimensions"] if row[code]]
                found[place, "&".join(parts), row["Year"]].append(f"{Decimal(row['Value'].strip()):f}")
    return found


def is_usable(indicator: str, place: str, values: list[str]) -> bool:
    """Whether the figure is taken: the README lists those that are not, with the reasons."""
    if indicator == "air-pollutant-concentration" and place.endswith("-oblast"):
        return False
    if indicator == "manufacturing-share" and Decimal(values[0]) == 0:
        return False
    return len({Decimal(text) for text in values}) == 1


@pytest.mark.skipif(not REPOSITORY.exists(), reason="the Bureau's repository is not at hand")
class TestAgainstTheRepository:
    @pytest.mark.parametrize("code", [file.stem for file in STATISTICS if "sdg" in INDICATORS[file.stem]])
    def test_every_figure_is_the_one_printed(self, code: str) -> None:
        expected = {
            key: values[0]
            for key, values in printed(INDICATORS[code]).items()
            if is_usable(code, key[0], values)
        }
        actual = {(row["territory"], row["breakdown"], row["period"]): row["value"] for row in figures(code)}
        assert actual == expected

    def test_the_shorter_waste_table_adds_nothing(self) -> None:
        with (REPOSITORY / "indicator_12-5-1-1.csv").open(encoding="utf-8-sig") as file:
            shorter = {row["Year"]: Decimal(row["Value"]) for row in csv.DictReader(file)}
        longer = {
            year: Decimal(value("municipal-waste-recycled-share", "kazakhstan", year)) for year in shorter
        }
        assert shorter == longer


@pytest.mark.skipif(not WORKBOOK.exists(), reason="the Bureau's workbook is not at hand")
@pytest.mark.parametrize(
    ("sheet", "first_row", "sex"),
    [("Все население", 2, ""), ("Мужчины", 7, "SEX=M"), ("Женщины", 7, "SEX=F")],
)
def test_life_expectancy_is_taken_whole_from_the_workbook(sheet: str, first_row: int, sex: str) -> None:
    rows = CalamineWorkbook.from_path(WORKBOOK).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    cells = [
        Decimal(str(cell)) for row in rows[first_row - 1 :] for cell in row[1:] if isinstance(cell, float)
    ]
    ours = [
        Decimal(row["value"])
        for row in figures("life-expectancy")
        if row["breakdown"].partition("&")[0] == sex
    ]
    assert Counter(ours) == Counter(cells)
