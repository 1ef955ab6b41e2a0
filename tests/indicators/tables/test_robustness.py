"""Whatever a file holds, reading it ends in figures, problems or a stated refusal."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.tables import (
    Layout,
    Role,
    Sheet,
    UnreadableFile,
    WordList,
    apply_remembered,
    blank_layout,
    corrected,
    detect_layouts,
    extract,
    iterate,
    preview,
    read_workbook,
    transferable,
)
from tests.examples import examples

TEXTS = """Регион|Год|Значение|Пол|2023|2024 год|I квартал|год|Мужчины|Женщины|Всего|Городское население
Акмолинская|Алматы|г. Алматы|Абай|Пенсионеры|в том числе:|5,7|-|…|x|1 234|*Данные предварительные.|%
Уровень безработицы|31.12.2024|январь-сентябрь|"""
WORDS = st.sampled_from(TEXTS.replace("\n", "|").split("|"))
CELLS = WORDS | st.none() | st.sampled_from([2023.0, 2024.0, 5.5, 1.0, True]) | st.text(max_size=3)
STARTS = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Workbook", b"\xff\xfe", b"[{", b"%PDF")
GRIDS = st.lists(st.lists(CELLS, max_size=6).map(tuple), max_size=10)


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=GRIDS, name=WORDS)
def test_no_cell_is_lost_whatever_the_table(words: WordList, rows: list[tuple[str, ...]], name: str) -> None:
    sheet = Sheet(name, list(rows))
    for layout in detect_layouts(sheet, words):
        found = extract(sheet, layout, words)
        assert len(found.figures) + sum(problem.lost for problem in found.problems) == found.cells
        assert all(figure.value is None or figure.value.is_finite() for figure in found.figures)
        keys = [(f.territory, f.period, f.breakdown, f.indicator, f.unit, f.caveat) for f in found.figures]
        assert len(set(keys)) == len(keys)
        assert Layout.from_dict(json.loads(json.dumps(layout.to_dict()))) == layout
        assert layout.regions(len(rows))


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(
        [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Workbook", b"\xff\xfe", b"[{", b"%PDF"]
    ),
    rest=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, start: bytes, rest: bytes) -> None:
    path = tmp_path / "upload"
    path.write_bytes(start + rest)
    try:
        workbook = read_workbook(path)
    except UnreadableFile:
        return
    assert any(sheet.rows for sheet in workbook.sheets)


@pytest.mark.parametrize("layout_change", [{"last_row": 99}, {"first_row": 99}])
def test_a_layout_for_a_longer_file_is_harmless(words: WordList, layout_change: dict[str, int]) -> None:
    sheet = Sheet("", [("Year", "Value"), ("2024", "5")])
    (layout,) = detect_layouts(sheet, words)
    changed = Layout.from_dict(layout.to_dict() | layout_change)
    assert len(extract(sheet, changed, words).figures) == (1 if "last_row" in layout_change else 0)


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=GRIDS)
def test_one_by_one_or_at_once_a_table_gives_the_same(words: WordList, rows: list[tuple[str, ...]]) -> None:
    sheet = Sheet("", list(rows))
    for layout in detect_layouts(sheet, words):
        whole = extract(sheet, layout, words)
        assert sorted(map(str, iterate(sheet, layout, words))) == sorted(
            map(str, [*whole.figures, *whole.problems])
        )


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=GRIDS, role=st.sampled_from(Role), index=st.integers(0, 6), header=st.integers(0, 4))
def test_whatever_is_corrected_no_cell_is_lost(
    words: WordList, rows: list[tuple[str, ...]], role: Role, index: int, header: int
) -> None:
    sheet = Sheet("", list(rows))
    change = {"columns": {str(index): {"role": role.value, "dimension": "SEX"}}, "header_rows": [header]}
    for layout in [*detect_layouts(sheet, words), blank_layout(sheet)]:
        changed = corrected(layout, change, sheet, words)
        found = extract(sheet, changed, words)
        assert len(found.figures) + sum(problem.lost for problem in found.problems) == found.cells
        assert all(len(row) <= 30 for row in preview(sheet, changed))
        remembered = json.loads(json.dumps(transferable(changed)))
        assert len(apply_remembered(layout, remembered).columns) == len(layout.columns)
