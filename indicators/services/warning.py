"""What is doubtful in the figures of drafts and of uploads, before anybody publishes them."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from django.db import connection

from indicators.models import Entry, Report, Upload
from indicators.quality import Check
from indicators.quality.inputs import YEAR, is_in_range
from indicators.services.copying import copy_rows
from indicators.services.framing import frame
from indicators.services.gathering_figures import as_double, months_of
from indicators.services.judging import judge

Key = tuple[int, int, int]
"""A cell among several reports: ids of the territory, the indicator and the breakdown."""

SUMS = {Check.PARTS_OF_WHOLE, Check.CATEGORIES_OF_TOTAL}
PARAMS = ("value", "compared", "low", "high", "number")
MOST_JUDGED = 100_000
"""Of a larger upload nobody would read so many questions: its figures are not judged."""


@dataclass(frozen=True)
class Warning:
    """Something doubtful in a figure, which is asked about but not refused."""

    check: Check
    params: dict[str, Any] = field(default_factory=dict)
    key: Key = (0, 0, 0)

    @property
    def is_sum(self) -> bool:
        """Whether it is about the figure and others together."""
        return self.check in SUMS


def find_warnings(
    reports: Sequence[Report], entries: Iterable[Entry], indicators: Collection[int] | None = None
) -> list[Warning]:
    """What is doubtful in the entries of the reports, all of one form and period; of the indicators only, if
    some are named. An entry belongs to the report by its id."""
    places = {report.pk: report.territory_id for report in reports}
    chosen = [e for e in entries if (indicators is None or e.indicator_id in indicators) and _is_figure(e)]
    if not chosen:
        return []
    form, start = reports[0].form, reports[0].period_start
    figures = pd.DataFrame(
        {
            "territory": [places[entry.report_id] for entry in chosen],
            "indicator": [entry.indicator_id for entry in chosen],
            "breakdown": [entry.breakdown.code for entry in chosen],
            "frequency": form.frequency,
            "month": start.year * YEAR + start.month - 1,
            "value": [float(entry.value or 0) for entry in chosen],
            "digits": [_digits(entry) for entry in chosen],
        }
    )
    keys = [(places[entry.report_id], *entry.place) for entry in chosen]
    found = judge(figures, form.source).to_dict("records")
    return [Warning(Check(row["check"]), _params(row), keys[row["figure"]]) for row in found]


def _is_figure(entry: Entry) -> bool:
    return entry.value is not None and is_in_range(entry.value)


def _digits(entry: Entry) -> int:
    """Decimals as typed."""
    return 0 if entry.value is None else max(0, -int(entry.value.as_tuple().exponent))


def _params(row: Any) -> dict[str, Any]:
    """The finding's figures; NaN, which is none, is left out."""
    return {name: float(row[name]) for name in PARAMS if name in row and row[name] == row[name]}


STAGED = f"""
SELECT staged.id, territory_id AS territory, indicator_id AS indicator, breakdown.code AS breakdown,
       frequency, period_start, {as_double("value")} AS value, scale(value) AS digits
FROM indicators_stagedfigure staged
JOIN indicators_breakdown breakdown ON breakdown.id = staged.breakdown_id
WHERE upload_id = %(upload)s AND change IN ('new', 'changed') AND value IS NOT NULL
"""  # noqa: S608 - all parts are constants

NOTE = """
UPDATE indicators_stagedfigure staged
SET details = coalesce(staged.details, '{}') || doubtful.details
FROM doubtful WHERE doubtful.id = staged.id
"""


def warn_of_staged(upload: Upload) -> int | None:
    """Notes beside the figures of a read upload that change something what is doubtful in them; returns how
    many are, None if there are too many to be judged."""
    changing = upload.figures.filter(change__in=["new", "changed"])
    if changing[MOST_JUDGED : MOST_JUDGED + 1].exists():
        return None
    staged = frame(STAGED, {"upload": upload.pk})
    staged = staged.assign(month=months_of(staged["period_start"]))
    numbers = {
        "territory": "int64",
        "indicator": "int64",
        "month": "int64",
        "value": "float64",
        "digits": "int64",
    }
    found: dict[int, list[list[Any]]] = {}
    for row in judge(staged.astype(numbers), upload.source).to_dict("records"):
        said = [Check(row["check"]).value, _params(row)]
        found.setdefault(int(staged["id"].iloc[row["figure"]]), []).append(said)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE doubtful (id bigint, details jsonb) ON COMMIT DROP")
        rows = ((pk, json.dumps({"warnings": said})) for pk, said in found.items())
        copy_rows("doubtful", ("id", "details"), rows)
        cursor.execute(NOTE)
        cursor.execute("DROP TABLE doubtful")
    return len(found)
