"""What figures, problems and layouts tell beyond the figures themselves, which `layouts/` draws."""

import pytest

from indicators.tables import Caveat, LayoutKind, Role, Sheet, WordList, detect_layouts, extract
from tests.indicators.tables.conftest import Read, brief, page, troubles


@pytest.mark.parametrize(
    ("drawing", "kind"),
    [
        ("Год | Регион | Значение\n2024 | Атырау | 5", LayoutKind.TIDY),
        ("Регион | 2023 | 2024\nАтырау | 5 | 6", LayoutKind.PERIODS_ACROSS),
        ("Год | Акмолинская | Атырауская\n2024 | 5 | 6", LayoutKind.TERRITORIES_ACROSS),
        ("Год | Регион | Мужчины | Женщины\n2024 | Атырау | 1 | 2", LayoutKind.CATEGORIES_ACROSS),
    ],
)
def test_a_layout_names_its_shape(read: Read, drawing: str, kind: LayoutKind) -> None:
    assert read(page(drawing)).layout.kind is kind


def test_a_figure_knows_its_cell_and_its_text(read: Read) -> None:
    found = read(page("Регион | 2023 | 2024\nАкмолинская | 4,8 | 1 234,5*"))
    figure = found.figures[1]
    assert (figure.row, figure.column, figure.raw, figure.territory_text) == (1, 2, "1 234,5*", "Акмолинская")


def test_merged_names_are_told_in_each_row(read: Read) -> None:
    found = read(page("Регион | Пол | 2024\nАкмолинская | Мужчины | 1\n | Женщины | 3"))
    assert [figure.territory_text for figure in found.figures] == ["Акмолинская", "Акмолинская"]


def test_footnotes_know_the_names_that_carry_their_marks(read: Read) -> None:
    found = read(
        page("""
Регион | 2023 | 2024
Туркестанская* | 5,1 | 5,0
Шымкент қ. | 5,2 | 5,1
*Данные за 1999-2016гг. по Южно-Казахстанской области.
Источник: Бюро национальной статистики
""")
    )
    assert [(note.mark, note.cells) for note in found.layout.notes] == [("*", ((1, 0),)), ("", ())]


def test_cumulative_periods_carry_a_caveat_and_cost_nothing(read: Read) -> None:
    wide = read(page("| январь-сентябрь 2023 | январь-сентябрь 2024\nАтырау | 1 | 2"))
    long = read(page("Период | Значение\nянварь-сентябрь 2024 | 5"))
    assert {figure.caveat for found in (wide, long) for figure in found.figures} == {Caveat.CUMULATIVE}
    assert [code for code, _ in troubles(wide)] == ["cumulative_period", "cumulative_period"]
    assert troubles(long) == [("cumulative_period", "январь-сентябрь 2024")]
    assert sum(problem.lost for problem in (*wide.problems, *long.problems)) == 0


def test_columns_that_say_nothing_are_ignored(read: Read) -> None:
    found = read(page("№ | Регион | 2023 | 2024\n1 | Акмолинская | 5 | 6\n2 | Атырауская | 7 | 8"))
    assert found.layout.columns[0].role is Role.IGNORED


def test_a_problem_names_its_cell_and_what_it_costs(read: Read) -> None:
    found = read(page("Регион | Пол | 2023 | 2024\nАтлантида | Мужчины | 1 | 2\nАтырауская | третий | 3 | 4"))
    assert [(p.code.value, p.row, p.column, p.text, p.lost) for p in found.problems] == [
        ("unknown_territory", 1, 0, "Атлантида", 2),
        ("unknown_category", 2, 1, "третий", 2),
    ]
    assert found.problems[1].params == {"dimension": "SEX"}


def test_a_status_that_contradicts_the_value_is_refused(read: Read) -> None:
    found = read(page("Year|Value|OBS_STATUS\n2023|5|M\n2024|6|nonsense\n2022|7|E"))
    assert [figure.status for figure in found.figures] == ["E"]
    assert troubles(found) == [("bad_status", "M"), ("bad_status", "nonsense")]


def test_a_figure_given_twice_with_different_values_is_refused_in_both_rows(read: Read) -> None:
    found = read(page("Year|REF_AREA|Value\n2022|KZABY|21.2\n2022|KZAKM|5\n2022|KZABY|17.6"))
    assert brief(found) == [("KZAKM", "2022", "", "5")]
    assert [problem.row for problem in found.problems] == [1, 3]
    assert found.problems[0].params == {"rows": [1, 3], "columns": [2, 2], "same_value": False}


def test_a_figure_given_twice_alike_is_kept_once(read: Read) -> None:
    found = read(page("Year|REF_AREA|Value\n2022|KZABY|21.2\n2022|KZABY|21.20"))
    assert len(found.figures) == 1
    assert [(p.row, p.params["same_value"], p.lost) for p in found.problems] == [(2, True, 1)]


def test_short_rows_do_no_harm(read: Read) -> None:
    found = read([("Year", "UNIT_MEASURE", "REF_AREA", "Value"), ("2019", "PT", "32.8"), ()])
    assert troubles(found) == [("unknown_territory", "32.8")]
    assert found.cells == 1


def test_a_comma_parts_thousands_in_a_column_with_decimal_points(read: Read) -> None:
    with_points = read(page("Year | Value\n2022 | 1,234\n2023 | 987.5"))
    without = read(page("Год | Значение\n2022 | 1,234\n2023 | 987"))
    assert [value for *_, value in brief(with_points)] == ["1234", "987.5"]
    assert [value for *_, value in brief(without)] == ["1.234", "987"]


def test_tables_of_several_sheets_may_measure_different_things(words: WordList) -> None:
    titles = ["Уровень безработицы", "Численность населения, человек"]
    sheets = [Sheet(f"Лист{n}", [(title,), ("", "2024"), ("Атырау", "5")]) for n, title in enumerate(titles)]
    layouts = [layout for sheet in sheets for layout in detect_layouts(sheet, words, "сборник.xlsx")]
    assert [layout.indicator for layout in layouts] == ["unemployment", "population"]
    assert [extract(s, x, words).figures[0].unit for s, x in zip(sheets, layouts, strict=True)] == [
        "",
        "человек",
    ]
