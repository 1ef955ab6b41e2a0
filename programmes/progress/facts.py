"""Four separate facts about a KPI in a place and a year, and the course that follows from them.

The verdict on the year's target, attainment, distance covered, and pace. A fact that cannot be computed is
NaN or the empty word, and its `*_reason` says why. Years are calendar years; ratios are shares; words are
numbers (`words`).
"""

import datetime as dt

import numpy as np
import pandas as pd

from programmes.codes import Course, Reason, Verdict
from programmes.progress.inputs import EQUAL, SHARES, YEAR, Bools, Floats, Ints
from programmes.progress.paths import TARGET_COLUMNS, add_targets, expected_of
from programmes.progress.words import first_of, is_word


def add_facts(rows: pd.DataFrame, places: pd.DataFrame, knots: pd.DataFrame, today: dt.date) -> None:
    """Adds targets, the expected value and the facts to the rows, in place."""
    rule = _rules_of(places).iloc[rows["place"].to_numpy()].reset_index(drop=True)
    rows["actual"] = rows["actual"].astype("float64")
    rows["baseline"], rows["baseline_year"] = rule["baseline"], rule["baseline_year"]
    if len(knots):
        add_targets(rows, knots, len(places))
    else:
        for name in TARGET_COLUMNS:
            rows[name] = np.nan
    rows["expected"] = expected_of(rows, rule)
    rows["is_part"] = rows["months"].to_numpy() < YEAR
    # Of a sum or mean, a part of the year says nothing yet; the last level of a stock does.
    rows["is_usable"] = ~(rows["is_part"] & rule["is_flow"])
    _add_verdict(rows, rule, today)
    _add_attainment(rows, rule)
    _add_distance(rows, rule)
    _add_pace(rows, rule)
    _add_course(rows, rule)


def _rules_of(places: pd.DataFrame) -> pd.DataFrame:
    """What the facts need to know of each pair's KPI."""
    return places[["baseline", "sense", "heading", "on_track_from", "at_risk_from"]].assign(
        baseline_year=places["baseline_year"].astype("float64"),
        is_yes_no=places["form"] == "yes_no",
        is_share=places["form"].isin(SHARES),
        is_step=places["path"] == "step",
        is_geometric=places["path"] == "geometric",
        is_flow=places["over_time"].isin(["sum", "mean"]),
    )


def _equal(one: Floats, other: Floats, *made_of: Floats) -> Bools:
    """Equal but for the last bits of a computation from figures of this size."""
    size: Floats = np.max([np.abs(np.nan_to_num(each)) for each in (one, other, *made_of)], axis=0)
    return np.abs(one - other) <= EQUAL * size


def satisfies(actual: Floats, sense: Ints, low: Floats, high: Floats) -> Bools:
    """Whether the actual is good enough, equality included; false where anything is missing."""
    slack_low, slack_high = EQUAL * np.abs(low), EQUAL * np.abs(high)
    above, below = actual >= low - slack_low, actual <= high + slack_high
    return np.select([sense > 0, sense < 0], [above, below], above & below).astype(bool)


def _of_negative(rows: pd.DataFrame, rule: pd.DataFrame) -> Bools:
    """Where targets are shares of a negative baseline, which have no meaning."""
    negative: Bools = rule["is_share"].to_numpy("bool") & (rows["baseline"].to_numpy() < 0)
    return negative


def _add_verdict(rows: pd.DataFrame, rule: pd.DataFrame, today: dt.date) -> None:
    actual, year = rows["actual"].to_numpy(), rows["year"].to_numpy()
    low, high = rows["target_low"].to_numpy(), rows["target_high"].to_numpy()
    has_target = rows["next_target_year"].to_numpy() == year
    unknown = has_target & np.isnan(low)
    not_due = year >= today.year
    missing = np.isnan(actual)
    good = satisfies(actual, rule["sense"].to_numpy(), low, high)
    rows["verdict_reason"] = first_of(
        (~has_target, Reason.NO_TARGET),
        (not_due, Reason.NOT_DUE),
        (unknown & _of_negative(rows, rule), Reason.NEGATIVE_FIGURE),
        (unknown, Reason.BASELINE_MISSING),
        (missing, Reason.NO_OBSERVATION),
        (rows["is_part"].to_numpy(), Reason.PART_OF_YEAR),
        (~rows["is_comparable"].to_numpy(), Reason.INCOMPARABLE_SERIES),
    )
    judged = rows["verdict_reason"].to_numpy() == 0
    rows["verdict"] = first_of(
        (has_target & not_due, Verdict.NOT_DUE), (judged & good, Verdict.MET), (judged, Verdict.MISSED)
    )


def _add_attainment(rows: pd.DataFrame, rule: pd.DataFrame) -> None:
    actual, target, sense = rows["actual"].to_numpy(), rows["target"].to_numpy(), rule["sense"].to_numpy()
    over, under = np.where(sense < 0, target, actual), np.where(sense < 0, actual, target)
    has_target = rows["next_target_year"].to_numpy() == rows["year"].to_numpy()
    _add_ratio(
        rows, "attainment", over, under,
        (~has_target, Reason.NO_TARGET),
        (sense == 0, Reason.NOT_A_QUANTITY),
        (np.isnan(target) & _of_negative(rows, rule), Reason.NEGATIVE_FIGURE),
        (np.isnan(target), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        (rows["is_part"].to_numpy(), Reason.PART_OF_YEAR),
        (~rows["is_comparable"].to_numpy(), Reason.INCOMPARABLE_SERIES),
        ((actual < 0) | (target < 0), Reason.NEGATIVE_FIGURE),
        (under == 0, Reason.ZERO_DENOMINATOR),
    )  # fmt: skip


def _add_distance(rows: pd.DataFrame, rule: pd.DataFrame) -> None:
    actual, base, last = (rows[name].to_numpy() for name in ("actual", "baseline", "last_target"))
    heading = rule["heading"].to_numpy()
    _add_ratio(
        rows, "distance", actual - base, last - base,
        (rows["last_target_year"].isna().to_numpy(), Reason.NO_TARGET),
        (np.isnan(base), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        (~rows["is_usable"].to_numpy(), Reason.PART_OF_YEAR),
        (~rows["is_comparable"].to_numpy(), Reason.INCOMPARABLE_SERIES),
        (heading == 0, Reason.NOT_A_QUANTITY),
        (rows["year"].to_numpy() < rows["baseline_year"].to_numpy(), Reason.BEFORE_BASELINE),
        (np.isnan(last) & _of_negative(rows, rule), Reason.NEGATIVE_FIGURE),
        (np.isnan(last), Reason.BASELINE_MISSING),
        (_equal(last, base), Reason.TARGET_EQUALS_BASELINE),
        (heading * (last - base) < 0, Reason.BASELINE_SATISFIES_TARGET),
    )  # fmt: skip


def _add_pace(rows: pd.DataFrame, rule: pd.DataFrame) -> None:
    actual, base, expected = (rows[name].to_numpy() for name in ("actual", "baseline", "expected"))
    year, base_year = rows["year"].to_numpy(), rows["baseline_year"].to_numpy()
    heading, ahead = rule["heading"].to_numpy(), rows["next_target"].to_numpy()
    _add_ratio(
        rows, "pace", actual - base, expected - base,
        (rows["last_target_year"].isna().to_numpy(), Reason.NO_TARGET),
        ((heading == 0) | rule["is_yes_no"].to_numpy(), Reason.NOT_A_QUANTITY),
        (rows["next_target_year"].isna().to_numpy(), Reason.AFTER_LAST_TARGET),
        (np.isnan(base), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        (~rows["is_usable"].to_numpy(), Reason.PART_OF_YEAR),
        (~rows["is_comparable"].to_numpy(), Reason.INCOMPARABLE_SERIES),
        (year < base_year, Reason.BEFORE_BASELINE),
        (year == base_year, Reason.AT_BASELINE),
        (np.isnan(ahead) & _of_negative(rows, rule), Reason.NEGATIVE_FIGURE),
        (np.isnan(ahead), Reason.BASELINE_MISSING),
        (np.isnan(expected), Reason.NO_PATH),
        (_equal(expected, base, ahead, rows["path_level"].to_numpy()), Reason.TARGET_EQUALS_BASELINE),
        (heading * (expected - base) < 0, Reason.BASELINE_SATISFIES_TARGET),
    )  # fmt: skip


def _add_ratio(rows: pd.DataFrame, name: str, over: Floats, under: Floats, *rules: tuple[Bools, str]) -> None:
    """Adds `name` = over ÷ under, and `name_reason` where a rule forbids it or it is not a finite number."""
    ratio = over / under
    reason = first_of(*rules, (~np.isfinite(ratio), Reason.OUT_OF_RANGE))
    rows[name], rows[f"{name}_reason"] = np.where(reason == 0, ratio, np.nan), reason


def _add_course(rows: pd.DataFrame, rule: pd.DataFrame) -> None:
    """On track, at risk, off track or reversed: by the next target if met already, else by the pace,
    else by comparing with the expected value."""
    actual, pace, expected = (rows[name].to_numpy() for name in ("actual", "pace", "expected"))
    sense = rule["sense"].to_numpy()
    done = satisfies(actual, sense, rows["next_low"].to_numpy(), rows["next_high"].to_numpy())
    early = rows["year"].to_numpy() < rows["baseline_year"].to_numpy()
    usable, comparable = rows["is_usable"].to_numpy(), rows["is_comparable"].to_numpy()
    fit = ~np.isnan(actual) & usable & comparable
    ahead = rows["next_target_year"].notna().to_numpy() & fit & ~early
    heading = rule["heading"].to_numpy()
    keeps = (heading != 0) & satisfies(actual, heading, expected, expected)
    paced = ~np.isnan(pace)
    known = ~np.isnan(np.where(heading == 0, rows["next_low"].to_numpy(), expected))
    rows["course"] = first_of(
        (~ahead, ""),
        (done, Course.ON_TRACK),
        (paced & (pace >= rule["on_track_from"].to_numpy() - EQUAL), Course.ON_TRACK),
        (paced & (pace >= rule["at_risk_from"].to_numpy() - EQUAL), Course.AT_RISK),
        (paced & (pace >= 0), Course.OFF_TRACK),
        (paced, Course.REVERSED),
        (known & keeps, Course.ON_TRACK),
        (known, Course.OFF_TRACK),
        (ahead, Course.NOT_COMPUTABLE),
    )
    blocked = is_word(rows["course"].to_numpy(), Course.NOT_COMPUTABLE)
    reason = first_of(
        (early, Reason.BEFORE_BASELINE),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        (~usable, Reason.PART_OF_YEAR),
        (~comparable, Reason.INCOMPARABLE_SERIES),
        (~ahead, Reason.AFTER_LAST_TARGET),
    )
    rows["course_reason"] = np.where(blocked, rows["pace_reason"], reason)
