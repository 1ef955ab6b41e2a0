"""What the document tells about the 27 monotowns, and what the method makes of it."""

import csv
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from programmes.methods import monotowns
from programmes.methods.monotown_criteria import Citation, Evidence, Qualifier
from programmes.methods.monotowns import CRITERIA, HIGH, LOW, Classification, Outcome, classify, enter
from tests.programmes.monotowns import NO, POLICY, UNKNOWN, YES, Known, answer_to, walk
from tests.yamls import read_yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "data/programmes/monotowns-2012-2020"
SHARED = ROOT.parent / "shared"


@cache
def package(name: str) -> Any:
    return read_yaml((PACKAGE / f"{name}.yaml").read_text("utf-8"))


@cache
def towns() -> dict[str, Known]:
    """What the document tells about each town."""

    def read(entry: dict[str, Any]) -> Evidence:
        numbers = {
            name: Decimal(str(entry[name])) for name in ("value", "value_max", "reference") if name in entry
        }
        return Evidence(
            answer=entry.get("answer"),
            qualifier=Qualifier(entry.get("qualifier", "exact")),
            reason=entry.get("note", {}).get("en", ""),
            citation=Citation(entry["cite"]["document"], tuple(entry["cite"]["lines"])),
            **numbers,
        )

    return {
        town["territory"]: {entry["criterion"]: read(entry) for entry in town["evidence"]}
        for town in package("evidence")
    }


def classes(policy: str) -> dict[str, Classification]:
    return {town: classify(known, POLICY[policy]) for town, known in towns().items()}


def with_outcome(policy: str, outcome: Outcome) -> set[str]:
    return {town for town, result in classes(policy).items() if result.outcome == outcome}


class TestTowns:
    @pytest.mark.parametrize("town", ["khromtau", "ridder", "aksai", "zhitikara", "altai"])
    def test_one_sign_of_decline_would_make_towns_low_that_are_printed_high_or_medium(
        self, town: str
    ) -> None:
        for policy in ("any", "cautious"):
            result = classes(policy)[town]
            assert result.low.answer == YES
            assert result.possible <= {Outcome.LOW, Outcome.CONFLICT}

    @pytest.mark.parametrize(
        ("town", "criterion"),
        [
            ("khromtau", "income_to_oblast_mean"), ("ridder", "electricity_wear"),
            ("aksai", "electricity_wear"), ("zhitikara", "electricity_wear"), ("altai", "water_wear"),
        ],
    )  # fmt: skip
    def test_that_sign_is_shown_with_its_citation(self, town: str, criterion: str) -> None:
        sign = next(part for part in walk(classes("any")[town].low) if part.code == criterion)
        assert sign.answer == YES
        assert sign.evidence is not None
        assert sign.evidence.citation is not None
        assert sign.evidence.citation.document == "001"

    def test_eighty_per_cent_of_wear_is_not_over_eighty(self) -> None:
        for town in ("tekeli", "altai"):
            assert answer_to(classes("any")[town].low, "heat_wear") == NO

    def test_no_town_is_told_to_satisfy_all_nine_of_either_list(self) -> None:
        for result in classes("all").values():
            assert YES not in {result.high.answer, result.low.answer}

    def test_the_cautious_policy_settles_six_towns(self) -> None:
        low = {"arkalyk", "kentau", "serebryansk", "tekeli", "zhezkazgan", "zhitikara"}
        assert with_outcome("cautious", Outcome.LOW) == low
        assert with_outcome("cautious", Outcome.UNDETERMINED) == set(towns()) - low

    def test_one_sign_of_decline_is_told_of_seventeen_towns(self) -> None:
        results = classes("any")
        assert sum(result.low.answer == YES for result in results.values()) == 17
        assert {results[town].low.answer for town in ("zhanatas", "arkalyk")} == {YES}

    def test_the_policies_of_one_join_settle_little(self) -> None:
        assert with_outcome("all", Outcome.MEDIUM) == {"kentau", "serebryansk", "tekeli"}
        assert with_outcome("majority", Outcome.UNDETERMINED) == set(towns())
        assert with_outcome("any", Outcome.UNDETERMINED) == set(towns()) - {"aksai", "zhanaozen"}

    def test_under_any_a_town_can_satisfy_both_lists(self) -> None:
        assert with_outcome("any", Outcome.CONFLICT) == {"aksai", "zhanaozen"}

    def test_the_oblast_mean_of_unemployment_is_not_told(self) -> None:
        for town in ("arkalyk", "kentau", "aksu"):
            assert answer_to(classes("any")[town].low, "unemployment_to_oblast_mean") == UNKNOWN

    def test_serebryansk_is_too_small_for_a_monotown(self) -> None:
        answers = {town: enter(known).answer for town, known in towns().items()}
        idle = {"stepnogorsk", "tekeli", "karatau", "zhanatas", "saran", "arkalyk", "kentau"}
        assert {town for town, answer in answers.items() if answer == NO} == {"serebryansk"}
        assert {town for town, answer in answers.items() if answer == YES} == {*idle, "rudny"}


class TestData:
    def test_every_town_of_the_list_is_there_in_its_order(self) -> None:
        groups = read_yaml((ROOT / "data/territories/groups.yaml").read_text("utf-8"))["groups"]
        members = next(group["members"] for group in groups if group["code"] == "monotowns-2012")
        assert list(towns()) == [member["territory"] for member in members]
        for member in members:
            known = towns()[member["territory"]]
            assert known["population"].value == member["population"]
            assert known["enterprise_idle"].answer == (member["enterprise_state"] != "operating")

    def test_nothing_is_told_twice(self) -> None:
        for town in package("evidence"):
            listed = [entry["criterion"] for entry in town["evidence"]]
            assert listed == [code for code in CRITERIA if code in listed]

    def test_numbers_equal_the_observations_of_the_package(self) -> None:
        indicators = {
            "population": "population", "population_fall": "population-fall-ten-years",
            "unsafe_housing_high": "dangerous-housing-share", "distance_km": "distance-to-large-markets",
            "unemployment_to_oblast_mean": "unemployment-rate",
            "self_employment_to_oblast_mean": "self-employed-share",
        }  # fmt: skip
        kinds = {"WATER_SUPPLY": "water", "ELECTRICITY": "electricity", "HEAT": "heat"}
        wear = {f"TYPE={code}": f"{kind}_wear" for code, kind in kinds.items()}
        criterion_of = {(name, ""): code for code, name in indicators.items()}
        criterion_of |= {("utility-network-wear", name): code for name, code in wear.items()}
        with (PACKAGE / "observations.csv").open(encoding="utf-8") as file:
            observed = {
                (row["territory"], criterion_of[row["indicator"], row["breakdown"]]): Decimal(row["value"])
                for row in csv.DictReader(file)
                if (row["indicator"], row["breakdown"]) in criterion_of and row["territory"] in towns()
            }
        told = {
            (town, code): evidence.value
            for town, known in towns().items()
            for code, evidence in known.items()
            if code in criterion_of.values()
        }
        assert told == observed

    def test_items_are_provisions_of_the_programme_in_their_order(self) -> None:
        kinds = {"potential_positive": HIGH, "potential_negative": LOW}
        for kind, items in kinds.items():
            printed = [rule["code"] for rule in package("rules") if rule["kind"] == kind]
            assert printed == [item.code for item in items]

    @pytest.mark.parametrize(
        ("rule", "parameter", "limit"),
        [
            ("R-001-CAT", "output_share_over_pct", monotowns.OUTPUT_SHARE),
            ("R-001-CAT", "employment_share_over_pct", monotowns.EMPLOYMENT_SHARE),
            ("R-001-SIZE", "min_population_thousand", monotowns.MIN_POPULATION / 1000),
            ("R-001-SIZE", "max_population_thousand", monotowns.MAX_POPULATION / 1000),
            ("R-001-POS-1", "reserves_years_1", monotowns.LASTING_RESERVES),
            ("R-001-NEG-1", "min_km", monotowns.REMOTE_KM),
            ("R-001-NEG-1", "or_access_hours", monotowns.REMOTE_HOURS),
            ("R-001-NEG-3", "reserves_years_max_2", monotowns.SCARCE_RESERVES),
            ("R-001-NEG-5", "networks_wear_over_pct", monotowns.NETWORK_WEAR),
            ("R-001-NEG-5", "social_wear_reaches_pct", monotowns.FACILITY_WEAR),
        ],
    )
    def test_limits_are_those_of_the_provisions(self, rule: str, parameter: str, limit: Decimal) -> None:
        (provision,) = (entry for entry in package("rules") if entry["code"] == rule)
        values = {entry["code"]: entry["value"] for entry in provision["parameters"]}
        assert limit == values[parameter]

    def test_the_methods_page_explains_every_criterion_and_policy(self) -> None:
        page = (ROOT / "docs/methods-monotowns.md").read_text("utf-8")
        assert [code for code in (*CRITERIA, *POLICY) if f"`{code}`" not in page] == []

    def test_cited_lines_name_the_town(self) -> None:
        facts, texts = SHARED / "facts/monotowns_semey_inquiries_methodology.jsonl", SHARED / "seeds"
        if not facts.exists():
            pytest.skip("the reference material is absent")
        (text,) = texts.glob("001_*.txt")
        lines = text.read_text("utf-8").splitlines()
        entries = [json.loads(line) for line in facts.read_text("utf-8").splitlines()]
        names = [entry["name_kk"] for entry in entries if entry["kind"] == "town"]
        for name, (town, known) in zip(names, towns().items(), strict=True):
            for code, evidence in known.items():
                assert evidence.citation is not None
                cited = "".join("".join(lines[line - 1].split()) for line in evidence.citation.lines)
                assert name in cited, (town, code)
