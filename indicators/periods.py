"""Reporting periods: a frequency and the day on which the period starts.

A period is written as SDMX writes it: ``2024``, ``2024-S1``, ``2024-Q3``, ``2024-05``.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, total_ordering
from typing import Self

FIRST_YEAR = 1900
LAST_YEAR = 2100

_WRITTEN = re.compile(r"([0-9]{4})(?:-(?:S([12])|Q([1-4])|(0[1-9]|1[0-2])))?")


class PeriodError(ValueError):
    """The text or date is not a period of the years 1900 to 2100."""


class Frequency(StrEnum):
    """How often a figure is measured, by its SDMX code (CL_FREQ)."""

    ANNUAL = "A"
    HALF_YEAR = "S"
    QUARTER = "Q"
    MONTH = "M"

    @property
    def months(self) -> int:
        """Length of one period in months."""
        return _MONTHS[self]


_MONTHS = {Frequency.ANNUAL: 12, Frequency.HALF_YEAR: 6, Frequency.QUARTER: 3, Frequency.MONTH: 1}


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A year, half-year, quarter or month.

    Periods sort by their first day; of two that start together the shorter comes first.
    """

    frequency: Frequency
    start: date

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.start.year <= LAST_YEAR:
            raise PeriodError(f"year {self.start.year} is outside {FIRST_YEAR}–{LAST_YEAR}")
        if self.start.day != 1 or (self.start.month - 1) % self.frequency.months:
            raise PeriodError(f"no period of frequency {self.frequency.value} starts on {self.start}")

    @classmethod
    def of(cls, frequency: Frequency, year: int, number: int = 1) -> Self:
        """The period with that number in the year, counted from 1. Raises `PeriodError`."""
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 // frequency.months):
            raise PeriodError(f"there is no period {frequency.value}{number} in {year}")
        return cls(frequency, date(year, (number - 1) * frequency.months + 1, 1))

    @classmethod
    def containing(cls, frequency: Frequency, day: date) -> Self:
        """The period of that frequency into which the day falls. Raises `PeriodError`."""
        return cls.of(frequency, day.year, (day.month - 1) // frequency.months + 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read exactly what `str` writes. Raises `PeriodError`."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise PeriodError(f"not a period: {text!r}")
        year, semester, quarter, month = match.groups()
        if semester:
            return cls.of(Frequency.HALF_YEAR, int(year), int(semester))
        if quarter:
            return cls.of(Frequency.QUARTER, int(year), int(quarter))
        if month:
            return cls.of(Frequency.MONTH, int(year), int(month))
        return cls.of(Frequency.ANNUAL, int(year))

    @property
    def year(self) -> int:
        return self.start.year

    @property
    def number(self) -> int:
        """Which period of its year it is, counted from 1."""
        return (self.start.month - 1) // self.frequency.months + 1

    @property
    def end(self) -> date:
        """The last day of the period."""
        return _first_day_after(self.start, self.frequency.months) - timedelta(days=1)

    def next(self) -> Self:
        """The following period. Raises `PeriodError` after the year 2100."""
        return type(self)(self.frequency, _first_day_after(self.start, self.frequency.months))

    def contains(self, other: "Period | date") -> bool:
        """Whether the day, or the whole of the other period, lies within this one."""
        if isinstance(other, Period):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other <= self.end

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.start, self.frequency.months) < (other.start, other.frequency.months)

    def __str__(self) -> str:
        return period_code(self.frequency, self.start)


@lru_cache(maxsize=4096)
def period_code(frequency: str, start: date) -> str:
    """The period of that frequency and first day as SDMX writes it; for rows too many to make objects of."""
    if frequency == Frequency.ANNUAL:
        return f"{start.year:04}"
    if frequency == Frequency.MONTH:
        return f"{start:%Y-%m}"
    return f"{start.year:04}-{frequency}{(start.month - 1) // Frequency(frequency).months + 1}"


def _first_day_after(start: date, months: int) -> date:
    """The first day of the month that comes so many months later."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)
