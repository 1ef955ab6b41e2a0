"""Why a file cannot be read: stable codes with parameters, worded by whoever shows them."""

from enum import StrEnum


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

    def __init__(self, code: FileProblem, **params: str | int) -> None:
        super().__init__(code.value, params)
        self.code = code
        self.params = params
