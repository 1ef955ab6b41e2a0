"""Which database answers a request: decided once, before its first query (docs/operating/replicas.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

PRIMARY = "default"


class Asked(Enum):
    """What a request is, as far as databases go."""

    PUBLIC = auto()
    """Reads what everybody sees alike."""
    OWN = auto()
    """Reads what depends on the reader, or what only the primary can tell."""
    WRITING = auto()


@dataclass(frozen=True)
class Standing:
    """Where a server stood when it was asked."""

    server: str
    """The database and this run of its server."""
    snapshot: str
    """Two equal ones of a server see the same rows."""
    position: int
    """How many bytes of the write-ahead log it has flushed, or replayed."""
    behind_seconds: float
    """Age of the latest transaction that a replica has replayed; 0 on a primary."""


@dataclass(frozen=True)
class Choice:
    """The alias of the database, and where it stood, if it was asked."""

    alias: str
    standing: Standing | None = None


def choose(
    asked: Asked,
    *,
    primary_answers: bool,
    replicas: Iterable[tuple[str, Standing]],
    floor: int | None,
    longest_lag: float,
) -> Choice | None:
    """The database for the request; None where none may or can answer it.

    `floor` is the position that a replica must have reached so that nobody is shown less than before; None
    where it is not known. `replicas` is asked only as far as needed. With the primary away a replica answers
    whatever it knows, the furthest one.
    """
    if not primary_answers:
        if asked is Asked.WRITING:
            return None
        furthest = max(replicas, key=lambda found: found[1].position, default=None)
        return Choice(*furthest) if furthest else None
    if asked is Asked.PUBLIC and floor is not None:
        for alias, standing in replicas:
            if standing.position >= floor and standing.behind_seconds <= longest_lag:
                return Choice(alias, standing)
    return Choice(PRIMARY)
