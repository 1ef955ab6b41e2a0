"""The tables of docs/progress.md: what their cells say, and how a result is printed in one."""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from programmes.codes import Course
from tests.programmes.progress.cases import NAN, Target
from tests.yamls import read_yaml

ROOT = Path(__file__).parents[3]
DATA = ROOT / "data"
TEXT = (ROOT / "docs" / "progress.md").read_text(encoding="utf-8")
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

Row = dict[str, str]


def sections(prefix: str) -> list[str]:
    """The headings that begin so."""
    return [line.lstrip("# ") for line in TEXT.splitlines() if line.lstrip("# ").startswith(prefix)]


@cache
def tables(heading: str) -> dict[str, list[Row]]:
    """The tables below the heading, up to the next one, by the name of their first column."""
    _, _, rest = TEXT.partition(f" {heading}\n")
    assert rest, f"no heading {heading}"
    body = re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]
    blocks = re.findall(r"(?:^\|.*\n)+", body, flags=re.MULTILINE)
    return dict(map(_table, blocks))


def _table(block: str) -> tuple[str, list[Row]]:
    header, _, *lines = block.splitlines()
    names = _cells(header)
    return names[0], [dict(zip(names, _cells(line), strict=True)) for line in lines]


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")]


def number(cell: str) -> float:
    """A printed number."""
    return float(cell.replace(MINUS, "-"))


def dated(cell: str) -> tuple[float, float]:
    """Year and value of "20 in 2020"; "in 2020" has no value, "none" neither."""
    if cell == "none":
        return NAN, NAN
    value, _, year = cell.rpartition("in ")
    return int(year), number(value) if value.strip() else NAN


def promised(cell: str) -> dict[int, Target]:
    """Targets by year of "40 in 2025; 10–20 in 2030"; a pair is a range."""
    found: dict[int, Target] = {}
    for part in cell.split("; "):
        value, year = part.split(" in ")
        low, _, high = value.partition(DASH)
        found[int(year)] = (number(low), number(high)) if high else number(low)
    return found


def years(cell: str) -> list[int]:
    """The years of "2014–2023" or of "2023; 2024; 2030"."""
    first, _, last = cell.partition(DASH)
    return list(range(int(first), int(last) + 1)) if last else [int(year) for year in cell.split("; ")]


def shown(value: float) -> str:
    """A figure with up to two decimals, as the tables print it; NaN: none."""
    if math.isnan(value):
        return "none"
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", MINUS) if abs(value) < 1e9 else f"{value:.0e}"


def fact(facts: Mapping[str, Any], name: str) -> str:
    """A fact as the tables print it: a share in per cent or a word, else the reason why there is none."""
    if name == "course":
        word, reason = str(facts["course"]), str(facts["course_reason"])
        return f"{word} ({reason})" if word == Course.NOT_COMPUTABLE else word or reason
    value = facts[name]
    if name == "verdict":
        return str(value) or str(facts["verdict_reason"])
    if math.isnan(value):
        return str(facts[f"{name}_reason"])
    return share(value)


def share(value: float) -> str:
    """A share in per cent, one decimal."""
    rounded = Decimal(repr(round(float(100 * value), 9))).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded + 0} %".replace("-", MINUS)


@cache
def kpis() -> dict[str, dict[str, Any]]:
    """The KPIs of the data packages, by code."""
    files = chain(DATA.glob("programmes/*/kpis.yaml"), DATA.glob("programmes/*/kpis/*.yaml"))
    return {kpi["code"]: kpi for file in sorted(files) for kpi in _yaml(file)}


@cache
def bounds(indicator: str) -> tuple[float, float]:
    """What the catalogue says the indicator can be at all; NaN: no bound."""
    files = chain(DATA.glob("catalogue/indicators/*.yaml"), DATA.glob("programmes/*/indicators.yaml"))
    known = chain.from_iterable(map(_yaml, chain(files, DATA.glob("programmes/*/indicators/*.yaml"))))
    found = next(each for each in known if each["code"] == indicator).get("bounds", {})
    return found.get("min", NAN), found.get("max", NAN)


def cited(cell: str) -> Iterator[dict[str, str]]:
    """The rows of the data file that "`path`, lines 3–5" names."""
    path, first, last = re.fullmatch(rf"`(.+)`, lines? (\d+)(?:{DASH}(\d+))?", cell).groups()  # type: ignore[union-attr]
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    yield from rows[int(first) - 2 : int(last or first) - 1]


@cache
def _yaml(file: Path) -> list[dict[str, Any]]:
    return list(read_yaml(file.read_text(encoding="utf-8")) or [])
