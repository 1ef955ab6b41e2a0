"""How far a worker has got with an upload, told through the cache: a step and the share of it that is done.

It is for eyes only. With the cache away nobody sees it and the work goes on.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from django.core.cache import cache
from redis.exceptions import RedisError

KEPT_FOR = 600
TOLD_EVERY = 0.5
"""Seconds: a worker that dies is forgotten, and a page asks once a second."""

Share = Callable[[float], None]


class Step(StrEnum):
    """What a worker does for an upload."""

    OPENING = "opening"
    READING = "reading"
    COMPARING = "comparing"
    PUBLISHING = "publishing"
    UNDOING = "undoing"


class Advance(NamedTuple):
    """The step at hand, and the share of it that is done, from 0 to 1; None where it cannot be told."""

    step: Step
    share: float | None


class Teller:
    """Tells of one upload, not more often than somebody looks; after one failure no more."""

    def __init__(self, pk: int) -> None:
        self.key = _key(pk)
        self.told_at = 0.0
        self.is_heard = True

    def begin(self, step: Step) -> None:
        """Tells that the step begins."""
        self._tell(step, None)

    def share(self, step: Step) -> Share:
        """What takes the share of the step that is done."""

        def tell(done: float) -> None:
            if time.monotonic() - self.told_at >= TOLD_EVERY:
                self._tell(step, done)

        return tell

    def _tell(self, step: Step, share: float | None) -> None:
        self.told_at = time.monotonic()
        if self.is_heard:
            try:
                cache.set(self.key, [step.value, share], KEPT_FOR)
            except RedisError:
                self.is_heard = False


def advance_of(pk: int) -> Advance | None:
    """What was last told of the upload; None where nothing was, or the cache is away."""
    try:
        told: Any = cache.get(_key(pk))
    except RedisError:
        return None
    return Advance(Step(told[0]), told[1]) if told else None


def silent(share: float) -> None:
    """Tells nobody."""


def _key(pk: int) -> str:
    return f"upload-advance:{pk}"
