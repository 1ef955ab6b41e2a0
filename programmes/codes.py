"""Words as codes: courses, verdicts, standings, outlooks, reasons for gaps, finders of contradictions."""

from collections.abc import Mapping
from enum import StrEnum


class Course(StrEnum):
    """Where a KPI is heading, judged by its pace towards the next target."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    REVERSED = "reversed"
    NOT_COMPUTABLE = "not_computable"


class Verdict(StrEnum):
    """Whether the target of a year has been met."""

    MET = "met"
    MISSED = "missed"
    NOT_DUE = "not_due"


class StandingCode(StrEnum):
    """One word for lists: the course while targets lie ahead, the last verdict afterwards."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    REVERSED = "reversed"
    MET = "met"
    MISSED = "missed"
    STALE = "stale"
    NO_DATA = "no_data"
    NOT_COMPUTABLE = "not_computable"


KEPT = frozenset({StandingCode.MET.value, StandingCode.ON_TRACK.value})
SLIPPED = frozenset(
    {
        StandingCode.AT_RISK.value, StandingCode.OFF_TRACK.value, StandingCode.REVERSED.value,
        StandingCode.MISSED.value,
    }
)  # fmt: skip


class Outlook(StrEnum):
    """Whether the trend so far would meet a coming target."""

    LIKELY = "likely"
    UNCERTAIN = "uncertain"
    UNLIKELY = "unlikely"


class Reason(StrEnum):
    """Why a fact could not be computed."""

    BASELINE_MISSING = "baseline_missing"
    BASELINE_SATISFIES_TARGET = "baseline_satisfies_target"
    TARGET_EQUALS_BASELINE = "target_equals_baseline"
    ZERO_DENOMINATOR = "zero_denominator"
    NEGATIVE_FIGURE = "negative_figure"
    NO_OBSERVATION = "no_observation"
    NO_TARGET = "no_target"
    NOT_DUE = "not_due"
    AT_BASELINE = "at_baseline"
    BEFORE_BASELINE = "before_baseline"
    AFTER_LAST_TARGET = "after_last_target"
    NO_PATH = "no_path"
    NOT_A_QUANTITY = "not_a_quantity"
    OUT_OF_RANGE = "out_of_range"
    STALE = "stale"
    PART_OF_YEAR = "part_of_year"
    INCOMPARABLE_SERIES = "incomparable_series"
    TOO_FEW_OBSERVATIONS = "too_few_observations"
    INCOMPLETE_GROUP = "incomplete_group"
    NOT_ADDITIVE = "not_additive"


# A word's place is the number by which the tables of results keep it: new words go to the end.
VOCABULARY: tuple[str, ...] = (
    "",
    *(member.value for member in Course),
    *(member.value for member in Verdict),
    "stale",
    "no_data",
    "baseline_missing",
    "baseline_satisfies_target",
    "target_equals_baseline",
    "zero_denominator",
    "negative_figure",
    "no_observation",
    "no_target",
    "at_baseline",
    "before_baseline",
    "after_last_target",
    "no_path",
    "not_a_quantity",
    "out_of_range",
    "part_of_year",
    "incomparable_series",
    "too_few_observations",
    "incomplete_group",
    "not_additive",
    *(member.value for member in Outlook),
)
NUMBER_OF: Mapping[str, int] = {word: number for number, word in enumerate(VOCABULARY)}


class Finder(StrEnum):
    """The rules that find contradictions by themselves."""

    REPEATED = "repeated"
    PARTS = "parts"
    ROWS = "rows"
    AREAS = "areas"
    BASELINE = "baseline"
    BACKWARDS = "backwards"
