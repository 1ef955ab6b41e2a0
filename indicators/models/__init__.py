"""The statistics app's tables."""

from indicators.models.catalogue import (
    OFFICIAL_FIRST,
    Breakdown,
    Category,
    Dimension,
    Indicator,
    SeriesBreak,
    Source,
    Unit,
)
from indicators.models.learning import LearntName, TableMapping, WatchedFile
from indicators.models.notices import Notice, NoticePreference
from indicators.models.observations import (
    Observation,
    ObservationRevision,
    Series,
    TouchedSeries,
    UntoldFigures,
)
from indicators.models.pausing import PublishingPause
from indicators.models.reporting import Entry, FormLine, Report, ReportingForm
from indicators.models.uploads import StagedFigure, Upload

__all__ = [
    "OFFICIAL_FIRST",
    "Breakdown",
    "Category",
    "Dimension",
    "Entry",
    "FormLine",
    "Indicator",
    "LearntName",
    "Notice",
    "NoticePreference",
    "Observation",
    "ObservationRevision",
    "PublishingPause",
    "Report",
    "ReportingForm",
    "Series",
    "SeriesBreak",
    "Source",
    "StagedFigure",
    "TableMapping",
    "TouchedSeries",
    "Unit",
    "UntoldFigures",
    "Upload",
    "WatchedFile",
]
