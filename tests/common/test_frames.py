"""Calls at the end of a chunk of frames: what they ask the kernel for, with room and without."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from common.frames import with_room

CALLS, DEPTHS = 1_000, 150


def leaf() -> tuple[int, ...]:
    a = b = c = d = e = f = g = h = 0
    return a, b, c, d, e, f, g, h


def faults_at(depth: int) -> int:
    """How often the kernel had to find memory while a function was called `CALLS` times so deep."""
    if depth:
        return faults_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        leaf()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def most_faults(measure: Callable[[int], int]) -> int:
    """In a thread, which begins with an empty chunk."""
    with ThreadPoolExecutor(1) as thread:
        return max(thread.map(measure, range(DEPTHS)))


def test_without_room_there_is_a_depth_where_every_call_asks_the_kernel() -> None:
    """Where this fails, the interpreter has been mended, and common/frames.py can go."""
    assert most_faults(faults_at) >= CALLS


def test_with_room_there_is_none() -> None:
    assert most_faults(with_room(faults_at)) < CALLS / 10


def test_it_is_the_same_function() -> None:
    def add(a: int, *, b: int) -> int:
        """Adds."""
        return a + b

    assert with_room(add)(1, b=2) == 3
    assert (with_room(add).__name__, with_room(add).__doc__) == ("add", "Adds.")
