"""Keeps children alive: starts them in order, restarts those that die, stops them in reverse."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from deploy.embedded.errors import LaunchError
from deploy.embedded.processes import Child

LONGEST_DELAY_SECONDS = 30
STABLE_AFTER_SECONDS = 60


@dataclass
class _Watched:
    child: Child
    started_at: float
    failures: int = 0
    due_at: float | None = None
    """When to start the child again; None while it runs."""


class Supervisor:
    """The children of one launcher; times are those of `clock`, in seconds."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._clock = say, clock
        self._watched: list[_Watched] = []

    def start(self, child: Child) -> None:
        self._watched.append(_Watched(child, self._clock()))
        child.start()

    def require_all(self) -> None:
        """Raise LaunchError when a child has ended: while everything starts, none may."""
        for watched in self._watched:
            if not watched.child.is_alive:
                child = watched.child
                raise LaunchError(f"{child.name} stopped while starting; see {child.log}.")

    def mend(self) -> None:
        """Start again what has ended, after a delay that doubles while it keeps ending soon."""
        now = self._clock()
        for watched in self._watched:
            if watched.child.is_alive:
                continue
            if watched.due_at is None:
                self._schedule(watched, now)
            elif watched.due_at <= now:
                watched.due_at, watched.started_at = None, now
                watched.child.start()

    def _schedule(self, watched: _Watched, now: float) -> None:
        stable = now - watched.started_at > STABLE_AFTER_SECONDS
        watched.failures = 1 if stable else watched.failures + 1
        delay = min(2 ** (watched.failures - 1), LONGEST_DELAY_SECONDS)
        watched.due_at = now + delay
        child = watched.child
        self._say(
            f"{child.name} stopped (status {child.status}) and starts again in {delay} s; see {child.log}."
        )

    def stop(self) -> None:
        while self._watched:
            self._watched.pop().child.stop()
