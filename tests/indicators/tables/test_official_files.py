"""Every file of the Bureau at hand, to the last cell; skipped where they are not."""

import csv
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from indicators.tables import Extraction, Layout, WordList, detect_layouts, extract, read_workbook

STATISTICS = Path(__file__).resolve().parents[4] / "shared" / "statistics"
TABLES = sorted((STATISTICS / "kazstat-sdg" / "data").glob("*.csv"))
WORKBOOKS = sorted((STATISTICS / "bureau").glob("*.xlsx"))
DIMENSIONS = (
    "SEX", "AGE", "URBANISATION", "SERIES", "COMPOSITE_BREAKDOWN", "ACTIVITY", "EDUCATION_LEV",
    "INCOME_WEALTH_QUANTILE",
)  # fmt: skip
LABELS = {
    ("SEX", "M"): "Мужчины",
    ("SEX", "F"): "Женщины",
    ("URBANISATION", "U"): "Городское население",
    ("URBANISATION", "R"): "Сельское население",
}
ADJECTIVES = {
    "KZABY": ["Абай"],
    "KZAKM": ["Акмолинская"],
    "KZAKT": ["Актюбинская"],
    "KZALA": ["Алматы"],
    "KZALM": ["Алматинская"],
    "KZATY": ["Атырауская"],
    "KZKAR": ["Карагандинская"],
    "KZKUS": ["Костанайская"],
    "KZKZY": ["Кызылординская"],
    "KZMAN": ["Мангистауская"],
    "KZNS": ["Астана"],
    "KZPAV": ["Павлодарская"],
    "KZSEV": ["Северо-Казахстанская"],
    "KZSHY": ["Шымкент"],
    "KZULU": ["Ұлытау", "Улытау"],
    "KZVOS": ["Восточно-Казахстанская"],
    "KZYUZ": ["Туркестанская"],
    "KZZAP": ["Западно-Казахстанская"],
    "KZZHA": ["Жамбылская"],
    "KZZHS": ["Жетісу", "Жетысу"],
}

pytestmark = pytest.mark.skipif(not TABLES, reason="the Bureau's files are not at hand")


@cache
def code_list(name: str) -> dict[str, str]:
    """Code and Russian label from a file of `CODE: label` lines."""
    text = (STATISTICS / "kazstat-sdg" / "translations" / "ru" / f"{name}.yml").read_text("utf-8")
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith(" "))
    return {code: label.strip(" '\"") for code, label in pairs}


@pytest.fixture(scope="module")
def codes() -> WordList:
    """The Bureau's own code lists."""
    words = WordList(country="KZ")
    words.add_territory("KZ", 0, None, ["Республика Казахстан"])
    for code, label in code_list("REF_AREA").items():
        words.add_territory(code, 1, None, [label])
    for code, names in ADJECTIVES.items():
        words.add_territory(code, 1, None, names)
    for dimension in DIMENSIONS:
        words.add_dimension(dimension, [], ["Все население"])
        for code in code_list(dimension):
            words.add_category(dimension, code, [])
    for (dimension, code), label in LABELS.items():
        words.add_category(dimension, code, [label])
    return words


def read_only_table(path: Path, words: WordList) -> Extraction:
    (sheet,) = read_workbook(path).sheets
    (layout,) = detect_layouts(sheet, words, path.name)
    return extract(sheet, layout, words)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_each_row_of_a_table_is_a_figure_or_a_problem(path: Path, codes: WordList) -> None:
    found = read_only_table(path, codes)
    with path.open(encoding="utf-8-sig", newline="") as file:
        whole = list(csv.reader(file))
    header, *rows = [row for row in whole if any(row)]
    assert len(found.figures) + sum(problem.lost for problem in found.problems) == found.cells == len(rows)
    value, year = header.index("Value"), header.index("Year")
    for figure in found.figures:
        assert figure.value == Decimal(whole[figure.row][value])
        assert str(figure.period) == whole[figure.row][year]


def test_nearly_all_official_observations_are_figures(codes: WordList) -> None:
    counts: Counter[str] = Counter()
    for path in TABLES:
        found = read_only_table(path, codes)
        counts["cells"] += found.cells
        counts["figures"] += len(found.figures)
        counts.update(problem.code.value for problem in found.problems)
    assert counts["cells"] == 45_585
    assert counts["figures"] > 45_200
    assert set(counts) <= {"cells", "figures", "duplicate_row", "unknown_territory", "unknown_category"}


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_the_bureaus_workbooks_are_understood_whole(path: Path, codes: WordList) -> None:
    for sheet in read_workbook(path).sheets:
        (layout,) = detect_layouts(sheet, codes, path.name)
        found = extract(sheet, layout, codes)
        assert found.problems == []
        assert (layout.confidence, layout.doubts) == (1.0, ())
        assert Layout.from_dict(layout.to_dict()) == layout
        assert len(found.figures) == found.cells


def test_the_blocks_of_the_life_expectancy_workbook_are_told_apart(codes: WordList) -> None:
    path = STATISTICS / "bureau" / "life_expectancy_by_region.xlsx"
    figures, layouts = {}, {}
    for sheet in read_workbook(path).sheets:
        (layout,) = detect_layouts(sheet, codes, path.name)
        extraction = extract(sheet, layout, codes)
        layouts[sheet.name] = layout
        for figure in extraction.figures:
            if (figure.territory, str(figure.period)) == ("KZ", "2022"):
                figures[figure.breakdown] = str(figure.value)
    assert figures == {
        (): "74.44",
        (("SEX", "M"),): "70.26",
        (("SEX", "M"), ("URBANISATION", "U")): "70.31",
        (("SEX", "M"), ("URBANISATION", "R")): "70.17",
        (("SEX", "F"),): "78.41",
        (("SEX", "F"), ("URBANISATION", "U")): "78.66",
        (("SEX", "F"), ("URBANISATION", "R")): "77.91",
    }
    (note,) = layouts["Мужчины"].notes
    assert (note.mark, note.cells) == ("*", ((22, 0), (44, 0), (66, 0)))
    assert layouts["Женщины"].unit_text == "число лет"
