"""The checks of published figures and of the definitions of KPIs, as codes."""

from enum import StrEnum


class Check(StrEnum):
    """What a finding says. Of one figure only the first that applies of the first five is said."""

    ABSURD = "absurd"
    OUT_OF_RANGE = "out_of_range"
    UNIT_SLIP = "unit_slip"
    OUTLIER = "outlier"
    JUMP = "jump"
    SINGLE_POINT = "single_point"
    PARTS_OF_WHOLE = "parts_of_whole"
    CATEGORIES_OF_TOTAL = "categories_of_total"
    SOURCES_DIFFER = "sources_differ"
    NO_TARGETS = "no_targets"
    BASELINE_MISSING = "baseline_missing"
    ZERO_OR_NEGATIVE_BASELINE = "zero_or_negative_baseline"
    BASELINE_AFTER_TARGETS = "baseline_after_targets"
    TARGET_BEFORE_BASELINE = "target_before_baseline"
    TARGET_EQUALS_BASELINE = "target_equals_baseline"
    TARGETS_AGAINST_COMPARATOR = "targets_against_comparator"
