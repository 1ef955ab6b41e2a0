"""An upload's cells, read and compared with what is published, in a table where they can be looked at."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from indicators.models import Upload
from indicators.periods import period_code
from indicators.services.advancing import Step, Teller
from indicators.services.copying import copy_rows
from indicators.services.filling import COMPARE_WITH_DRAFTS
from indicators.services.reading import Reading
from indicators.services.warning import warn_of_staged

Recognised = list[dict[str, Any]]

COLUMNS = (
    "number", "sheet", "row", "column_", "raw", "indicator_id", "territory_id", "breakdown_id", "frequency",
    "period_start", "value", "status", "problem", "details",
)  # fmt: skip

CELLS = """
CREATE TEMPORARY TABLE cells (
    number int, sheet text, row int, column_ int, raw text, indicator_id bigint, territory_id bigint,
    breakdown_id bigint, frequency varchar(1), period_start date, value numeric, status varchar(1),
    problem text, details jsonb
) ON COMMIT DROP
"""

# The second of two cells with the same key is refused, whatever it says: which of them is right is not known.
# What is published is looked up figure by figure, by its key: so it costs the same however much there is.
COMPARE = """
INSERT INTO indicators_stagedfigure
    (upload_id, sheet, row, "column", raw, indicator_id, territory_id, breakdown_id, frequency, period_start,
     value, status, old_value, old_status, problem, details, change)
SELECT %(upload)s, sheet, row, column_, raw, indicator_id, territory_id, breakdown_id, frequency,
       period_start, value, status, old_value, old_status, problem, details,
       CASE WHEN problem <> '' THEN 'rejected'
            WHEN is_new THEN 'new'
            WHEN is_changed THEN 'changed'
            ELSE 'unchanged' END
FROM (
    SELECT cells.*, published.value AS old_value, coalesce(published.status, '') AS old_status,
           published.series_id IS NULL AS is_new,
           (published.value, published.status) IS DISTINCT FROM (cells.value, cells.status) AS is_changed
    FROM cells
    LEFT JOIN indicators_series series
        ON (series.indicator_id, series.territory_id, series.breakdown_id, series.frequency)
         = (cells.indicator_id, cells.territory_id, cells.breakdown_id, cells.frequency)
        AND series.source_id = %(source)s
    LEFT JOIN LATERAL (
        SELECT * FROM indicators_observation
        WHERE series_id = series.id AND period_start = cells.period_start LIMIT 1
    ) published ON true
) compared ORDER BY number
"""

REFUSE_REPEATED = """
UPDATE cells
SET problem = 'duplicate_figure', details = jsonb_build_object('row', first_row, 'sheet', first_sheet)
FROM (
    SELECT number AS repeated, row_number() OVER same AS occurrence,
           first_value(row) OVER same AS first_row, first_value(sheet) OVER same AS first_sheet
    FROM cells WHERE problem = ''
    WINDOW same AS (
        PARTITION BY indicator_id, territory_id, breakdown_id, frequency, period_start ORDER BY number
    )
) repetition
WHERE number = repeated AND occurrence > 1
"""


TALLY = """
SELECT change, indicator_id, territory_id, frequency, period_start, count(*)
FROM indicators_stagedfigure WHERE upload_id = %s
GROUP BY GROUPING SETS (
    (change), (change, indicator_id), (change, territory_id), (change, frequency, period_start)
)
"""
MOST_TALLIED = 500


def stage(upload: Upload) -> tuple[Recognised, dict[str, int]]:
    """Reads the file into staged figures; returns what was recognised and how many figures there are of
    each kind. Raises `UnreadableFile` or `NothingRecognisedError` when the file cannot be used as a whole;
    what was recognised and found is kept on the upload then too."""
    upload.recognised, upload.findings, upload.counts = [], {}, {}
    teller = Teller(upload.pk)
    teller.begin(Step.OPENING)
    reading = Reading(upload, teller.share(Step.READING))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS cells")
        cursor.execute(CELLS)
        numbered = ((number, *row) for number, row in enumerate(reading.rows(), start=1))
        with _uncollected():
            copy_rows("cells", COLUMNS, numbered)
        upload.recognised, upload.findings = reading.sheets, reading.findings
        if reading.nothing:
            raise reading.nothing
        teller.begin(Step.COMPARING)
        cursor.execute(REFUSE_REPEATED)
        keys = {"upload": upload.pk, "source": upload.source_id, "form": upload.form_id}
        cursor.execute(COMPARE_WITH_DRAFTS if upload.form_id else COMPARE, keys)
        cursor.execute(TALLY, [upload.pk])
        counts, tallies = _tallied(cursor.fetchall())
        doubtful = None if upload.form_id else warn_of_staged(upload)
    upload.findings = {**upload.findings, "tallies": tallies, "doubtful": doubtful}
    return reading.sheets, {**counts, "missing": sum(sheet["missing"] for sheet in reading.sheets)}


@contextmanager
def _uncollected() -> Iterator[None]:
    """A million cells are no rubbish: looking through them again and again takes a sixth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _tallied(rows: list[tuple[Any, ...]]) -> tuple[dict[str, int], dict[str, dict[str, dict[str, int]]]]:
    """How many figures there are of each change; and of each change by indicator, territory (ids as text)
    and period (SDMX notation), the most frequent first."""
    counts: dict[str, int] = {}
    tallies: dict[str, dict[str, dict[str, int]]] = {}
    for change, indicator, territory, frequency, start, count in sorted(rows, key=lambda row: -row[-1]):
        if start is not None:
            name, key = "period", period_code(frequency, start)
        elif indicator is not None or territory is not None:
            name, key = (
                ("indicator", str(indicator)) if indicator is not None else ("territory", str(territory))
            )
        else:
            counts[change] = max(count, counts.get(change, 0))
            continue
        of = tallies.setdefault(change, {}).setdefault(name, {})
        if len(of) < MOST_TALLIED:
            of[key] = count
    return counts, tallies
