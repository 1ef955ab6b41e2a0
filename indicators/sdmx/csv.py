"""Figures as SDMX-CSV 2.0: a stream of the whole selection, valid against the structure that is served.

Every dimension of the catalogue is a column; `_T` says that a figure is not broken down by it.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db import models
from django.db.models import F, Func, Value
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer

from common.exporting.columns import Column, Table
from common.exporting.copying import as_csv
from common.rest.whole import attachment
from indicators.exports import PeriodCode
from indicators.filters import TOTAL
from indicators.models import Observation
from indicators.sdmx.concepts import FLOW_ID, breakdown_dimensions

MEDIA_TYPE = "application/vnd.sdmx.data+csv"


class Category(Func):
    """The category of a dimension in a breakdown's code; the word for the total where it has none.

    Looking for the dimension first spares most rows the regular expression.
    """

    template = """(CASE WHEN {code} = '' OR strpos({code}, %s) = 0 THEN %s
        ELSE coalesce(substring({code} from %s), %s) END)"""
    output_field = models.TextField()

    def __init__(self, *expressions: Any, dimension: str, **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.dimension = dimension

    def as_sql(self, compiler, connection, **_context):  # type: ignore[no-untyped-def, override]
        """The code is a column: it brings no parameters and may be repeated."""
        [code] = self.get_source_expressions()
        sql, _ = compiler.compile(code)
        pattern = f"(?:^|&){re.escape(self.dimension)}=([^&]*)"
        return self.template.format(code=sql), (f"{self.dimension}=", TOTAL, pattern, TOTAL)


def sdmx_table() -> Table:
    """The columns of SDMX-CSV."""
    return Table("observations", Observation, dict(_columns()), key="", order=("series_id", "period_start"))


def _columns() -> Iterator[tuple[str, Column]]:
    text = models.TextField()
    fixed = {"STRUCTURE": "dataflow", "STRUCTURE_ID": FLOW_ID, "ACTION": "I"}
    series = {
        "FREQ": "series__frequency",
        "INDICATOR": "series__indicator__code",
        "REF_AREA": "series__territory__code",
        "DATA_SOURCE": "series__source__code",
    }
    return chain(
        ((name, Column(Value(word, text))) for name, word in fixed.items()),
        ((name, Column(path)) for name, path in series.items()),
        (
            (code, Column(Category(F("series__breakdown__code"), dimension=code)))
            for code in breakdown_dimensions()
        ),
        [
            ("TIME_PERIOD", Column(PeriodCode("series__frequency", "period_start"))),
            ("OBS_VALUE", Column("value", "number")),
            ("OBS_STATUS", Column("status")),
            ("UNIT_MEASURE", Column("series__indicator__unit__code")),
        ],
    )


class SdmxCsvRenderer(BaseRenderer):
    """SDMX-CSV 2.0 of a whole selection; it knows no pages."""

    media_type = MEDIA_TYPE
    format = "sdmx-csv"
    charset = None
    is_undivided = lists_only = True

    def whole(self, view: Any, queryset: Any) -> HttpResponseBase:
        """The selection as a stream."""
        pieces = as_csv(sdmx_table(), queryset)
        response = StreamingHttpResponse(pieces, content_type=f"{MEDIA_TYPE};version=2.0.0")
        return attachment(view, response, "sdmx.csv")
