"""How breakdowns and periods are written in the API."""

from rest_framework import serializers

from common.rest.columns import Cells
from common.rest.fields import CodeOr
from indicators.filters import TOTAL
from indicators.periods import period_code

AS_SDMX = "`2024`, `2024-S1`, `2024-Q3` or `2024-05`."


class BreakdownCode(CodeOr):
    """A breakdown by its code, the total by its word."""

    def __init__(self, source: str) -> None:
        super().__init__(source, TOTAL, "`DIMENSION=CATEGORY`, joined with `&`; `_T` for the total.")


class PeriodCode(serializers.CharField):
    """A period as SDMX writes it, from frequency and first day; null where there is none."""

    def __init__(self, frequency: str, start: str, *, allow_null: bool = False) -> None:
        self.paths = (frequency, start)
        super().__init__(allow_null=allow_null, help_text=AS_SDMX)

    def written(self, *columns: Cells) -> Cells:
        """The periods."""
        both = zip(*columns, strict=True)
        return [None if start is None else period_code(frequency, start) for frequency, start in both]
