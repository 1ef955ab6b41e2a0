"""One clock for all hosts: the database's. What hosts compare with one another is dated by it."""

import datetime as dt

from django.db import connection


def database_now() -> dt.datetime:
    """What the database's clock says, whatever this host's does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: dt.datetime = cursor.fetchone()[0]
    return found
