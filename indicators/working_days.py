"""Working days of Kazakhstan, for deadlines. Pure.

Days off are weekends, public holidays and the days off that the Government moves, as the package `holidays`
keeps them with their acts; the days that an act will move in a year to come are not known before.
"""

import datetime as dt

from holidays import country_holidays

_CALENDAR = country_holidays("KZ")


def is_working_day(day: dt.date) -> bool:
    """Whether the day is worked."""
    return _CALENDAR.is_working_day(day)


def working_day_from(day: dt.date) -> dt.date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day
