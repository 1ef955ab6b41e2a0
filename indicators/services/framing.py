"""Rows of the database as frames, and what many statements say alike of figures."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd
from django.db import connection

from indicators.fields import FREQUENCIES
from indicators.models import OFFICIAL_FIRST
from indicators.periods import Frequency
from indicators.quality.inputs import LARGEST, SMALLEST

Parameters = Mapping[str, dt.date | int | list[int] | list[str]]

LENGTHS = {code: Frequency(code).months for code, _ in FREQUENCIES}


def in_range(column: str) -> str:
    """The condition that the numeric column has a figure that can be computed with."""
    return f"""
    ({column} BETWEEN {SMALLEST} AND {LARGEST} OR {column} BETWEEN -{LARGEST} AND -{SMALLEST} OR {column} = 0)
    """


def if_in_range(column: str) -> str:
    """The numeric column as a double, NULL where it cannot be computed with."""
    return f"CASE WHEN {in_range(column)} THEN {column}::float8 END"


KINDS = ", ".join(f"'{kind.value}'" for kind in OFFICIAL_FIRST)
OFFICIAL = f"array_position(ARRAY[{KINDS}], source.kind::text)"


def frame(statement: str, parameters: Parameters) -> pd.DataFrame:
    """The statement's rows as a frame, with its columns even when there are none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description or ()])
