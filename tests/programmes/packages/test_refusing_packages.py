"""A broken package is refused whole: the message names file, line and field, and nothing is changed."""

from collections.abc import Callable

import pytest

from programmes.packages import PackageError
from tests.programmes.packages.conftest import DataCopy, State

KPIS = "programmes/almaty-2025/kpis.yaml"
GOALS = "programmes/almaty-2025/goals.yaml"
MEASURES = "programmes/monotowns-2012-2020/measures.yaml"
OBSERVED = "programmes/almaty-2025/observations.csv"
PLACES = "territories/territories.csv"
NEET = "statistics/bureau/neet-share.csv"
LIVES = "statistics/bureau/life-expectancy.csv"
AT_2024 = '    - {period: "2024", value: 90, qualifier: exact}'
ALMATY_2022 = "almaty,,2022,3.8,"

# file, text, what it becomes, lines from there to the fault, what the message says after the line
Fault = tuple[str, str, str, int, str]

SYNTAX: list[Fault] = [
    (KPIS, "  comparator: at_most", "  comparator: at_most: x", 0, ": this is not YAML: mapping values are"),
    (
        KPIS,
        "  form: rank\n",
        "  form: rank\n  form: level\n",
        1,
        ": this is not YAML: 'form' is written",
    ),
    (NEET, ALMATY_2022, "almaty,,2022,3,8,", 0, ": the row has 6 cells, the header 5: check the commas"),
    (NEET, ALMATY_2022, 'almaty,"x"y,2022,3.8,', 0, ": ',' expected after '\"': check the quotes"),
    (NEET, "breakdown,period", "breakdown,perid", 0, ", period: the column is missing"),
    (OBSERVED, "note_en", "note_en,note", 0, ", note: no such column is expected"),
]

SCHEMA: list[Fault] = [
    (KPIS, AT_2024, AT_2024.replace("90", "x"), 0, ", targets.1.value: 'x' is not a number"),
    (KPIS, AT_2024, AT_2024.replace("90", '"90"'), 0, ", targets.1.value: '90' is not a number"),
    (KPIS, AT_2024, AT_2024.replace("2024", "2024-13"), 0, ", targets.1.period: '2024-13' is not written as"),
    (KPIS, "  form: rank\n", "", -13, ", form: the field is missing: add it"),
    (KPIS, "  weight: 1", "  wieght: 1", 0, ", wieght: there is no such field: did you mean 'weight'?"),
    (KPIS, "comparator: at_most", "comparator: atmost", 0, ", comparator: 'atmost' is not one of 'at_least'"),
    (KPIS, "  weight: 1", "  weight: true", 0, ", weight: true is not a number"),
]

REFERENCES: list[Fault] = [
    (
        KPIS,
        "territory: almaty",
        "territory: almatty",
        0,
        ", territory: unknown territory 'almatty': did",
    ),
    (
        KPIS,
        "indicator: central-water",
        "indicator: water",
        0,
        ", indicator: unknown indicator 'water-",
    ),
    (KPIS, 'goal: "1.3"', 'goal: "1.9"', 0, ", goal: unknown goal '1.9': did you mean"),
    (KPIS, "act: adoption", "act: adoptoin", 0, ", act: unknown act 'adoptoin': did you mean 'adoption'?"),
    (GOALS, 'document: "004"', 'document: "099"', 0, ", cite.document: unknown document '099'"),
    (KPIS, 'breakdown: ""', "breakdown: SEX=X", 0, ", breakdown: unknown category 'X'"),
    (
        MEASURES,
        "organisation: eri",
        "organisation: erl",
        0,
        ", responsible.1.organisation: unknown",
    ),
    (
        NEET,
        "almaty,,2022",
        "almaty,SIX=F,2022",
        0,
        ", breakdown: unknown dimension 'SIX': did you mean",
    ),
    (
        NEET,
        "almaty,,2022",
        "alamty,,2022",
        0,
        ", territory: unknown territory 'alamty': did you mean",
    ),
    (OBSERVED, ",004,1.1,", ",099,1.1,", 0, ", document: unknown document '099'"),
    ("catalogue/indicators/bureau.yaml", "unit: YR", "unit: YEAR", 0, ", unit: unknown unit 'YEAR'"),
]

VALUES: list[Fault] = [
    (
        OBSERVED,
        "2827,6,,TH_PEOPLE",
        "2827,7,,TH_PEOPLE",
        0,
        ", printed: 7 TH_PEOPLE is 7000 PERSONS, but the",
    ),
    (NEET, ALMATY_2022, "almaty,,2022,x,", 0, ", value: 'x' is not a number: write it with a decimal point"),
    (NEET, ALMATY_2022, "almaty,,2022,NaN,", 0, ", value: 'NaN' is not a number"),
    (NEET, ALMATY_2022, "almaty,,2022-Q5,3.8,", 0, ", period: '2022-Q5' is not a period: write 2024"),
    (NEET, ALMATY_2022, "almaty,,2022,,", 0, ", value: the figure is missing: give it, or a status of O, M"),
    (NEET, ALMATY_2022, "almaty,,2022,3.8,O", 0, ", status: 'O' says that there is no figure, but there is"),
    (NEET, ALMATY_2022, "almaty,,2022,3.8,Z", 0, ", status: 'Z' is not one of A, P"),
    (OBSERVED, "A,004,,1251 1420", "A,004,,1251-1420", 0, ", lines: give the lines of the document"),
    (PLACES, "KZABY,Абай облысы", "KZABY,", 0, ", name_kk: This field cannot be blank."),
    (PLACES, ",2022-06-08,,80", ",2022-06-31,,80", 0, ", valid_from: '2022-06-31' is not a day: write"),
    (
        PLACES,
        ",2022-06-08,,80",
        ",2022-06-08,2021-01-01,80",
        0,
        ": the rule “territory validity is",
    ),
    (
        PLACES,
        "kazakhstan,100000000",
        "kazakhstan,110000000",
        0,
        ": the rule “cities territory kato",
    ),
]

RELATIONS: list[Fault] = [
    (KPIS, 'code: "KPI-2"', 'code: "KPI-1"', 0, f": it is already given in data/{KPIS}, line 1: keep one"),
    (KPIS, AT_2024, AT_2024.replace("2024", "2023"), 0, ", targets.1: it is already given in"),
    (NEET, ALMATY_2022, f"{ALMATY_2022}\n{ALMATY_2022}", 1, ", period: the figure is already given in data/"),
    (
        LIVES,
        "SEX=F&URBANISATION=U",
        "URBANISATION=U&SEX=F",
        0,
        ", breakdown: 'URBANISATION=U&SEX=F' has",
    ),
    (GOALS, "parent: null", 'parent: "1.1"', 0, ", parent: it depends on itself: break the circle"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "distance", "complaint"), SYNTAX + SCHEMA + REFERENCES + VALUES + RELATIONS
)
def test_it_names_file_line_and_field_and_changes_nothing(
    data: DataCopy, state: Callable[[], State], file: str, old: str, new: str, distance: int, complaint: str
) -> None:
    before = state()
    line = data.replace(file, old, new) + distance
    with pytest.raises(PackageError) as refusal:
        data.load()
    assert str(refusal.value).startswith(f"data/{file}, line {line}{complaint}")
    assert state() == before


def test_it_refuses_a_file_in_another_encoding(data: DataCopy) -> None:
    path = data.root / NEET
    path.write_bytes(path.read_bytes() + "алматы,,2024,1,\n".encode("cp1251"))
    with pytest.raises(PackageError, match=r"neet-share\.csv, line \d+: this is not UTF-8"):
        data.load()


def test_it_refuses_a_missing_file(data: DataCopy) -> None:
    (data.root / "catalogue" / "units.yaml").unlink()
    with pytest.raises(PackageError, match=r"^data/catalogue/units\.yaml: the file is missing$"):
        data.load()


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("bureau/neet-shares.csv", "unknown indicator 'neet-shares'"),
        ("burea/neet-share.csv", "unknown source 'burea'"),
    ],
)
def test_it_refuses_figures_under_an_unknown_name(data: DataCopy, name: str, complaint: str) -> None:
    path = data.root / "statistics" / name
    path.parent.mkdir(exist_ok=True)
    (data.root / NEET).rename(path)
    with pytest.raises(PackageError, match=rf"^data/statistics/{name}: {complaint}: did you mean"):
        data.load()
