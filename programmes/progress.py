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

METHOD = "1.0"
EQUAL = 1e-9  # relative: 0.1 * 1.2 equals 0.12

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Inputs:
    """What progress is computed from.

    kpis: kpi, comparator, form, path, on_track_from, at_risk_from, tolerance_months; one row each.
    places: kpi, territory, baseline (NaN: none stated), baseline_year (NaN: none); one row per judged pair.
    targets: kpi, year, value, value_max (NaN: no range), as the KPI's form expresses them; one per year.
    actuals: kpi, territory, year, value; one per year.
    """

    kpis: pd.DataFrame
    places: pd.DataFrame
    targets: pd.DataFrame
    actuals: pd.DataFrame


@dataclass(frozen=True)
class Results:
    """`progress`: a row per pair and year with an actual or a target. `standings`: a row per pair."""

    progress: pd.DataFrame
    standings: pd.DataFrame


def compute(inputs: Inputs, today: dt.date) -> Results:
    """Progress and standings of every pair in `inputs.places` as of the day."""
    with np.errstate(all="ignore"):
        inputs = _typed(inputs)
        places = _places(inputs)
        knots = _knots(places, inputs.targets)
        rows = _rows(places, knots, inputs.actuals)
        _add_facts(rows, places, knots, today)
    return Results(rows, _standings(rows, places, knots, today))


def _typed(inputs: Inputs) -> Inputs:
    """The same with numbers as numbers: empty frames come without types."""
    place, year = {"kpi": "int64", "territory": "int64"}, {"year": "int64", "value": "float64"}
    return Inputs(
        kpis=inputs.kpis.astype({"kpi": "int64"}),
        places=inputs.places.astype({**place, "baseline": "float64", "baseline_year": "float64"}),
        targets=inputs.targets.astype({"kpi": "int64", **year, "value_max": "float64"}),
        actuals=inputs.actuals.astype({**place, **year}),
    )


def _places(inputs: Inputs) -> pd.DataFrame:
    """Each pair with its KPI's rules, its sense (+1 at least, -1 at most, 0 within) and its baseline.

    Where a document names the baseline's year but not its value, the actual of that year serves.
    """
    places = inputs.places.merge(inputs.kpis, on="kpi", how="inner", validate="many_to_one")
    observed = inputs.actuals.rename(columns={"year": "baseline_year", "value": "observed"})
    places = places.merge(
        observed.astype({"baseline_year": "float64"}), on=["kpi", "territory", "baseline_year"], how="left"
    )
    places["baseline"] = places["baseline"].fillna(places.pop("observed"))
    places["place"] = np.arange(len(places))
    comparator, form = places["comparator"], places["form"]
    first = inputs.targets.sort_values("year").groupby("kpi")["value"].first()
    rises = ~(places["kpi"].map(first) < places["baseline"])
    reach = np.where((form == "rank") | ~(rises | (form != "level")), -1, 1)
    places["sense"] = np.select(
        [comparator == "at_least", comparator == "at_most", comparator == "within"], [1, -1, 0], reach
    )
    return places


def _knots(places: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The points of each pair's expected path: targets as levels, sorted by pair and year."""
    knots = places.merge(targets, on="kpi", how="inner")
    level = _as_level(knots, knots["value"].to_numpy("float64"))
    upper = _as_level(knots, knots["value_max"].to_numpy("float64"))
    knots["low"], knots["high"] = level, np.where(np.isnan(upper), level, upper)
    # Of a range, the nearer end counts: the lower for "at least", the upper for "at most".
    knots["level"] = np.where(knots["sense"] < 0, knots["high"], knots["low"])
    knots = knots.sort_values(["place", "year"], kind="stable").reset_index(drop=True)
    knots["key"] = _key(knots["place"], knots["year"])
    return knots[["place", "year", "key", "level", "low", "high"]]


def _as_level(knots: pd.DataFrame, value: Floats) -> Floats:
    """Targets of every form as levels of the indicator (domain rules: ×2 means 200 % of the baseline)."""
    base = knots["baseline"].to_numpy("float64")
    years = knots["year"].to_numpy("float64") - knots["baseline_year"].to_numpy("float64")
    form = knots["form"].to_numpy()
    return np.select(
        [form == "multiple", form == "change_pct", form == "change_abs", form == "growth_pct"],
        [base * value, base * (1 + value / 100), base + value, base * (1 + value / 100) ** years],
        value,
    )


def _key(place: "pd.Series[int]", year: "pd.Series[int]") -> Ints:
    """A number that sorts by pair, then year."""
    return place.to_numpy("int64") * 10_000 + year.to_numpy("int64")


def _rows(places: pd.DataFrame, knots: pd.DataFrame, actuals: pd.DataFrame) -> pd.DataFrame:
    """One row per pair and year that has an actual or a target."""
    index = places[["kpi", "territory", "place"]]
    measured = actuals.merge(index, on=["kpi", "territory"], how="inner")
    due = knots[["place", "year"]].merge(index, on="place")
    rows = pd.concat([measured, due.assign(value=np.nan)], ignore_index=True)
    rows["key"] = _key(rows["place"], rows["year"])
    # A measured row comes before the due row of the same year and wins.
    rows = rows.drop_duplicates("key", keep="first").sort_values("key", kind="stable")
    return rows.rename(columns={"value": "actual"}).reset_index(drop=True)


def _add_facts(rows: pd.DataFrame, places: pd.DataFrame, knots: pd.DataFrame, today: dt.date) -> None:
    """Adds targets, the expected value and the facts to the rows, in place."""
    rule = places.iloc[rows["place"].to_numpy()].reset_index(drop=True)
    rows["actual"] = rows["actual"].astype("float64")
    rows["baseline"], rows["baseline_year"] = rule["baseline"], rule["baseline_year"].astype("float64")
    if len(knots):
        _add_targets(rows, knots, len(places))
    else:
        for name in TARGET_COLUMNS:
            rows[name] = np.nan
    rows["expected"] = _expected(rows, rule)
    _add_verdict(rows, rule, today)
    _add_attainment(rows, rule)
    _add_distance(rows)
    _add_pace(rows, rule)
    _add_course(rows, rule)


TARGET_COLUMNS = (
    "target", "target_low", "target_high", "next_target", "next_low", "next_high", "next_target_year",
    "last_target", "last_target_year", "path_level", "path_year",
)  # fmt: skip


def _add_targets(rows: pd.DataFrame, knots: pd.DataFrame, place_count: int) -> None:
    """The target of the year, the next (this year's included), the last, and the path's point before it."""
    key, place = rows["key"].to_numpy(), rows["place"].to_numpy()
    knot_key, knot_place = knots["key"].to_numpy(), knots["place"].to_numpy()
    after = np.searchsorted(knot_key, key, side="left")
    before = np.searchsorted(knot_key, key, side="left") - 1
    ends = np.searchsorted(knot_place, np.arange(place_count), side="right") - 1
    last = ends[place]

    def pick(column: str, at: Ints) -> Floats:
        clipped = np.clip(at, 0, len(knots) - 1)
        own = (at >= 0) & (at < len(knots)) & (knot_place[clipped] == place)
        return np.where(own, knots[column].to_numpy("float64")[clipped], np.nan)

    rows["next_target"], rows["next_target_year"] = pick("level", after), pick("year", after)
    rows["next_low"], rows["next_high"] = pick("low", after), pick("high", after)
    now = rows["next_target_year"].to_numpy() == rows["year"].to_numpy()
    for name, column in (("target", "level"), ("target_low", "low"), ("target_high", "high")):
        rows[name] = np.where(now, pick(column, after), np.nan)
    rows["last_target"], rows["last_target_year"] = pick("level", last), pick("year", last)
    rows["path_level"], rows["path_year"] = pick("level", before), pick("year", before)


def _expected(rows: pd.DataFrame, rule: pd.DataFrame) -> Floats:
    """The path's value in the row's year: from the baseline or the target before to the next target."""
    year = rows["year"].to_numpy("float64")
    has_knot = rows["path_year"].notna().to_numpy()
    start_year = np.where(has_knot, rows["path_year"], rows["baseline_year"])
    start = np.where(has_knot, rows["path_level"], rows["baseline"])
    end_year, end = rows["next_target_year"].to_numpy(), rows["next_target"].to_numpy()
    part = (year - start_year) / (end_year - start_year)
    path = rule["path"].to_numpy()
    expected = np.select(
        [path == "step", path == "geometric"],
        [start, np.where((start > 0) & (end > 0), start * (end / start) ** part, np.nan)],
        start + (end - start) * part,
    )
    expected = np.where(year < start_year, np.nan, expected)
    return np.where(year == end_year, end, np.where(year == start_year, start, expected))


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
        (np.isnan(target), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        ((actual < 0) | (target < 0), Reason.NEGATIVE_FIGURE),
        (under == 0, Reason.ZERO_DENOMINATOR),
    )  # fmt: skip


def _add_distance(rows: pd.DataFrame) -> None:
    actual, base, last = (rows[name].to_numpy() for name in ("actual", "baseline", "last_target"))
    _add_ratio(
        rows, "distance", actual - base, last - base,
        (rows["last_target_year"].isna().to_numpy(), Reason.NO_TARGET),
        (np.isnan(base), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        (last == base, Reason.TARGET_EQUALS_BASELINE),
    )  # fmt: skip


def _add_pace(rows: pd.DataFrame, rule: pd.DataFrame) -> None:
    actual, base, expected = (rows[name].to_numpy() for name in ("actual", "baseline", "expected"))
    year, base_year = rows["year"].to_numpy(), rows["baseline_year"].to_numpy()
    sense = rule["sense"].to_numpy()
    _add_ratio(
        rows, "pace", actual - base, expected - base,
        (rows["last_target_year"].isna().to_numpy(), Reason.NO_TARGET),
        (sense == 0, Reason.NOT_A_QUANTITY),
        (rows["next_target_year"].isna().to_numpy(), Reason.AFTER_LAST_TARGET),
        (np.isnan(base), Reason.BASELINE_MISSING),
        (np.isnan(actual), Reason.NO_OBSERVATION),
        (year < base_year, Reason.BEFORE_BASELINE),
        (year == base_year, Reason.AT_BASELINE),
        (np.isnan(expected), Reason.NO_PATH),
        (expected == base, Reason.TARGET_EQUALS_BASELINE),
        (sense * (expected - base) < 0, Reason.BASELINE_SATISFIES_TARGET),
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
    keeps = _satisfies(actual, sense, expected, expected)
    paced = ~np.isnan(pace)
    known = ~np.isnan(expected) | (sense == 0)
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
