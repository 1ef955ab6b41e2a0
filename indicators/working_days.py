"""Working days of Kazakhstan, for deadlines. Pure.

Days off are weekends, public holidays and the days off that the Government moves, as the package `holidays`
keeps them with their acts; the days that an act will move in a year to come are not known before.
"""

import datetime as dt
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


@cache
def _calendar() -> "HolidayBase":
    from holidays import country_holidays  # noqa: PLC0415 - ten megabytes that few processes need

    return country_holidays("KZ")


def is_working_day(day: dt.date) -> bool:
    """Whether the day is worked."""
    return _calendar().is_working_day(day)


def working_day_from(day: dt.date) -> dt.date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


@lru_cache(maxsize=4096)
def working_days_late(due: dt.date, day: dt.date) -> int:
    """How many working days the day lies after the one on which something was due; 0 if it does not."""
    return _calendar().get_working_days_count(due + dt.timedelta(days=1), day) if day > due else 0
