"""Why a file cannot be read: stable codes with parameters, worded by whoever shows them."""

from enum import StrEnum

MAX_COLUMNS = 2_000
MAX_ROWS = 1_100_000
MAX_CELLS = 20_000_000


class FileProblem(StrEnum):
    """Reasons to refuse a file. The parameters of each stand behind it."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    """bytes, limit"""
    NOT_A_TABLE = "not_a_table"
    """found: what the file is (`FileType`)"""
    ZIP_BOMB = "zip_bomb"
    """members, unpacked: bytes"""
    ENCRYPTED = "encrypted"
    TOO_MANY_COLUMNS = "too_many_columns"
    """columns, limit, sheet"""
    TOO_MANY_ROWS = "too_many_rows"
    """rows, limit, sheet"""
    TOO_MANY_CELLS = "too_many_cells"
    """cells, limit, sheet"""
    UNKNOWN_ENCODING = "unknown_encoding"
    BROKEN_FILE = "broken_file"
    """detail: the technical message"""


class UnreadableFile(Exception):  # noqa: N818 - it names what is at hand, like Http404
    """The file is refused. `code` and `params` say why; there is no text for people here."""

    def __init__(self, code: StrEnum, **params: str | int) -> None:
        super().__init__(code.value, params)
        self.code = code
        self.params = params


def refuse_oversize(sheet: str, columns: int, rows: int) -> None:
    """Raises `UnreadableFile` for a sheet that no statistics table needs."""
    if columns > MAX_COLUMNS:
        raise UnreadableFile(FileProblem.TOO_MANY_COLUMNS, columns=columns, limit=MAX_COLUMNS, sheet=sheet)
    if rows > MAX_ROWS:
        raise UnreadableFile(FileProblem.TOO_MANY_ROWS, rows=rows, limit=MAX_ROWS, sheet=sheet)
    if columns * rows > MAX_CELLS:
        raise UnreadableFile(FileProblem.TOO_MANY_CELLS, cells=columns * rows, limit=MAX_CELLS, sheet=sheet)
