"""An entry of a file: its fields, and how to complain about them by file, line and field."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, Self

from common.names import LANGUAGES
from indicators.periods import Period, PeriodError
from programmes.packages.problems import FORMS, PackageError, did_you_mean

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", re.ASCII)

Path = tuple[str | int, ...]


class DataFile(Protocol):
    """A file that can tell on which line a field is written."""

    @property
    def name(self) -> str:
        """The file as people know it: `data/catalogue/units.yaml`."""

    def line(self, path: Path) -> int:
        """The line of the field, or of what surrounds it where it is missing."""


@dataclass(frozen=True)
class Codes:
    """The rows of a kind by code, for references to them; `home` is where the kind is declared."""

    what: str
    home: str
    ids: dict[str, int]

    @classmethod
    def of(cls, what: str, home: str, ids: Mapping[tuple[int, str], int], owner: int) -> Self:
        """The codes that hold within an owner only, from ids by owner and code."""
        return cls(what, home, {code: pk for (row_owner, code), pk in ids.items() if row_owner == owner})


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping in a YAML file, or a row of a CSV file."""

    file: DataFile
    path: Path
    data: Mapping[str, Any] = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The field's value, or the default where it is absent."""
        return self.data.get(name, default)

    def error(self, name: str, message: str) -> PackageError:
        """An error about the field of that name."""
        return error_at(self.file, (*self.path, name), message)

    def fault(self, message: str) -> PackageError:
        """An error about the entry as a whole."""
        return error_at(self.file, self.path, message)

    def child(self, name: str) -> "Record":
        """The mapping in that field."""
        return Record(self.file, (*self.path, name), self.data.get(name) or {})

    def cite(self) -> "Record | None":
        """The entry's citation, if it has one of its own."""
        return self.child("cite") if "cite" in self.data else None

    def children(self, name: str) -> Iterator["Record"]:
        """The mappings in the list in that field."""
        for index, value in enumerate(self.data.get(name) or ()):
            yield Record(self.file, (*self.path, name, index), value)

    def texts(self, name: str, prefix: str = "") -> dict[str, str]:
        """The field's text in three languages as model fields `<prefix>_kk`, …; empty where there is none."""
        texts = self.data.get(name) or {}
        return {f"{prefix or name}_{language}": texts.get(language, "") for language in LANGUAGES}

    def date(self, name: str) -> dt.date | None:
        """The day in the field; None where it is empty."""
        if not (text := self.data.get(name)):
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise self.error(name, f"{text!r} is not a day: {FORMS['date']}") from None

    def period(self, name: str) -> Period:
        """The reporting period in the field."""
        try:
            return Period.parse(self.data[name])
        except PeriodError:
            raise self.error(name, f"{self.data[name]!r} is not a period: {FORMS['period']}") from None

    def number(self, name: str) -> Decimal | None:
        """The number written in the field of a CSV file; None where it is empty."""
        if not (text := self.data[name]):
            return None
        if NUMBER.fullmatch(text) is None:
            raise self.error(name, f"{text!r} is not a number: write it with a decimal point, such as 6.3")
        return Decimal(text)

    def reference(self, name: str, codes: Codes) -> int | None:
        """The id of the row whose code stands in the field; None where it is empty."""
        code = self.data.get(name)
        return None if code is None or code == "" else self.look_up(name, code, codes)

    def look_up(self, name: str, code: str, codes: Codes) -> int:
        """The id of the row with the code, which stands somewhere in the field."""
        try:
            return codes.ids[code]
        except KeyError:
            cure = did_you_mean(code, codes.ids, f"add it to {codes.home} or correct the code")
            raise self.error(name, f"unknown {codes.what} {code!r}: {cure}") from None


def error_at(file: DataFile, path: Path, message: str) -> PackageError:
    """An error at the path; the position in the file itself is left to the line number."""
    steps = path[1:] if path and isinstance(path[0], int) else path
    return PackageError(file.name, file.line(path), ".".join(map(str, steps)), message)
