"""How long PostgreSQL looks for the best order of joins."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

BRIEFLY = "SET LOCAL join_collapse_limit = 3; "


@contextmanager
def planned_briefly() -> Iterator[None]:
    """For rows of one table beside what their columns name: one order of such joins is nearly as good as
    another, and to look for the best of eight took longer than to read the rows (docs/benchmarks.md).

    The setting travels with each statement and ends with it. In a transaction it would outlive it, and other
    statements need to be planned with care: there it is left out.
    """

    def brief(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        return execute(sql if connection.in_atomic_block else BRIEFLY + sql, *rest)

    with connection.execute_wrapper(brief):
        yield
