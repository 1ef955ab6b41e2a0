"""Parts of addresses that are more than text."""

import datetime as dt


class DayConverter:
    """A day in ISO 8601: 2014-12-31. Other text is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, text: str) -> dt.date:
        """The day; a `ValueError` is an address that does not exist."""
        return dt.date.fromisoformat(text)

    def to_url(self, day: dt.date) -> str:
        """As it stands in the address."""
        return day.isoformat()
