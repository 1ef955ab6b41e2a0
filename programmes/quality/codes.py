"""The checks of published figures and of the definitions of KPIs, as codes."""

from enum import StrEnum

from indicators.quality import Check as FigureCheck


class Check(StrEnum):
    """What a finding says. Of one figure only the first that applies of the first five is said."""

    ABSURD = FigureCheck.ABSURD.value
    OUT_OF_RANGE = FigureCheck.OUT_OF_RANGE.value
    UNIT_SLIP = FigureCheck.UNIT_SLIP.value
    OUTLIER = FigureCheck.OUTLIER.value
    JUMP = FigureCheck.JUMP.value
    SINGLE_POINT = "single_point"
    PARTS_OF_WHOLE = FigureCheck.PARTS_OF_WHOLE.value
    CATEGORIES_OF_TOTAL = FigureCheck.CATEGORIES_OF_TOTAL.value
    SOURCES_DIFFER = FigureCheck.SOURCES_DIFFER.value
    NO_TARGETS = "no_targets"
    BASELINE_MISSING = "baseline_missing"
    ZERO_OR_NEGATIVE_BASELINE = "zero_or_negative_baseline"
    BASELINE_AFTER_TARGETS = "baseline_after_targets"
    TARGET_BEFORE_BASELINE = "target_before_baseline"
    TARGET_EQUALS_BASELINE = "target_equals_baseline"
    TARGETS_AGAINST_COMPARATOR = "targets_against_comparator"
