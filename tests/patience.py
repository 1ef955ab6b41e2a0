"""How long a test waits for what must come. Only a failure takes so long, however busy the machine."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 300


def eventually(holds: Callable[[], object], said: Callable[[], object] = lambda: "") -> None:
    """Waits until `holds()`; fails, with what was `said()` meanwhile, when patience has an end."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, f"it did not come about in time. {said()}"
        time.sleep(0.05)
