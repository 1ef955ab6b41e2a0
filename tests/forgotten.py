"""What templates ask our objects for that these do not have: Django shows nothing in its place."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.template import VariableDoesNotExist

from portal.state import OWN_APPS


class Forgotten(logging.Handler):
    """Hears what Django notes of it, and fails the test that rendered the template."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raises `AssertionError`, which no template catches."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, VariableDoesNotExist) and len(error.params) == 2:
            name, asked = error.params
            if type(asked).__module__.partition(".")[0] in {*OWN_APPS, "common"}:
                raise AssertionError(f"{type(asked).__name__} has no {name}: {record.getMessage()}")


@contextmanager
def listening() -> Iterator[None]:
    """Whatever is rendered meanwhile is heard."""
    logger, handler = logging.getLogger("django.template"), Forgotten()
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]
