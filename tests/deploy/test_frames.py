"""Calls at the end of a chunk of frames: what they ask the kernel for, with room and without."""

from concurrent.futures import ThreadPoolExecutor

from deploy.frames import with_room
from tests.page_faults import CALLS, most_faults


def test_without_room_there_is_a_depth_where_every_call_asks_the_kernel() -> None:
    """In a thread, which begins with an empty chunk. Where this fails, the interpreter has been mended, and
    deploy/frames.py can go."""
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(most_faults).result() >= CALLS


def test_with_room_there_is_none() -> None:
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(with_room(most_faults)).result() < CALLS / 10


def test_it_is_the_same_function() -> None:
    def add(a: int, *, b: int) -> int:
        """Adds."""
        return a + b

    assert with_room(add)(1, b=2) == 3
    assert (with_room(add).__name__, with_room(add).__doc__) == ("add", "Adds.")
