"""The page that applies the method of rural settlements to a reader's tables."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from programmes.applied import labels
from programmes.methods.rural_method import Block, Category, Effect, Fault, MethodError
from programmes.methods.rural_scoring import Scope
from tests.programmes.pages.reading import text_of, words

pytestmark = pytest.mark.django_db

PAGE = "/en/methods/rural-settlements/"
EXAMPLES = Path(settings.BASE_DIR) / "static/examples"
CRITERIA = (EXAMPLES / "rural-criteria.csv").read_text("utf-8")
SETTLEMENTS = (EXAMPLES / "rural-settlements.csv").read_text("utf-8")
THRESHOLDS = {"strategic": "80", "support": "60", "satellite": "40"}


def sent(client: Client, criteria: str = CRITERIA, settlements: str = SETTLEMENTS, **fields: str) -> Any:
    files = {"criteria": criteria, "settlements": settlements}
    data = {"scope": "nation", "shift": "5", **fields}
    uploads = {name: SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in files.items()}
    return client.post(PAGE, {**data, **uploads})


def told(response: Any) -> str:
    assert response.status_code == 200
    return words(response.content.decode().replace("</t", " </t"))


def test_what_is_known_and_what_is_not_stands_before_the_form(client: Client) -> None:
    text = text_of(client, PAGE)
    for known in ("Demography 50 points", "Infrastructure 30 points", "Economy 20 points", "lines 26–30"):
        assert known in text
    assert text.index("What the reply does not state") < text.index("Criteria (CSV)")
    assert "the limits between strategic, support, satellite and other settlements" in text


def test_the_example_tables_are_labelled_as_no_data(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    assert "they are no data" in html
    for name in ("rural-criteria.csv", "rural-settlements.csv"):
        assert f"/static/examples/{name}" in html


def test_the_examples_are_scored_and_ranked_with_ranges_for_missing_values(client: Client) -> None:
    text = told(sent(client))
    assert "4 settlements are scored; values are missing for 1." in text
    assert "A X, X1 100 50 30 20 1 1" in text
    assert "C Y, Y1 30–80 0–50 15 15 2–3 2–3 a" in text


def test_categories_are_refused_without_thresholds(client: Client) -> None:
    text = told(sent(client))
    assert "Categories are refused." in text
    assert "none for: strategic, support, satellite." in text


def test_with_thresholds_each_settlement_has_a_category_or_a_range(client: Client) -> None:
    text = told(sent(client, **THRESHOLDS))
    assert "Categories are refused." not in text
    assert "A X, X1 100 50 30 20 1 1 strategic" in text
    assert "2–3 other–strategic a" in text


def test_how_much_the_weights_matter_is_shown(client: Client) -> None:
    text = told(sent(client)).partition("How much the weights matter")[2]
    assert "Demography −5 3 1" in text
    assert "Economy 5 3 1" in text


def test_settlements_may_compete_within_their_oblast(client: Client) -> None:
    text = told(sent(client, scope="oblast"))
    assert "D Y, Y1 0 0 0 0 2 2" in text
    assert "Demography −5 X 2 1" in text


def test_a_geospatial_rule_can_shut_out(client: Client) -> None:
    rows = SETTLEMENTS.splitlines()
    with_rule = "\n".join([f"{rows[0]},near", f"{rows[1]},0", *(f"{row},1" for row in rows[2:])])
    text = told(sent(client, settlements=with_rule, column="near", effect="filter", **THRESHOLDS))
    assert "A X, X1 100 50 30 20 — — other" in text


def test_points_of_a_geospatial_rule_are_a_block_of_their_own(client: Client) -> None:
    rows = SETTLEMENTS.splitlines()
    with_rule = "\n".join([f"{rows[0]},near", *(f"{row},1" for row in rows[1:])])
    text = told(sent(client, settlements=with_rule, column="near", effect="score", points="10"))
    assert "Geospatial rule Place" in text
    assert "A X, X1 110 50 30 20 10" in text


def test_the_whole_result_comes_as_a_table_that_runs_no_formulas(client: Client) -> None:
    response = sent(client, settlements=SETTLEMENTS.replace("\nA,", "\n=A1,"), **{"as": "csv"})
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("settlement,oblast,district,score_low")
    assert lines[1].startswith("'=A1,X,X1,100.0,100.0,1,1")
    assert len(lines) == 5


def test_semicolons_and_decimal_commas_are_understood(client: Client) -> None:
    text = told(sent(client, settlements=SETTLEMENTS.replace(",", ";").replace("\nB;X;X2;0", "\nB;X;X2;0,5")))
    assert "B X, X2 51.3" in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"criteria": CRITERIA.replace(",50,", ",40,")}, "the criteria make 40 points, the block has 50."),
        ({"criteria": CRITERIA.replace(",50,", ",1e99,")}, "Row 2, column “points”: “1e99” cannot be read."),
        ({"criteria": CRITERIA.replace("economy", "luck")}, "Row 5, column “block”: “luck” cannot be read."),
        ({"criteria": CRITERIA.replace("lower", "less")}, "Row 4, column “better”: “less” cannot be read."),
        ({"criteria": CRITERIA.replace("-10,10", "-10,")}, "Row 2: a scale has both ends"),
        ({"criteria": CRITERIA.replace("points", "marks")}, "The column “points” is missing."),
        ({"criteria": CRITERIA.replace("-10,10", "10,-10")}, "must lie below the upper end"),
        ({"criteria": "code,block,points\n"}, "The table has 0 rows"),
        ({"settlements": SETTLEMENTS.replace(",0,50,", ",many,50,")}, "Row 3, column “a”: “many” cannot"),
        ({"settlements": SETTLEMENTS.replace("\nB,", "\nA,")}, "listed twice: A."),
        ({"settlements": SETTLEMENTS.replace("\nB,", "\n,")}, "Row 3: the settlement has no name."),
        ({"settlements": SETTLEMENTS.replace(",d\n", ",e\n")}, "lacks the column “d”."),
        ({"settlements": SETTLEMENTS.replace("\nB,", "\nB,B,B,")}, "different numbers of cells"),
        ({"shift": "21"}, "The shift must be more than 0"),
        ({"shift": ""}, "This field is required."),
        ({"scope": "oblast", "settlements": SETTLEMENTS.replace("oblast", "region")}, "the column “oblast”."),
        ({"scope": "oblast", "settlements": SETTLEMENTS.replace("B,X", "B,")}, "is empty for 1 settlements."),
        ({"strategic": "50", "support": "60"}, "The thresholds must fall"),
        ({"column": "near"}, "needs both its column and what it does."),
        ({"column": "near", "effect": "score"}, "points belong to a rule that adds them"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_is_refused_with_place_and_cure(
    client: Client, change: dict[str, str], message: str
) -> None:
    text = told(sent(client, **change))
    assert message in text
    assert "Result" not in text


def test_a_file_that_is_too_large_is_not_read(client: Client) -> None:
    assert "larger than 2 MB" in told(sent(client, settlements="a" * (2 * 1024 * 1024 + 1)))


def test_a_form_without_files_asks_for_them(client: Client) -> None:
    assert words(client.post(PAGE, {"shift": "5"}).content.decode()).count("This field is required.") == 3


def test_too_many_oblasts_are_not_compared(client: Client) -> None:
    rows = "\n".join(f"S{number},O{number},1,1,1,{number}" for number in range(251))
    text = told(sent(client, settlements=f"settlement,oblast,a,b,c,d\n{rows}\n", scope="oblast"))
    assert "The column “oblast” has too many different names" in text


def test_only_a_hundred_settlements_are_shown(client: Client) -> None:
    rows = "\n".join(f"S{number},{number},1,1,{number}" for number in range(150))
    text = told(sent(client, settlements=f"settlement,a,b,c,d\n{rows}\n"))
    assert "150 settlements are scored" in text
    assert "The first 100 are shown" in text


def test_every_code_has_words() -> None:
    assert set(labels.FAULTS) == set(Fault)
    assert set(labels.CATEGORIES) == set(Category)
    assert set(labels.EFFECTS) == set(Effect)
    assert set(labels.SCOPES) == set(Scope)
    assert set(labels.BLOCKS) == {*Block, "geospatial"}


def test_names_of_blocks_and_categories_in_faults_are_words() -> None:
    fault = MethodError(Fault.CRITERIA, Block.ECONOMY, found=12.5, points=20)
    with override("en"):
        told_of = labels.fault_in_words(fault)
    assert told_of == "Economy: the criteria make 12.5 points, the block has 20."
