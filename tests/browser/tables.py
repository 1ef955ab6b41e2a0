"""Workbooks as the Bureau publishes them, for the browser to send in."""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook


class Title(NamedTuple):
    """What a table is called: its file by the number of an SDG indicator, and its heading."""

    number: str
    heading: str


NEET = Title(
    "8-6-1",
    "Доля молодежи, которая не учится, не работает и не приобретает профессиональных навыков",
)
WASTE = Title(
    "12-5-1-1",
    "Доля переработанных и утилизированных твёрдых бытовых отходов в их образовании",
)


def bureau_workbook(path: Path, title: Title, years: list[int], almaty: list[Decimal | str]) -> Path:
    """Years across, Almaty among the territories."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title.number
    sheet.append([title.heading])
    sheet.append([])
    sheet.append(["", *years])
    sheet.append(["Абай", *["-"] * len(years)])
    sheet.append(["г. Алматы", *[value if isinstance(value, str) else float(value) for value in almaty]])
    sheet.append(["Атлантида", *[1.5] * len(years)])
    file = path / f"indicator_{title.number}.xlsx"
    workbook.save(file)
    return file


def neet_workbook(path: Path, years: list[int], almaty: list[Decimal | str]) -> Path:
    """Young people not in education, employment or training."""
    return bureau_workbook(path, NEET, years, almaty)
