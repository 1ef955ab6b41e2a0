"""Which public tables an answer was made of: what its queries named while it was computed.

Given the same address and the same state of these tables, the same queries would run again and say the same:
an answer is out of date when one of them has changed, and only then.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from portal.state import OWN_APPS, public_tables

NAME = re.compile(rf"\b(?:{'|'.join(sorted(OWN_APPS))})_\w+")
PLAIN = re.compile(r"\s*(SELECT|WITH|DECLARE|SAVEPOINT|RELEASE|ROLLBACK TO)\b", re.IGNORECASE)


class Reading:
    """Hears every statement of a connection (`connection.execute_wrapper`) and gathers what it reads."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._is_plain = True

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self._names.update(NAME.findall(sql))
        self._is_plain = self._is_plain and PLAIN.match(sql) is not None
        return execute(sql, *rest)

    @property
    def tables(self) -> frozenset[str] | None:
        """The tables; None for all of them, where something was done besides reading.

        The portal of an earlier day is computed in temporary tables, from what COPY reads unheard.
        """
        return _public() & self._names if self._is_plain else None


@cache
def _public() -> frozenset[str]:
    return frozenset(public_tables())
