"""Tables with periods, territories or categories across, as statistics offices publish them."""

from indicators.tables import Caveat, Doubt, LayoutKind, Role, Sheet, WordList, detect_layouts, extract
from tests.indicators.tables.conftest import Read, brief, page, troubles


def test_it_reads_years_across_and_territories_down(read: Read) -> None:
    found = read(
        [
            ("", 2021.0, 2022.0),
            ("Республика Казахстан ", 4.9, 4.9),
            ("Абай", "-", 5.0),
            ("г. Астана", 4.7, 0.0),
        ]
    )
    assert found.layout.kind is LayoutKind.PERIODS_ACROSS
    assert brief(found) == [
        ("KZ", "2021", "", "4.9"),
        ("KZ", "2022", "", "4.9"),
        ("KZABY", "2021", "", None),
        ("KZABY", "2022", "", "5"),
        ("KZNS", "2021", "", "4.7"),
        ("KZNS", "2022", "", "0"),
    ]
    assert found.problems == []


def test_a_figure_knows_its_cell_and_its_text(read: Read) -> None:
    found = read(page("Регион | 2023 | 2024\nАкмолинская | 4,8 | 1 234,5*"))
    figure = found.figures[1]
    assert (figure.row, figure.column, figure.raw, figure.territory_text) == (1, 2, "1 234,5*", "Акмолинская")


def test_it_sets_titles_unit_and_footnotes_apart(read: Read) -> None:
    found = read(
        page("""
Уровень безработицы
|||в процентах
Аймақ | 2022 | 2023 | 2024
Туркестанская* | 5,1 | 5,0 | 4,9
Шымкент қ. | 5,2 | 5,1 | 5,0
*Данные за 1999-2016гг. по Южно-Казахстанской области.
Источник: Бюро национальной статистики
""")
    )
    layout = found.layout
    assert layout.indicator == "unemployment"
    assert layout.unit_text == "в процентах"
    assert [(note.mark, note.cells) for note in layout.notes] == [("*", ((3, 0),)), ("", ())]
    assert len(found.figures) == found.cells == 6
    assert {figure.unit for figure in found.figures} == {"в процентах"}


def test_the_unit_may_end_the_title(read: Read) -> None:
    found = read(page("Уровень безработицы, в процентах | |\n | 2023 | 2024\nАтырау | 5 | 4"))
    assert (found.layout.indicator, found.layout.unit_text) == ("unemployment", "в процентах")


def test_a_block_label_changes_the_breakdown_of_the_rows_below(read: Read) -> None:
    found = read(
        page("""
| 2023 | 2024
Мужчины | |
Акмолинская | 66 | 67
Городское население | |
Акмолинская | 64 | 65
Сельское население | |
Акмолинская | 68 | 69
"""),
        name="Мужчины",
    )
    assert [breakdown for _, period, breakdown, _ in brief(found) if period == "2024"] == [
        "SEX=M",
        "SEX=M&URBANISATION=U",
        "SEX=M&URBANISATION=R",
    ]
    assert found.layout.doubts == ()


def test_a_label_directly_below_another_stands_within_it(read: Read) -> None:
    found = read(
        page("""
| 2023 | 2024
Городское население | |
Мужчины | |
Акмолинская | 1 | 2
Женщины | |
Акмолинская | 3 | 4
Сельское население | |
Мужчины | |
Акмолинская | 5 | 6
""")
    )
    assert [breakdown for _, period, breakdown, _ in brief(found) if period == "2024"] == [
        "SEX=M&URBANISATION=U",
        "SEX=F&URBANISATION=U",
        "SEX=M&URBANISATION=R",
    ]


def test_blocks_whose_order_is_not_plain_are_doubted(read: Read) -> None:
    found = read(
        page("""
| 2023 | 2024
Мужчины | |
Акмолинская | 1 | 2
Городское население | |
Акмолинская | 3 | 4
""")
    )
    assert Doubt.BLOCK_ORDER in found.layout.doubts


def test_an_unknown_label_is_reported_and_its_rows_are_not_taken_for_others(read: Read) -> None:
    found = read(page("| 2023 | 2024\nАкмолинская | 1 | 2\nПенсионеры | |\nАкмолинская | 3 | 4"))
    assert Doubt.UNKNOWN_BLOCK in found.layout.doubts
    assert found.figures == []
    assert ("unknown_block", "Пенсионеры") in troubles(found)
    assert [p.code.value for p in found.problems].count("duplicate_row") == 4


def test_quarters_stand_below_their_merged_year(read: Read) -> None:
    found = read(
        page("""
Регион | 2023 | | | | | 2024 |
 | I квартал | II квартал | III квартал | IV квартал | год | I квартал | II квартал
Акмолинская | 1 | 2 | 3 | 4 | 10 | 5 | 6
""")
    )
    assert found.layout.header_rows == (0, 1)
    assert [period for _, period, _, _ in brief(found)] == [
        "2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2023", "2024-Q1", "2024-Q2",
    ]  # fmt: skip


def test_months_in_kazakh_stand_below_a_year_that_is_a_number(read: Read) -> None:
    found = read([("", 2024.0, "", ""), ("", "қаңтар", "ақпан", "наурыз"), ("Алматы қаласы", 1.0, 2.0, 3.0)])
    assert [period for _, period, _, _ in brief(found)] == ["2024-01", "2024-02", "2024-03"]


def test_sexes_may_stand_above_the_years_and_below_them(read: Read) -> None:
    above = read(page("| Мужчины | | Женщины |\n | 2023 | 2024 | 2023 | 2024\nАтырау | 1 | 2 | 3 | 4"))
    below = read(page("| 2023 | | 2024 |\n | Мужчины | Женщины | Мужчины | Женщины\nАтырау | 1 | 3 | 2 | 4"))
    assert sorted(brief(above)) == sorted(brief(below))
    assert brief(above)[3] == ("KZATY", "2024", "SEX=F", "4")


def test_years_as_numbers_may_repeat_below_a_merged_heading(read: Read) -> None:
    found = read(
        [
            ("", "Мужчины", "", "Женщины", ""),
            ("", 2023.0, 2024.0, 2023.0, 2024.0),
            ("Атырау", 1.0, 2.0, 3.0, 4.0),
        ]
    )
    assert brief(found)[2] == ("KZATY", "2023", "SEX=F", "3")


def test_a_heading_over_two_rows_keeps_its_column(read: Read) -> None:
    found = read(
        page("""
Численность населения за 2023 год
Регион | Всего | в том числе: |
 | | Мужчины | Женщины
Акмолинская | 10 | 4 | 6
""")
    )
    assert brief(found) == [
        ("KZAKM", "2023", "", "10"),
        ("KZAKM", "2023", "SEX=M", "4"),
        ("KZAKM", "2023", "SEX=F", "6"),
    ]
    assert found.layout.kind is LayoutKind.CATEGORIES_ACROSS


def test_territories_may_stand_across(read: Read) -> None:
    found = read(page("Год | Акмолинская | Атырауская | г. Астана\n2023 | 1 | 2 | 3\n2024 | 4 | 5 | 6"))
    assert found.layout.kind is LayoutKind.TERRITORIES_ACROSS
    assert brief(found)[3:] == [
        ("KZAKM", "2024", "", "4"),
        ("KZATY", "2024", "", "5"),
        ("KZNS", "2024", "", "6"),
    ]


def test_years_may_be_labels_of_blocks(read: Read) -> None:
    found = read(
        page("""
Регион | Мужчины | Женщины
2023 год | |
Акмолинская | 1 | 2
2024 год | |
Акмолинская | 3 | 4
""")
    )
    assert brief(found)[2:] == [("KZAKM", "2024", "SEX=M", "3"), ("KZAKM", "2024", "SEX=F", "4")]


def test_indicators_may_stand_down_the_page(read: Read) -> None:
    found = read(
        page("""
г. Астана
Показатель | Ед. изм. | 2023 | 2024
Уровень безработицы | % | 4,7 | 4,6
Численность населения, человек | человек | 1 430 117 | 1 528 703
"""),
    )
    assert [
        (f.indicator, f.unit, f.territory, str(f.value)) for f in found.figures if f.period.year == 2024
    ] == [
        ("unemployment", "%", "KZNS", "4.6"),
        ("population", "человек", "KZNS", "1528703"),
    ]


def test_merged_names_are_filled_downwards(read: Read) -> None:
    found = read(
        page("""
Регион | Пол | 2023 | 2024
Акмолинская | Мужчины | 1 | 2
 | Женщины | 3 | 4
Атырауская | Мужчины | 5 | 6
 | Женщины | 7 | 8
""")
    )
    assert [(t, b) for t, p, b, _ in brief(found) if p == "2024"] == [
        ("KZAKM", "SEX=M"),
        ("KZAKM", "SEX=F"),
        ("KZATY", "SEX=M"),
        ("KZATY", "SEX=F"),
    ]
    assert {figure.territory_text for figure in found.figures} == {"Акмолинская", "Атырауская"}


def test_cumulative_headings_carry_a_caveat(read: Read) -> None:
    found = read(page("| январь-сентябрь 2023 | январь-сентябрь 2024\nАтырау | 1 | 2"))
    assert [(str(f.period), f.caveat) for f in found.figures] == [
        ("2023-Q3", Caveat.CUMULATIVE),
        ("2024-Q3", Caveat.CUMULATIVE),
    ]
    assert [code for code, _ in troubles(found)] == ["cumulative_period", "cumulative_period"]
    assert sum(problem.lost for problem in found.problems) == 0


def test_closing_days_close_the_period_that_their_neighbours_tell(read: Read) -> None:
    years = read(page("| 31.12.2023 | 31.12.2024\nАтырау | 1 | 2"))
    quarters = read(page("| 2024-09-30 | 2024-12-31\nАтырау | 1 | 2"))
    assert [period for _, period, _, _ in brief(years)] == ["2023", "2024"]
    assert [period for _, period, _, _ in brief(quarters)] == ["2024-Q3", "2024-Q4"]


def test_values_that_look_like_years_are_values(read: Read) -> None:
    found = read([("", 2003.0, 2004.0), ("Акмолинская", 1950.0, 1960.0), ("Атырауская", 2001.0, 2002.0)])
    assert [value for *_, value in brief(found)] == ["1950", "1960", "2001", "2002"]


def test_a_row_that_counts_the_columns_is_no_data(read: Read) -> None:
    found = read(page("Регион | 2023 | 2024\nА | 1 | 2\nАкмолинская | 5 | 6"))
    assert found.cells == 2


def test_a_column_of_serial_numbers_is_ignored(read: Read) -> None:
    found = read(page("№ | Регион | 2023 | 2024\n1 | Акмолинская | 5 | 6\n2 | Атырауская | 7 | 8"))
    assert found.layout.columns[0].role is Role.IGNORED
    assert len(found.figures) == 4


def test_a_column_that_is_not_understood_is_reported(read: Read) -> None:
    found = read(page("Регион | 2023 | 2024 | 2024 в % к 2023\nАкмолинская | 5 | 6 | 120"))
    assert Doubt.UNKNOWN_COLUMN in found.layout.doubts
    assert troubles(found) == [("unknown_column", "2024 в % к 2023")]
    assert len(found.figures) == 2


def test_tables_one_below_the_other_are_read_apart(words: WordList) -> None:
    rows = page("""
Уровень безработицы
Регион | 2022 | 2023
Акмолинская | 1 | 2
Атырауская | 3 | 4

Численность населения
Регион | 2023 | 2024
Акмолинская | 5 | 6
""")
    sheet = Sheet("", [tuple(row) for row in rows])
    layouts = detect_layouts(sheet, words)
    assert [layout.indicator for layout in layouts] == ["unemployment", "population"]
    assert [len(extract(sheet, layout, words).figures) for layout in layouts] == [4, 2]


def test_a_table_without_territories_is_doubted(read: Read) -> None:
    found = read(page("Показатель | 2023 | 2024\nУровень безработицы | 4,7 | 4,6"))
    assert {figure.territory for figure in found.figures} == {"KZ"}
    assert Doubt.NO_TERRITORY in found.layout.doubts


def test_rows_below_a_territory_may_be_its_parts(read: Read) -> None:
    found = read(
        page("""
| 2024
Республика Казахстан | 10
Городское население | 6
Акмолинская | 4
Городское население | 3
из них: Женщины | 2
Атырауская | 5
Талгарский район | 1
""")
    )
    assert brief(found)[:5] == [
        ("KZ", "2024", "", "10"),
        ("KZ", "2024", "URBANISATION=U", "6"),
        ("KZAKM", "2024", "", "4"),
        ("KZAKM", "2024", "URBANISATION=U", "3"),
        ("KZAKM", "2024", "SEX=F", "2"),
    ]


def test_parts_of_an_unknown_territory_go_to_no_other(read: Read) -> None:
    found = read(page("| 2024\nАкмолинская | 4\nАтырауская | 5\nАтлантида | 9\nГородское население | 3"))
    assert [code for code, _ in troubles(found)] == ["unknown_territory", "unknown_territory"]


def test_what_the_rows_are_about_is_never_guessed_to_be_the_country(read: Read) -> None:
    found = read(page("Вид преступления | 2023 | 2024\nКражи | 5 | 6"))
    assert found.figures == []
    assert [(p.code, p.text, p.lost) for p in found.problems] == [("unknown_territory", "Кражи", 2)]


def test_names_and_headings_may_stand_in_two_languages(read: Read) -> None:
    found = read(page("Аймақ / Регион | 2024\nАбай облысы / область Абай | 1\nАтырау / Атлантида | 2"))
    assert brief(found) == [("KZABY", "2024", "", "1")]
    assert troubles(found) == [("unknown_territory", "Атырау / Атлантида")]


def test_planned_figures_are_not_taken_for_actual_ones(read: Read) -> None:
    found = read(page("Регион | 2023 план | 2023 факт | 2024 план | 2024 факт\nАтырауская | 1 | 2 | 3 | 4"))
    assert brief(found) == [("KZATY", "2023", "", "2"), ("KZATY", "2024", "", "4")]
    assert troubles(found) == [("unknown_column", "2023 план"), ("unknown_column", "2024 план")]


def test_a_page_of_prose_has_no_table(words: WordList) -> None:
    rows = page("Пояснительная записка\nВ 2024 году показатели выросли.\n1. Общие положения")
    assert detect_layouts(Sheet("Лист1", rows), words) == []  # type: ignore[arg-type]
