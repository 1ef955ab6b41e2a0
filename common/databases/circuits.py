"""Which databases are left alone because they did not answer, and for how long: until a probe succeeds.

One request of a process finds out, at the price of one time-out; the others are spared it. A thread of the
process asks meanwhile.
"""

import logging
import os
import threading
import time
from typing import Any

from django.db import DatabaseError, Error, InterfaceError, OperationalError, connections

from common.databases.choosing import PRIMARY

logger = logging.getLogger(__name__)

PROBE_SECONDS = 1.0
READ_ONLY = "25006"
SHUT_DOWN = "57P"
CONNECTION = "08"
CONFLICT = "40001"


class Circuit:
    """One database: `is_open` while it is left alone."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._lock = threading.Lock()
        self._open_in: int | None = None

    @property
    def is_open(self) -> bool:
        """A process that was forked has no thread that would close it, and finds out for itself."""
        return self._open_in == os.getpid()

    def open(self) -> None:
        """Leaves the database alone from now on; it is asked at once, and then every second."""
        with self._lock:
            if self.is_open:
                return
            self._open_in = os.getpid()
        logger.warning("The database %s does not answer and is left alone until it does", self.alias)
        threading.Thread(target=self._probe, name=f"probe-{self.alias}", daemon=True).start()

    def _probe(self) -> None:
        began = time.monotonic()
        while not answers(self.alias):
            time.sleep(max(0.0, began + PROBE_SECONDS - time.monotonic()))
            began = time.monotonic()
        self._open_in = None
        logger.warning("The database %s answers again", self.alias)


_circuits: dict[str, Circuit] = {}


def circuit(alias: str = PRIMARY) -> Circuit:
    """The circuit of the database in this process."""
    return _circuits.setdefault(alias, Circuit(alias))


def answers(alias: str) -> bool:
    """Whether a new connection is answered; of the primary, whether it can be written to."""
    probe: Any = connections.create_connection(alias)
    try:
        with probe.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            is_replica = bool(cursor.fetchone()[0])
        return not (alias == PRIMARY and is_replica)
    except Error:
        return False
    finally:
        probe.close()


def is_away(error: BaseException | None, alias: str = PRIMARY) -> bool:
    """Whether the error, or one that it came of, says that the database is away or is no primary any more.

    Waiting too long for a lock, a deadlock or a full disk do not.
    """
    found = _of_a_database(error)
    if found is None:
        return False
    code = _code(found)
    if not code:
        return isinstance(found, (OperationalError, InterfaceError))
    return (code == READ_ONLY and alias == PRIMARY) or code.startswith((SHUT_DOWN, CONNECTION))


def is_beyond_a_replica(error: BaseException | None) -> bool:
    """Whether a replica could not do it, where the primary can: it would have written, or rows that it read
    had to go."""
    found = _of_a_database(error)
    return found is not None and _code(found) in {READ_ONLY, CONFLICT}


def _of_a_database(error: BaseException | None) -> Error | None:
    while error is not None:
        if isinstance(error, (DatabaseError, InterfaceError)):
            return error
        error = error.__cause__ or error.__context__
    return None


def _code(error: Error) -> str:
    return str(getattr(error.__cause__, "pgcode", None) or "")
