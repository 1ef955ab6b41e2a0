"""What is wrong with a file, said to the person who has it open in an editor."""

from collections.abc import Iterable
from difflib import get_close_matches

FORMS = {
    "slug": "use small Latin letters, digits and single hyphens",
    "code": "use Latin letters, digits, hyphens, dots and underscores",
    "document": 'write three digits, such as "004"',
    "period": "write 2024, 2024-S1, 2024-Q3 or 2024-05",
    "date": "write year, month and day, such as 2024-05-31",
}


class PackageError(Exception):
    """A file that cannot be loaded: which one, on which line (from 1), in which field, and what to do.

    Fields are written as dotted paths, positions in lists from 0: `targets.2.value`.
    """

    def __init__(self, file: str, line: int | None, field: str, message: str) -> None:
        place = ", ".join(part for part in (file, line and f"line {line}", field) if part)
        super().__init__(f"{place}: {message}")
        self.file, self.line, self.field, self.message = file, line, field, message


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A question with the closest known word, or the other advice where none is close."""
    close = get_close_matches(word, list(known), 1)
    return f"did you mean {close[0]!r}?" if close else otherwise
