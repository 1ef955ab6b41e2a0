"""Counts jobs, in PostgreSQL: whichever worker ran them, any web host can tell of them."""

import logging

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

TALLY = """
INSERT INTO portal_jobtally (task, outcome, runs, seconds, last_at, last_seconds)
VALUES (%(task)s, %(outcome)s, 1, %(seconds)s, clock_timestamp(), %(seconds)s)
ON CONFLICT (task, outcome) DO UPDATE
SET runs = portal_jobtally.runs + 1, seconds = portal_jobtally.seconds + excluded.seconds,
    last_at = excluded.last_at, last_seconds = excluded.last_seconds
"""


def tally_job(task: str, outcome: str, seconds: float) -> None:
    """Counts one run. A run that cannot be counted is no failed run."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(TALLY, {"task": task, "outcome": outcome, "seconds": seconds})
    except DatabaseError as error:
        logger.warning("A run of %s was not counted: %s", task, error)
