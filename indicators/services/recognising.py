"""The tables of a workbook as they are to be read: as detected, as remembered, as somebody corrected them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NamedTuple

from indicators.models import TableMapping, Upload
from indicators.tables import Column, Layout, Role, Sheet, Workbook, cell_text, detect_layouts
from indicators.tables.correcting import (
    CorrectionError,
    apply_remembered,
    blank_layout,
    corrected,
    preview,
    transferable,
)
from indicators.tables.vocabulary import Vocabulary

PREVIEW_ROWS, PREVIEW_COLUMNS, PREVIEW_TEXT = 40, 30, 60
MOST_CHARACTERS = 120_000
"""Of the pictures of all tables together: the page of an upload is loaded with them."""
LEAST_ROWS = 3
OWN = ("convert",)
"""Corrections that are no part of a layout."""


@dataclass(frozen=True)
class Table:
    """A table of the file: where it stands, how it is read, and why so."""

    position: str
    """The sheet's number in the file and the table's on the sheet, from 0: `0.1`."""
    sheet: Sheet
    layout: Layout
    fingerprint: str
    """Of the layout as it was detected: the next file of this shape has it too."""
    correction: Mapping[str, Any]
    mapping: TableMapping | None
    is_detected: bool
    fits: bool
    """Whether what was corrected can be done to what was found now."""

    @property
    def indicator(self) -> str:
        """The code of what it measures, if a person said so, for this file or for one of its shape."""
        remembered = self.mapping.indicator.code if self.mapping and self.mapping.indicator else ""
        return str(self.correction.get("indicator") or remembered)

    @property
    def converts(self) -> list[str]:
        """Codes of the units from which its figures are to be converted."""
        remembered = self.mapping.remembered.get("convert", []) if self.mapping else []
        return list(self.correction.get("convert", remembered))

    def is_untitled(self, file_name: str) -> bool:
        """Whether no line above the table says what it measures."""
        return set(self.layout.indicator_texts) <= {self.sheet.name, PurePath(file_name).stem}


class _Found(NamedTuple):
    position: str
    sheet: Sheet
    layout: Layout
    is_detected: bool


def recognise_tables(workbook: Workbook, upload: Upload, words: Vocabulary) -> list[Table]:
    """All tables of the workbook; a sheet on which none was detected counts as one that nobody described."""
    tables = list(_detected(workbook, upload.file_name, words))
    mappings = TableMapping.objects.select_related("indicator").in_bulk(
        [found.layout.fingerprint for found in tables], field_name="fingerprint"
    )
    return [_table(found, upload, words, mappings.get(found.layout.fingerprint)) for found in tables]


def _detected(workbook: Workbook, name: str, words: Vocabulary) -> Iterator[_Found]:
    for number, sheet in enumerate(workbook.sheets):
        layouts = detect_layouts(sheet, words, name)
        for index, layout in enumerate(layouts):
            yield _Found(f"{number}.{index}", sheet, layout, is_detected=True)
        if not layouts and any(map(any, sheet.rows)):
            yield _Found(f"{number}.0", sheet, undescribed(sheet), is_detected=False)


def undescribed(sheet: Sheet) -> Layout:
    """A sheet on which no table was recognised: its first filled row counts as the heading."""
    return blank_layout(sheet, next((n for n, row in enumerate(sheet.rows) if any(map(cell_text, row))), 0))


def _table(found: _Found, upload: Upload, words: Vocabulary, mapping: TableMapping | None) -> Table:
    layout, fits = found.layout, True
    correction = upload.corrections.get(found.position, {})
    if mapping is not None:
        layout = apply_remembered(layout, mapping.remembered["layout"])
    if changes := {name: value for name, value in correction.items() if name not in OWN}:
        try:
            layout = corrected(layout, changes, found.sheet, words)
        except CorrectionError:
            fits = False
    return Table(
        found.position, found.sheet, layout, found.layout.fingerprint, correction, mapping,
        is_detected=found.is_detected, fits=fits,
    )  # fmt: skip


def picture(table: Table, tables: int) -> dict[str, Any]:
    """What the page needs to draw one of so many tables and to correct it; plain JSON types.

    Rows and columns count from 0. The pictures of all tables together stay below `MOST_CHARACTERS`.
    """
    layout = table.layout
    rows = _pictured(table, MOST_CHARACTERS // max(1, tables))
    columns = {column.index: column for column in layout.columns}
    width = max((len(cells) for _number, cells in rows), default=0)
    return {
        "position": table.position,
        "fingerprint": table.fingerprint,
        "transferable": {"layout": transferable(layout), "convert": table.converts},
        "mapping": table.mapping and table.mapping.pk,
        "is_detected": table.is_detected,
        "is_ignored": layout.is_ignored,
        "fits": table.fits,
        "doubts": [doubt.value for doubt in layout.doubts],
        "texts": [text[:200] for text in layout.indicator_texts[:3]],
        "indicator": table.indicator or layout.indicator or "",
        "chosen": table.indicator,
        "unit": layout.unit_text,
        "territory": layout.territory or "",
        "period": str(layout.period.period() or "") if layout.period else "",
        "breakdown": [f"{category.dimension}={category.code}" for category in layout.breakdown],
        "header_rows": list(layout.header_rows),
        "first_row": layout.first_row,
        "last_row": layout.last_row,
        "height": len(table.sheet.rows),
        "columns": [_described(index, columns.get(index)) for index in range(width)],
        "hidden_values": sum(column.role is Role.VALUE for column in layout.columns if column.index >= width),
        "rows": rows,
    }


def _pictured(table: Table, room: int) -> list[tuple[int, list[tuple[str, str]]]]:
    """The first rows with their numbers, each cell with its role; as many as there is room for."""
    rows: list[tuple[int, list[tuple[str, str]]]] = []
    used = 0
    for row in preview(table.sheet, table.layout, PREVIEW_ROWS, PREVIEW_COLUMNS):
        cells = [(cell.text[:PREVIEW_TEXT], cell.role) for cell in row.cells]
        used += sum(len(text) + len(role) + 8 for text, role in cells)
        if used > room and len(rows) >= LEAST_ROWS:
            break
        rows.append((row.number, cells))
    return rows


def _described(index: int, column: Column | None) -> tuple[int, str, str, str]:
    """A column's index, role, dimension and heading; one without a heading is left out of the layout."""
    if column is None:
        return index, Role.IGNORED.value, "", ""
    return index, column.role.value, column.dimension or "", column.text[:PREVIEW_TEXT]
