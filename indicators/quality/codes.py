"""The checks of figures, as codes."""

from enum import StrEnum


class Check(StrEnum):
    """What a finding says. Of one figure only the first that applies of the first five is said."""

    ABSURD = "absurd"
    OUT_OF_RANGE = "out_of_range"
    UNIT_SLIP = "unit_slip"
    OUTLIER = "outlier"
    JUMP = "jump"
    PARTS_OF_WHOLE = "parts_of_whole"
    CATEGORIES_OF_TOTAL = "categories_of_total"
    SOURCES_DIFFER = "sources_differ"
