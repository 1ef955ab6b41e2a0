"""Room for the frames of deep calls.

CPython keeps the frames of Python's functions in chunks of 16 KB. A call that no longer fits takes a chunk
from the kernel and gives it back as soon as it returns (`push_chunk` and `_PyThreadState_PopFrame` in its
Python/pystate.c). A loop that happens to run at the end of a chunk so asks the kernel twice for every call:
on some pages 2,000 times, which was a quarter of their time (docs/benchmarks.md).
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

SLOTS = 65_600
"""Of 8 bytes each: a little more than half a megabyte. The chunk for such a frame is the next power of two,
1 MB, of which the other half is left for the frames of what is called. Nothing is written to the empty slots:
they take no memory."""


def with_room(function: Callable[P, R]) -> Callable[P, R]:
    """The same function; whatever it calls, down to thousands of calls, finds room in one chunk."""

    def roomy(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=SLOTS)
    return wraps(function)(roomy)
