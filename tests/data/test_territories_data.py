"""The register of territories that ships with the portal: complete, consistent and clean to read."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.yamls import read_yaml

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "territories"
SHARED = ROOT.parent / "shared"
LANGUAGES = ("kk", "ru", "en")
LEVELS = {
    "country",
    "oblast",
    "republican_city",
    "district",
    "city",
    "city_district",
    "rural_district",
    "settlement",
    "agglomeration",
    "polycentre",
}
CHANGES = {"renamed", "founded", "split_off", "merged", "status_changed", "abolished"}
LATIN = re.compile(r"[A-Za-z]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
NOT_TERRITORIES = {"KZBOR", "KZSHB"}  # a monitoring station and a resort zone
DISPUTED_KATO = "101010000"  # a district in the boundary file, the town of Semey in the classifier


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_clean(text: str, language: str) -> bool:
    """Whether a name is written in the alphabet of its language alone."""
    foreign = CYRILLIC if language == "en" else LATIN
    return text == text.strip() != "" and foreign.search(text) is None


def names_of(row: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, row[f"name_{language}"]) for language in LANGUAGES]


ROWS = read_csv(DATA / "territories.csv")
BY_CODE = {row["code"]: row for row in ROWS}
ALIASES = read_csv(DATA / "aliases.csv")
CHANGED = read_csv(DATA / "changes.csv")
GROUPS: dict[str, dict[str, Any]] = {
    group["code"]: group for group in read_yaml((DATA / "groups.yaml").read_text(encoding="utf-8"))["groups"]
}


def members(code: str, on: date | None = None) -> list[str]:
    """Codes of a group's members in order; only those valid on a day when one is given."""
    return [
        member["territory"]
        for member in GROUPS[code]["members"]
        if on is None or member.get("valid_from", date.min) <= on < member.get("valid_to", date.max)
    ]


@pytest.mark.parametrize("column", ["code", "kato", "bureau_code"])
def test_no_code_is_given_twice(column: str) -> None:
    counts = Counter(row[column] for row in ROWS if row[column])
    assert [code for code, times in counts.items() if times > 1] == []


@pytest.mark.parametrize(
    ("column", "pattern"),
    [("code", r"[a-z]+(-[a-z]+)*"), ("kato", r"(\d{9})?"), ("bureau_code", r"(KZ[A-Z]+)?")],
)
def test_codes_have_their_form(column: str, pattern: str) -> None:
    assert [row[column] for row in ROWS if not re.fullmatch(pattern, row[column])] == []


def test_levels_are_known() -> None:
    assert {row["level"] for row in ROWS} <= LEVELS


def test_every_territory_leads_up_to_the_country() -> None:
    for row in ROWS:
        seen = {row["code"]}
        while row["parent"]:
            row = BY_CODE[row["parent"]]  # noqa: PLW2901
            assert row["code"] not in seen
            seen.add(row["code"])
        assert row["code"] == "kazakhstan"


def test_every_name_is_written_in_its_own_alphabet() -> None:
    assert [name for row in ROWS for lang, name in names_of(row) if not is_clean(name, lang)] == []


def test_siblings_have_different_names() -> None:
    for language in LANGUAGES:
        counts = Counter((row["parent"], row[f"name_{language}"]) for row in ROWS)
        assert [key for key, times in counts.items() if times > 1] == []


def test_points_lie_in_kazakhstan() -> None:
    assert [row["code"] for row in ROWS if bool(row["longitude"]) != bool(row["latitude"])] == []
    for row in ROWS:
        if row["longitude"]:
            assert 46 <= float(row["longitude"]) <= 88, row["code"]
            assert 40 <= float(row["latitude"]) <= 56, row["code"]


def test_validity_begins_before_it_ends() -> None:
    for row in ROWS:
        start = date.fromisoformat(row["valid_from"] or "0001-01-01")
        end = date.fromisoformat(row["valid_to"] or "9999-12-31")
        assert start < end, row["code"]


def test_today_there_are_17_oblasts_and_3_cities_of_republican_significance() -> None:
    current = Counter(row["level"] for row in ROWS if not row["valid_to"])
    assert (current["oblast"], current["republican_city"]) == (17, 3)


def test_almaty_has_eight_districts_with_kato_codes() -> None:
    districts = [row for row in ROWS if row["parent"] == "almaty" and row["level"] == "city_district"]
    assert len(districts) == 8
    assert all(row["kato"] for row in districts)
    assert sorted(members("almaty-districts")) == sorted(row["code"] for row in districts)


def test_aliases_belong_to_known_territories_and_are_not_repeated() -> None:
    counts = Counter((alias["territory"], alias["language"], alias["text"].casefold()) for alias in ALIASES)
    assert [key for key, times in counts.items() if times > 1] == []
    assert {alias["territory"] for alias in ALIASES} <= BY_CODE.keys()
    assert {alias["language"] for alias in ALIASES} <= set(LANGUAGES)


def test_aliases_are_written_in_their_own_alphabet_and_differ_from_the_name() -> None:
    for alias in ALIASES:
        assert is_clean(alias["text"], alias["language"]), alias
        assert alias["text"] != BY_CODE[alias["territory"]][f"name_{alias['language']}"], alias


def test_changes_join_known_territories_in_order_of_time() -> None:
    assert [change["on"] for change in CHANGED] == sorted(change["on"] for change in CHANGED)
    for change in CHANGED:
        assert change["kind"] in CHANGES
        assert {change["predecessor"], change["successor"]} <= BY_CODE.keys()
        assert all(is_clean(change[f"note_{language}"], language) for language in LANGUAGES)
        assert re.fullmatch(r"(presidential_decree/\d{4}-\d\d-\d\d/\d*)?", change["act"]), change


def test_a_reform_agrees_with_the_dates_of_the_territories_that_it_made_and_unmade() -> None:
    for change in CHANGED:
        if change["kind"] in {"renamed", "merged"} and change["predecessor"] != change["successor"]:
            assert BY_CODE[change["predecessor"]]["valid_to"] == change["on"]
        assert BY_CODE[change["successor"]]["valid_from"] <= change["on"]
    dated = {row["code"] for row in ROWS if row["valid_from"]}
    assert dated <= {change["successor"] for change in CHANGED}


def test_groups_name_known_territories_once() -> None:
    for code in GROUPS:
        assert set(members(code)) <= BY_CODE.keys()
        assert len(members(code)) == len(set(members(code)))


def test_groups_have_names_and_notes_in_three_languages() -> None:
    for group in GROUPS.values():
        for texts in (group["names"], group["note"]):
            assert list(texts) == list(LANGUAGES)
            assert all(is_clean(text, language) for language, text in texts.items())


@pytest.mark.parametrize(
    ("code", "on", "size"),
    [
        ("oblasts", date(2017, 12, 31), 16),
        ("oblasts", date(2018, 6, 19), 17),
        ("oblasts", date(2022, 6, 8), 20),
        ("oblast-centres", date(2018, 6, 18), 14),
        ("oblast-centres", date(2022, 6, 8), 17),
        ("republican-cities", date(2018, 6, 18), 2),
    ],
)
def test_membership_follows_the_reforms(code: str, on: date, size: int) -> None:
    assert len(members(code, on)) == size


def test_labour_surplus_and_deficit_cover_all_regions_but_three_in_the_west() -> None:
    listed = members("labour-surplus-oblasts") + members("labour-deficit-oblasts")
    unlisted = set(members("oblasts", date(2023, 6, 26))) - set(listed)
    assert len(listed) == len(set(listed)) == 17
    assert unlisted == {"aktobe-oblast", "atyrau-oblast", "west-kazakhstan-oblast"}


def test_the_monotowns_agree_with_the_totals_of_the_annex() -> None:
    towns = GROUPS["monotowns-2012"]["members"]
    assert len(towns) == 27
    assert sum(town["population"] for town in towns) == 1_526_113
    assert Counter(town["official_class"] for town in towns) == {"high": 6, "medium": 19, "low": 2}
    states = Counter(town["enterprise_state"] for town in towns)
    assert states == {"operating": 19, "partly_operating": 5, "not_operating": 3}
    assert sum(town["district_centre"] for town in towns) == 16


def test_monotowns_use_only_labelled_classes_and_cite_their_lines() -> None:
    group = GROUPS["monotowns-2012"]
    for town in group["members"]:
        assert all(town[field] in labels for field, labels in group["labels"].items())
        assert town["cite"]["document"] == "001"
        assert town["cite"]["lines"]
        assert BY_CODE[town["territory"]]["level"] == "city"


@pytest.mark.skipif(not (SHARED / "geo").is_dir(), reason="no reference material here")
def test_every_unit_of_the_boundary_file_has_its_territory_and_parent() -> None:
    by_kato = {row["kato"]: row for row in ROWS if row["kato"]} | {"000000000": BY_CODE["kazakhstan"]}
    for unit in read_csv(SHARED / "geo" / "territories.csv"):
        if unit["kato"] != DISPUTED_KATO:
            assert by_kato[unit["kato"]]["parent"] == by_kato[unit["parent_kato"]]["code"]


@pytest.mark.skipif(not (SHARED / "statistics").is_dir(), reason="no reference material here")
def test_every_area_that_the_bureau_names_is_known_except_two_that_are_no_territories() -> None:
    listing = SHARED / "statistics" / "kazstat-sdg" / "translations" / "ru" / "REF_AREA.yml"
    codes = set(read_yaml(listing.read_text(encoding="utf-8"))) - {"REF_AREA"}
    assert codes - {row["bureau_code"] for row in ROWS} == NOT_TERRITORIES
