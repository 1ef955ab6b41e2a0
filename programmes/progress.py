"""The arithmetic of progress: values in, results out, no database (docs/progress.md explains the method).

Four separate facts about a KPI in a place and a year: the verdict on the year's target, attainment,
distance covered, and pace; from them the course, and for lists one standing. A fact that cannot be
computed is NaN or empty, and its `*_reason` says why. Years are calendar years; ratios are shares.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from programmes.codes import Course, Reason, StandingCode, Verdict
from programmes.paths import (
    EQUAL,
    TARGET_COLUMNS,
    Bools,
    Floats,
    Inputs,
    Ints,
    add_targets,
    expected_of,
    in_blocks,
    key_of,
    knots_of,
    places_of,
    typed,
)

METHOD = "1.1"
BLOCK = 100_000  # actuals: more at once fall out of the processor's cache, fewer cost a call each
Words = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Results:
    """`progress`: a row per pair and year with an actual or a target. `standings`: a row per pair."""

    progress: pd.DataFrame
    standings: pd.DataFrame


def compute(inputs: Inputs, today: dt.date) -> Results:
    """Progress and standings of every pair in `inputs.places` as of the day.

    KPI by KPI nothing depends on another: many are computed in blocks, whose intermediate results stay small.
    """
    results = [_compute(block, today) for block in in_blocks(typed(inputs), BLOCK)]
    return Results(
        pd.concat([each.progress for each in results], ignore_index=True),
        pd.concat([each.standings for each in results], ignore_index=True),
    )


def _compute(inputs: Inputs, today: dt.date) -> Results:
    with np.errstate(all="ignore"):
        places = places_of(inputs)
        knots = knots_of(places, inputs.targets)
        rows = _rows(places, knots, inputs.actuals)
        _add_facts(rows, places, knots, today)
    return Results(rows, _standings(rows, places, knots, today))


def _rows(places: pd.DataFrame, knots: pd.DataFrame, actuals: pd.DataFrame) -> pd.DataFrame:
    """One row per pair and year that has an actual or a target."""
    index = places[["kpi", "territory", "place"]]
    measured = actuals.merge(index, on=["kpi", "territory"], how="inner")
    due = knots[["place", "year"]].merge(index, on="place")
    rows = pd.concat([measured, due.assign(value=np.nan)], ignore_index=True)
    rows["key"] = key_of(rows["place"], rows["year"])
    # A measured row comes before the due row of the same year and wins.
    rows = rows.drop_duplicates("key", keep="first").sort_values("key", kind="stable")
    return rows.rename(columns={"value": "actual"}).reset_index(drop=True)


def _add_facts(rows: pd.DataFrame, places: pd.DataFrame, knots: pd.DataFrame, today: dt.date) -> None:
    """Adds targets, the expected value and the facts to the rows, in place."""
    rule = places.iloc[rows["place"].to_numpy()].reset_index(drop=True)
    rows["actual"] = rows["actual"].astype("float64")
    rows["baseline"], rows["baseline_year"] = rule["baseline"], rule["baseline_year"].astype("float64")
    if len(knots):
        add_targets(rows, knots, len(places))
    else:
        for name in TARGET_COLUMNS:
            rows[name] = np.nan
    rows["expected"] = expected_of(rows, rule)
    _add_verdict(rows, rule, today)
    _add_attainment(rows, rule)
    _add_distance(rows, rule)
    _add_pace(rows, rule)
    _add_course(rows, rule)


def _equal(one: Floats, other: Floats) -> Bools:
    """Equal but for the last bits of a computation."""
    return np.isclose(one, other, rtol=EQUAL, atol=0)


def _satisfies(actual: Floats, sense: Ints, low: Floats, high: Floats) -> Bools:
    """Whether the actual is good enough, equality included; false where anything is missing."""
    slack_low, slack_high = EQUAL * np.abs(low), EQUAL * np.abs(high)
    above, below = actual >= low - slack_low, actual <= high + slack_high
    return np.select([sense > 0, sense < 0], [above, below], above & below).astype(bool)


def _first(*rules: tuple[Bools, str]) -> Words:
    """The word of the first rule that holds in each row, else an empty one."""
    return np.select([mask for mask, _ in rules], [str(word) for _, word in rules], "").astype(object)


def _add_verdict(rows: pd.DataFrame, rule: pd.DataFrame, today: dt.date) -> None:
    actual, year = rows["actual"].to_numpy(), rows["year"].to_numpy()
    low, high = rows["target_low"].to_numpy(), rows["target_high"].to_numpy()
    has_target = rows["next_target_year"].to_numpy() == year
    unknown = has_target & np.isnan(low)
    not_due = year >= today.year
    missing = np.isnan(actual)
    good = _satisfies(actual, rule["sense"].to_numpy(), low, high)
    rows["verdict_reason"] = _first(
        (~has_target, Reason.NO_TARGET),
        (not_due, Reason.NOT_DUE),
        (unknown & (rows["baseline"].to_numpy() < 0), Reason.NEGATIVE_FIGURE),
        (unknown, Reason.BASELINE_MISSING),
        (missing, Reason.NO_OBSERVATION),
    )
    judged = rows["verdict_reason"].to_numpy() == ""
    rows["verdict"] = _first(
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
        (np.isnan(target) & (rows["baseline"].to_numpy() < 0), Reason.NEGATIVE_FIGURE),
        (np.isnan(target), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        ((actual < 0) | (target < 0), Reason.NEGATIVE_FIGURE),
        (under == 0, Reason.ZERO_DENOMINATOR),
    )  # fmt: skip


def _add_distance(rows: pd.DataFrame, rule: pd.DataFrame) -> None:
    actual, base, last = (rows[name].to_numpy() for name in ("actual", "baseline", "last_target"))
    _add_ratio(
        rows, "distance", actual - base, last - base,
        (rows["last_target_year"].isna().to_numpy(), Reason.NO_TARGET),
        (np.isnan(base), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        (rule["heading"].to_numpy() == 0, Reason.NOT_A_QUANTITY),
        (np.isnan(last), Reason.NEGATIVE_FIGURE),
        (_equal(last, base), Reason.TARGET_EQUALS_BASELINE),
    )  # fmt: skip


def _add_pace(rows: pd.DataFrame, rule: pd.DataFrame) -> None:
    actual, base, expected = (rows[name].to_numpy() for name in ("actual", "baseline", "expected"))
    year, base_year = rows["year"].to_numpy(), rows["baseline_year"].to_numpy()
    heading = rule["heading"].to_numpy()
    _add_ratio(
        rows, "pace", actual - base, expected - base,
        (rows["last_target_year"].isna().to_numpy(), Reason.NO_TARGET),
        ((heading == 0) | (rule["form"] == "yes_no").to_numpy(), Reason.NOT_A_QUANTITY),
        (rows["next_target_year"].isna().to_numpy(), Reason.AFTER_LAST_TARGET),
        (np.isnan(base), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        (year < base_year, Reason.BEFORE_BASELINE),
        (year == base_year, Reason.AT_BASELINE),
        (np.isnan(expected), Reason.NO_PATH),
        (_equal(expected, base), Reason.TARGET_EQUALS_BASELINE),
        (heading * (expected - base) < 0, Reason.BASELINE_SATISFIES_TARGET),
    )  # fmt: skip


def _add_ratio(rows: pd.DataFrame, name: str, over: Floats, under: Floats, *rules: tuple[Bools, str]) -> None:
    """Adds `name` = over ÷ under, and `name_reason` where a rule forbids it or it is not a finite number."""
    ratio = over / under
    reason = _first(*rules, (~np.isfinite(ratio), Reason.OUT_OF_RANGE))
    rows[name], rows[f"{name}_reason"] = np.where(reason == "", ratio, np.nan), reason


def _add_course(rows: pd.DataFrame, rule: pd.DataFrame) -> None:
    """On track, at risk, off track or reversed: by the next target if met already, else by the pace,
    else by comparing with the expected value."""
    actual, pace, expected = (rows[name].to_numpy() for name in ("actual", "pace", "expected"))
    sense = rule["sense"].to_numpy()
    done = _satisfies(actual, sense, rows["next_low"].to_numpy(), rows["next_high"].to_numpy())
    early = rows["year"].to_numpy() < rows["baseline_year"].to_numpy()
    ahead = rows["next_target_year"].notna().to_numpy() & ~np.isnan(actual) & ~early
    heading = rule["heading"].to_numpy()
    keeps = (heading != 0) & _satisfies(actual, heading, expected, expected)
    paced = ~np.isnan(pace)
    known = ~np.isnan(expected) | (heading == 0)
    rows["course"] = _first(
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
    blocked = rows["course"].to_numpy() == Course.NOT_COMPUTABLE
    rows["course_reason"] = np.select(
        [blocked, early, np.isnan(actual), ~ahead],
        [
            rows["pace_reason"],
            str(Reason.BEFORE_BASELINE),
            str(Reason.NO_OBSERVATION),
            str(Reason.AFTER_LAST_TARGET),
        ],
        "",
    ).astype(object)


def _standings(rows: pd.DataFrame, places: pd.DataFrame, knots: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """One word per pair: the last verdict once all targets are due, before that the latest course."""
    measured = rows[rows["actual"].notna()]
    latest = measured.drop_duplicates("place", keep="last").set_index("place")
    latest = latest.reindex(places["place"])[["year", "course", "course_reason"]].reset_index(drop=True)
    last_year = knots.groupby("place")["year"].max().reindex(places["place"]).to_numpy("float64")
    ahead = knots[knots["year"] >= today.year].groupby("place")["year"].min().reindex(places["place"])
    final = rows.merge(
        pd.DataFrame({"place": places["place"], "year": last_year}).dropna(), on=["place", "year"]
    )
    final = final.set_index("place").reindex(places["place"])[["verdict", "verdict_reason"]]
    age = (today.year * 12 + today.month - 1) - (latest["year"].to_numpy("float64") + 1) * 12
    standing, reason = _judge(
        latest, final.fillna(""), np.isnan(last_year), ahead.isna().to_numpy(),
        age >= places["tolerance_months"].to_numpy("float64"),
    )  # fmt: skip
    judged_by_verdict = np.isin(standing, [StandingCode.MET, StandingCode.MISSED])
    return pd.DataFrame(
        {
            "kpi": places["kpi"],
            "territory": places["territory"],
            "standing": standing,
            "reason": reason,
            "year": np.where(judged_by_verdict, last_year, latest["year"]),
            "next_target_year": ahead.to_numpy("float64"),
        }
    )


def _judge(
    latest: pd.DataFrame, final: pd.DataFrame, no_target: Bools, all_due: Bools, stale: Bools
) -> tuple[Words, Words]:
    """The standing of each pair and, where it is not a judgement, its reason."""
    unmeasured = latest["year"].isna().to_numpy()
    course, verdict = latest["course"].fillna("").to_numpy(), final["verdict"].to_numpy()
    unjudged = all_due & (verdict == "")
    no_final_figure = unjudged & (final["verdict_reason"].to_numpy() == Reason.NO_OBSERVATION)
    conditions = [no_target, unmeasured | no_final_figure, unjudged, all_due, stale, course == ""]
    standing = np.select(
        conditions,
        [
            StandingCode.NOT_COMPUTABLE.value, StandingCode.NO_DATA.value, StandingCode.NOT_COMPUTABLE.value,
            verdict, StandingCode.STALE.value, StandingCode.NOT_COMPUTABLE.value,
        ],
        course,
    )  # fmt: skip
    reason = np.select(
        conditions,
        [
            Reason.NO_TARGET.value, Reason.NO_OBSERVATION.value, final["verdict_reason"].to_numpy(),
            "", Reason.STALE.value, latest["course_reason"].fillna("").to_numpy(),
        ],
        latest["course_reason"].fillna("").to_numpy(),
    )  # fmt: skip
    return standing.astype(object), reason.astype(object)
