"""What reads from outside, each as a function of bytes: it returns, or something is wrong.

A target lets through no error but those that its reader states. `SEEDS` are good inputs to begin from.
"""

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings
from openpyxl import Workbook

from common.rest.bodies import Member, StrictJsonParser, figure, read_object, text, whole_number
from common.rest.problems import Problem
from indicators.periods import Period, PeriodError
from indicators.tables import Kind, UnreadableFile, WordList, detect_layouts, extract, read_workbook
from indicators.tables.cells import Missing, NotANumber, parse_number
from indicators.tables.headings import parse_heading, title_period
from indicators.tables.names import normalise_name
from papers.signatures import SignatureError
from papers.signatures import read as read_signature
from programmes.packages.problems import PackageError
from programmes.packages.reading import Reader
from tests.papers.test_signatures import ON_A_CURVE, SIGNER, signed

PACKAGE, COLUMNS = "programmes/almaty-2025/programme.yaml", ("code", "name")
UNITS = "catalogue/units.yaml"
WORDS = WordList(country="KZ")
WORDS.add_territory("KZALA", 1, Kind.CITY, ["Алматы"])
WORDS.add_territory("KZNS", 1, Kind.CITY, ["Астана"])
WORDS.add_dimension("SEX", ["Пол"], ["Всего"])
WORDS.add_category("SEX", "M", ["Мужчины"])


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def numbers(data: bytes) -> None:
    """Cells that may hold a number."""
    for mark in (",", "."):
        found = parse_number(_text(data), mark)
        assert isinstance(found, Missing | NotANumber) or found.is_finite()


def periods(data: bytes) -> None:
    """Periods as the portal writes them, and as headings and titles of tables do."""
    with suppress(PeriodError):
        assert str(Period.parse(_text(data))) == _text(data)
    parse_heading(_text(data))
    title_period(_text(data))
    normalise_name(_text(data))


def tables(data: bytes) -> None:
    """Files of statistics: workbooks, delimited text, JSON."""
    with tempfile.TemporaryDirectory() as folder, suppress(UnreadableFile):
        path = Path(folder) / "upload"
        path.write_bytes(data)
        for sheet in read_workbook(path).sheets:
            for layout in detect_layouts(sheet, WORDS):
                found = extract(sheet, layout, WORDS)
                assert len(found.figures) + sum(each.lost for each in found.problems) == found.cells


def packages(data: bytes) -> None:
    """Files of a data package: YAML against a schema, CSV against its columns."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "schema").symlink_to(settings.DATA_DIR / "schema")
        path = root / "file"
        path.write_bytes(data)
        with suppress(PackageError):
            Reader(root).entries(path, "units")
        with suppress(PackageError):
            Reader(root).entry(path, "programme")
        with suppress(PackageError):
            Reader(root).table(path, COLUMNS)


def signatures(data: bytes) -> None:
    """Electronic signatures."""
    with suppress(SignatureError):
        read_signature(io.BytesIO(b"a report"), data, [])


class _View:
    """What the parser asks of a view."""

    most_bytes, body_digest = 1 << 20, ""


def bodies(data: bytes) -> None:
    """Bodies of requests to the API."""
    members = {"value": Member(figure), "version": Member(whole_number), "comment": Member(text(50), "")}
    with suppress(Problem):
        read_object(StrictJsonParser().parse(io.BytesIO(data), parser_context={"view": _View()}), members)


@cache
def _workbook() -> bytes:
    book = Workbook()
    for row in (("Регион", "2022", "2023"), ("Алматы", 5.2, "…"), ("Астана", "4,8", 4.9)):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _archive(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, content)
    return written.getvalue()


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (numbers, periods, tables, packages, signatures, bodies)
}


@cache
def seeds(name: str) -> list[bytes]:
    """Good inputs of a target."""
    if name == "tables":
        table = "Регион;2022;2023\nАлматы;5,2;…\nАстана;4,8;4,9\n"
        opened = _archive("content.xml", b"<office:document-content/>")
        records = '[{"Регион": "Алматы", "2023": 5.2}]'
        return [table.encode(), table.encode("cp1251"), records.encode(), _workbook(), opened]
    if name == "packages":
        return [(settings.DATA_DIR / each).read_bytes() for each in (PACKAGE, UNITS)] + [b"code,name\na,b\n"]
    if name == "signatures":
        return [signed(SIGNER, b"a report"), signed(ON_A_CURVE, b"a report")]
    if name == "bodies":
        return [
            b'{"value": 5.25, "version": 3, "comment": "\xd2\x9b"}',
            b'{"value": "12.50"}',
            b"[]",
            b"null",
        ]
    if name == "periods":
        return [
            each.encode()
            for each in ("2023-Q1", "2023-06", "2023", "январь-сентябрь 2024 года", "31.12.2024")
        ]
    return [each.encode() for each in ("1 234,5", "5,7*", "-", "…", "1.2E3", "12%")]
