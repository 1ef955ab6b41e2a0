"""Tables with one figure a row: the Bureau's CSV, SDMX-CSV, and those that people write."""

import pytest

from indicators.tables import Caveat, LayoutKind, Role
from tests.indicators.tables.conftest import Read, brief, page, troubles


def csv(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(",")) for line in text.strip().splitlines()]


def test_it_reads_the_bureaus_csv(read: Read) -> None:
    found = read(
        csv("""
Year,UNIT_MEASURE,REF_AREA,URBANISATION,SEX,GeoCode,Value,,
2022,PT,,,,,4.9,,
2022,PT,KZAKM,U,F,KZ-AKM,5.10,,
2022,PT,KZAKM,_T,_T,KZ-AKM,5.0,,
""")
    )
    assert found.layout.kind is LayoutKind.TIDY
    assert brief(found) == [
        ("KZ", "2022", "", "4.9"),
        ("KZAKM", "2022", "SEX=F&URBANISATION=U", "5.10"),
        ("KZAKM", "2022", "", "5.0"),
    ]
    assert [column.role for column in found.layout.columns][-2:] == [Role.IGNORED, Role.VALUE]
    assert {figure.unit for figure in found.figures} == {"PT"}
    assert found.problems == []


def test_a_header_without_rows_gives_no_figures(read: Read) -> None:
    assert read([("Year", "Value")]).cells == 0


@pytest.mark.parametrize(
    "header",
    ["Год|Регион|Значение", "Жыл|Аймақ|Мәні", "TIME_PERIOD|REF_AREA|OBS_VALUE", "Year|Territory|Value"],
)
def test_it_knows_headings_in_three_languages(read: Read, header: str) -> None:
    assert brief(read(page(f"{header}\n2024|Ақмола облысы|5,7"))) == [("KZAKM", "2024", "", "5.7")]


def test_it_reads_sdmx_csv_with_labels(read: Read) -> None:
    found = read(
        page("""
STRUCTURE|STRUCTURE_ID|REF_AREA: Area|SEX: Sex|INDICATOR: Indicator|TIME_PERIOD: Time|OBS_VALUE|OBS_STATUS
dataflow|KZ:LFS(1.0)|KZAKM: Akmola|M: Men|unemployment: Unemployment|2024-Q3|5.1|P: Provisional
dataflow|KZ:LFS(1.0)|KZAKM: Akmola|F: Women|unemployment: Unemployment|2024-Q3||Q
""")
    )
    first, second = found.figures
    assert (first.indicator, str(first.period), first.breakdown, first.status) == (
        "unemployment", "2024-Q3", (("SEX", "M"),), "P",
    )  # fmt: skip
    assert (second.value, second.status) == (None, "Q")


def test_a_status_that_contradicts_the_value_is_refused(read: Read) -> None:
    found = read(page("Year|Value|OBS_STATUS\n2023|5|M\n2024|6|nonsense\n2022|7|E"))
    assert [figure.status for figure in found.figures] == ["E"]
    assert troubles(found) == [("bad_status", "M"), ("bad_status", "nonsense")]


def test_year_and_quarter_may_stand_in_two_columns(read: Read) -> None:
    found = read(
        [("Год", "Квартал", "Значение"), (2024.0, 1.0, 5.0), (2024.0, "II", 6.0), (2024.0, "", 11.0)]
    )
    assert [period for _, period, _, _ in brief(found)] == ["2024-Q1", "2024-Q2", "2024"]


def test_month_numbers_may_stand_in_a_column(read: Read) -> None:
    found = read([("Жыл", "Ай", "Мәні"), (2024.0, 3.0, 5.0)])
    assert [period for _, period, _, _ in brief(found)] == ["2024-03"]


def test_values_may_stand_in_one_column_for_each_sex(read: Read) -> None:
    found = read(page("Год | Регион | Мужчины | Женщины\n2024 | Акмолинская | 1 | 2"))
    assert brief(found) == [("KZAKM", "2024", "SEX=M", "1"), ("KZAKM", "2024", "SEX=F", "2")]


def test_what_cannot_be_read_is_told_by_cell(read: Read) -> None:
    found = read(
        page("""
Год | Регион | Пол | Значение
2024 | Атлантида | | 1
когда-то | Акмолинская | | 2
2024 | Акмолинская | третий | 3
2024 | Акмолинская | | много
2024 | Атырауская | | …
""")
    )
    assert [(p.code.value, p.row, p.column, p.text) for p in found.problems] == [
        ("unknown_territory", 1, 1, "Атлантида"),
        ("bad_period", 2, 0, "когда-то"),
        ("unknown_category", 3, 2, "третий"),
        ("not_a_number", 4, 3, "много"),
    ]
    assert brief(found) == [("KZATY", "2024", "", None)]
    assert len(found.figures) + sum(problem.lost for problem in found.problems) == found.cells == 5


def test_an_unknown_indicator_is_refused(read: Read) -> None:
    found = read(
        page("Год | Показатель | Значение\n2024 | Уровень счастья | 5\n2024 | Уровень безработицы, % | 4,7")
    )
    assert troubles(found) == [("unknown_indicator", "Уровень счастья")]
    assert [figure.indicator for figure in found.figures] == ["unemployment"]


def test_a_figure_given_twice_with_different_values_is_refused_in_both_rows(read: Read) -> None:
    found = read(csv("Year,REF_AREA,Value\n2022,KZABY,21.2\n2022,KZAKM,5\n2022,KZABY,17.6"))
    assert brief(found) == [("KZAKM", "2022", "", "5")]
    assert [problem.row for problem in found.problems] == [1, 3]
    assert found.problems[0].params == {"rows": [1, 3], "columns": [2, 2], "same_value": False}


def test_a_figure_given_twice_alike_is_kept_once(read: Read) -> None:
    found = read(csv("Year,REF_AREA,Value\n2022,KZABY,21.2\n2022,KZABY,21.20"))
    assert len(found.figures) == 1
    assert [(p.row, p.params["same_value"], p.lost) for p in found.problems] == [(2, True, 1)]


def test_short_rows_and_blank_rows_do_no_harm(read: Read) -> None:
    found = read(
        [("Year", "UNIT_MEASURE", "REF_AREA", "Value"), ("2019", "PT", "32.8"), (), ("", "", "", "")]
    )
    assert troubles(found) == [("unknown_territory", "32.8")]
    assert found.cells == 1


def test_a_column_that_is_not_understood_is_reported(read: Read) -> None:
    found = read(page("Год | Вид обследования | Значение\n2024 | разовое | 5"))
    assert troubles(found) == [("unknown_column", "Вид обследования")]
    assert len(found.figures) == 1


def test_a_column_under_a_strange_heading_is_known_by_its_cells(read: Read) -> None:
    found = read(
        page("Год | Где | Кто | Значение\n2024 | Атырауская | Мужчины | 5\n2024 | Абай облысы | Женщины | 6")
    )
    assert brief(found) == [("KZATY", "2024", "SEX=M", "5"), ("KZABY", "2024", "SEX=F", "6")]


def test_closing_days_are_judged_together(read: Read) -> None:
    found = read(page("Дата | Значение\n2023-12-31 | 5\n2024-06-30 | 6"))
    assert [period for _, period, _, _ in brief(found)] == ["2023-S2", "2024-S1"]


def test_cumulative_periods_carry_a_caveat(read: Read) -> None:
    found = read(page("Период | Значение\nянварь-сентябрь 2024 | 5"))
    assert [(str(figure.period), figure.caveat) for figure in found.figures] == [
        ("2024-Q3", Caveat.CUMULATIVE)
    ]
    assert troubles(found) == [("cumulative_period", "январь-сентябрь 2024")]


def test_a_comma_parts_thousands_in_a_column_with_decimal_points(read: Read) -> None:
    with_points = read(page("Year | Value\n2022 | 1,234\n2023 | 987.5"))
    without = read(page("Год | Значение\n2022 | 1,234\n2023 | 987"))
    assert [value for *_, value in brief(with_points)] == ["1234", "987.5"]
    assert [value for *_, value in brief(without)] == ["1.234", "987"]
