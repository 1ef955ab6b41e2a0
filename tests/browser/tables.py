"""Workbooks as the Bureau publishes them, for the browser to send in."""

from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook


def neet_workbook(path: Path, years: list[int], almaty: list[Decimal | str]) -> Path:
    """Young people not in education, employment or training: years across, Almaty among the territories."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "NEET"
    sheet.append(["Доля молодежи, которая не учится, не работает и не приобретает профессиональных навыков"])
    sheet.append([])
    sheet.append(["", *years])
    sheet.append(["Абай", *["-"] * len(years)])
    sheet.append(["г. Алматы", *[value if isinstance(value, str) else float(value) for value in almaty]])
    sheet.append(["Атлантида", *[1.5] * len(years)])
    file = path / "indicator_8-6-1.xlsx"
    workbook.save(file)
    return file
