"""Reading the tables of statistics offices. Knows no Django and no database.

The way of a file, each step with its own result::

    workbook = read_workbook(path, "Безработица 2024.xlsx")       # raises UnreadableFile(code, params)
    for sheet in workbook.sheets:
        for layout in detect_layouts(sheet, vocabulary, workbook.name):
            extraction = extract(sheet, layout, vocabulary)       # figures, problems, cells

`Vocabulary` says what words mean; `WordList` is one to be filled with names. Between the two last steps a
person may see a layout (`preview`) and correct it (`corrected`); what of that holds for the next issue of the
table, known by `Layout.fingerprint`, is kept (`transferable`) and applied to it (`apply_remembered`).
Rows and columns count from 0; `cell_name` writes them as a spreadsheet does.

A table too large for the memory is read with `iterate`, which gives the same one by one.

Nothing is lost in silence: the figures of an extraction and the `lost` of its problems add up to its `cells`.
"""

from indicators.tables.cells import Missing, NotANumber, cell_text, parse_number
from indicators.tables.correcting import (
    CorrectionError,
    PreviewCell,
    PreviewRow,
    apply_remembered,
    blank_layout,
    corrected,
    preview,
    transferable,
)
from indicators.tables.detect import detect_layouts
from indicators.tables.extract import extract, iterate
from indicators.tables.figures import Extraction, Figure, Problem, ProblemCode, cell_name
from indicators.tables.files import Sheet, Workbook, read_workbook
from indicators.tables.headings import Caveat, Heading, parse_heading
from indicators.tables.layout import Block, Column, Doubt, Layout, LayoutKind, Note, Region, Role
from indicators.tables.names import Kind, Name, normalise_name
from indicators.tables.refusals import FileProblem, UnreadableFile
from indicators.tables.vocabulary import TOTAL, Category, TerritoryMatch, Vocabulary, WordList

__all__ = [
    "TOTAL",
    "Block",
    "Category",
    "Caveat",
    "Column",
    "CorrectionError",
    "Doubt",
    "Extraction",
    "Figure",
    "FileProblem",
    "Heading",
    "Kind",
    "Layout",
    "LayoutKind",
    "Missing",
    "Name",
    "NotANumber",
    "Note",
    "PreviewCell",
    "PreviewRow",
    "Problem",
    "ProblemCode",
    "Region",
    "Role",
    "Sheet",
    "TerritoryMatch",
    "UnreadableFile",
    "Vocabulary",
    "WordList",
    "Workbook",
    "apply_remembered",
    "blank_layout",
    "cell_name",
    "cell_text",
    "corrected",
    "detect_layouts",
    "extract",
    "iterate",
    "normalise_name",
    "parse_heading",
    "parse_number",
    "preview",
    "read_workbook",
    "transferable",
]
