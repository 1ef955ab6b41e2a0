"""What a file really is, by its first bytes and, for archives, by what is packed in them."""

import zipfile
from enum import StrEnum
from pathlib import Path

from indicators.tables.refusals import FileProblem, UnreadableFile

MAX_UNPACKED = 500 * 2**20
MAX_RATIO = 200
MAX_MEMBERS = 10_000
SMALL_MEMBER = 2**20
"""Below this unpacked size a member's compression ratio says nothing."""


class FileType(StrEnum):
    """The kinds of file that are told apart."""

    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    TEXT = "text"
    PDF = "pdf"
    IMAGE = "image"
    HTML = "html"
    XML = "xml"
    RTF = "rtf"
    WORD = "word"
    POWERPOINT = "powerpoint"
    ARCHIVE = "archive"
    PARQUET = "parquet"
    BINARY = "binary"


WORKBOOKS = frozenset((FileType.XLSX, FileType.XLS, FileType.ODS))

_SIGNATURES = (
    (b"%PDF", FileType.PDF),
    (b"\x89PNG", FileType.IMAGE),
    (b"\xff\xd8\xff", FileType.IMAGE),
    (b"GIF8", FileType.IMAGE),
    (b"II*\0", FileType.IMAGE),
    (b"MM\0*", FileType.IMAGE),
    (b"{\\rtf", FileType.RTF),
    (b"Rar!", FileType.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileType.ARCHIVE),
    (b"\x1f\x8b", FileType.ARCHIVE),
    (b"PAR1", FileType.PARQUET),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def recognise(path: Path) -> FileType:
    """The type of a file that is not empty. Raises `UnreadableFile` for encrypted and bomb-like archives."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _packed(path)
    if head.startswith(_COMPOUND):
        return _compound(path)
    return _textual(head)


def _packed(path: Path) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_bomb(members)
            names = {member.filename for member in members}
            if any(member.flag_bits & 1 for member in members):
                raise UnreadableFile(FileProblem.ENCRYPTED)
            if "content.xml" in names and "META-INF/manifest.xml" in names:
                if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise UnreadableFile(FileProblem.ENCRYPTED)
                is_sheet = "mimetype" in names and b"spreadsheet" in archive.read("mimetype")
                return FileType.ODS if is_sheet else FileType.WORD
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise UnreadableFile(FileProblem.BROKEN_FILE, detail=str(error)) from error
    folders = {name.partition("/")[0] for name in names}
    if "xl/workbook.bin" in names:
        return FileType.XLSB
    if "xl" in folders:
        return FileType.XLSX
    return next(
        (k for f, k in (("word", FileType.WORD), ("ppt", FileType.POWERPOINT)) if f in folders),
        FileType.ARCHIVE,
    )


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    """Judges by the central directory; `workbooks.inspect` later proves that its sizes are true."""
    unpacked = sum(member.file_size for member in members)
    is_dense = any(
        member.file_size > SMALL_MEMBER and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or is_dense:
        raise UnreadableFile(FileProblem.ZIP_BOMB, members=len(members), unpacked=unpacked)


def _compound(path: Path) -> FileType:
    """An OLE container: an old workbook, an encrypted new one, or another Office document."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile(FileProblem.ENCRYPTED)
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return FileType.XLS
    return FileType.WORD if "WordDocument".encode("utf-16-le") in content else FileType.BINARY


def _textual(head: bytes) -> FileType:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<table" in start:
        return FileType.HTML
    if start.startswith(b"<?xml"):
        return FileType.HTML if b"<html" in start else FileType.XML
    if head.startswith(_BYTE_ORDER_MARKS) or not _has_controls(head) or is_utf16(head):
        return FileType.TEXT
    return FileType.BINARY


def _has_controls(head: bytes) -> bool:
    return any(byte < 9 or 14 <= byte < 27 for byte in head)


def is_utf16(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: its Latin letters and digits leave every other byte zero.

    Cyrillic letters leave 4 there, so these count too.
    """
    even, odd = head[0::2], head[1::2]
    if len(head) < 4:
        return None
    if sum(byte in (0, 4) for byte in odd) > 0.9 * len(odd) and b"\0" not in even:
        return "utf-16-le"
    if sum(byte in (0, 4) for byte in even) > 0.9 * len(even) and b"\0" not in odd:
        return "utf-16-be"
    return None
