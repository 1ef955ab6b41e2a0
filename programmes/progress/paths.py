"""The ground that progress is measured on: baselines, targets as levels, and the path expected between them.

Values in, values out, no database; docs/progress.md explains the method.
"""

import numpy as np
import pandas as pd

from programmes.progress.inputs import YEAR, Floats, Inputs, Ints, Words


def places_of(inputs: Inputs) -> pd.DataFrame:
    """Each pair with its KPI's rules and its baseline, numbered.

    Where a document names the baseline's year but not its value, the actual of that whole year serves.
    """
    places = inputs.places.merge(inputs.kpis, on="kpi", how="inner", validate="many_to_one")
    whole = inputs.actuals.loc[inputs.actuals["months"] == YEAR, ["kpi", "territory", "year", "value"]]
    observed = whole.rename(columns={"year": "baseline_year", "value": "observed"})
    places = places.merge(
        observed.astype({"baseline_year": "float64"}), on=["kpi", "territory", "baseline_year"], how="left"
    )
    places["baseline"] = places["baseline"].fillna(places.pop("observed"))
    places["place"] = np.arange(len(places))
    return places


def knots_of(places: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The points of each pair's path: targets as levels, sorted by pair and year.

    Adds to `places`: `sense`, how an actual is judged (+1 at least, -1 at most, 0 within both ends), and
    `heading`, where the path leads (+1 up, -1 down, 0 nowhere: a corridor that holds the baseline).
    """
    knots = places.merge(targets, on="kpi", how="inner")
    form, year, base, base_year = (
        knots[name].to_numpy() for name in ("form", "year", "baseline", "baseline_year")
    )
    years = year.astype("float64") - base_year.astype("float64")
    level = levels_of(form, knots["value"].to_numpy("float64"), base.astype("float64"), years)
    upper = levels_of(form, knots["value_max"].to_numpy("float64"), base.astype("float64"), years)
    knots["low"], knots["high"] = level, np.where(np.isnan(upper), level, upper)
    knots = knots.sort_values(["place", "year"], kind="stable").reset_index(drop=True)
    ends = knots.groupby("place").agg(low=("low", "first"), high=("high", "first"), last=("low", "last"))
    ends = ends.reindex(places["place"])
    places["sense"], places["heading"] = directions_of(
        *(places[name].to_numpy() for name in ("comparator", "form", "baseline")),
        *(ends[name].to_numpy("float64") for name in ("low", "high", "last")),
    )
    heading = places["heading"].to_numpy()[knots["place"].to_numpy()]
    knots["level"] = nearer_end(heading, knots["low"].to_numpy(), knots["high"].to_numpy())
    knots["key"] = key_of(knots["place"], knots["year"])
    return knots[["place", "year", "key", "level", "low", "high"]]


def nearer_end(heading: Ints, low: Floats, high: Floats) -> Floats:
    """The end of a range that counts on the path: the lower on the way up, the upper on the way down."""
    return np.select([heading > 0, heading < 0], [low, high], np.nan)


def directions_of(
    comparator: Words, form: Words, base: Floats, low: Floats, high: Floats, last: Floats
) -> tuple[Ints, Ints]:
    """Sense and heading of each pair, from its comparator, its baseline and its first and last target.

    To "reach" a rank is to come down to it, to reach a yes is to come up; any other figure is reached from
    the side on which the baseline (without one: the first target) lies.
    """
    falls = np.where(np.isnan(base), last < low, high < base)
    reach = np.where((form == "rank") | (falls & (form != "yes_no")), -1, 1)
    sense = np.select(
        [comparator == "at_least", comparator == "at_most", comparator == "within"], [1, -1, 0], reach
    )
    return sense, np.where(sense != 0, sense, np.select([base < low, base > high], [1, -1], 0))


def levels_of(form: Words, value: Floats, base: Floats, years: Floats) -> Floats:
    """Targets of every form as levels of the indicator, so many years after the baseline (domain rules: ×2
    means 200 % of the baseline).

    Shares of a negative baseline have no meaning: they are left out.
    """
    share = np.where(base < 0, np.nan, base)
    return np.select(
        [
            form == "multiple",
            form == "change_pct",
            form == "change_abs",
            form == "change_per_year",
            form == "growth_pct",
        ],
        [
            share * value,
            share * (1 + value / 100),
            base + value,
            base + value * years,
            share * (1 + value / 100) ** years,
        ],
        value,
    )


def eras_of(place: Ints, year: Floats, breaks: pd.DataFrame) -> Ints:
    """How many breaks of the pair's series lie up to the year; `breaks` has place and year. 0: no break."""
    if breaks.empty:
        return np.zeros(len(place), dtype="int64")
    keys = np.sort(key_of(breaks["place"], breaks["year"]))
    start = np.searchsorted(keys, place * 10_000)
    return np.searchsorted(keys, place * 10_000 + np.nan_to_num(year), side="right") - start


def key_of(place: "pd.Series[int]", year: "pd.Series[int]") -> Ints:
    """A number that sorts by pair, then year."""
    return place.to_numpy("int64") * 10_000 + year.to_numpy("int64")


TARGET_COLUMNS = (
    "target", "target_low", "target_high", "next_target", "next_low", "next_high", "next_target_year",
    "last_target", "last_target_year", "path_level", "path_year",
)  # fmt: skip


def add_targets(rows: pd.DataFrame, knots: pd.DataFrame, place_count: int) -> None:
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


def expected_of(rows: pd.DataFrame, rule: pd.DataFrame) -> Floats:
    """The path's value in the row's year: from the baseline, or the last target after it, to the next target.

    A yes or no has no path: nothing is expected before the year itself.
    """
    year = rows["year"].to_numpy("float64")
    has_knot = (rows["path_year"] >= rows["baseline_year"].fillna(-np.inf)).to_numpy()
    start_year = np.where(has_knot, rows["path_year"], rows["baseline_year"])
    start = np.where(has_knot, rows["path_level"], rows["baseline"])
    end_year, end = rows["next_target_year"].to_numpy(), rows["next_target"].to_numpy()
    part = (year - start_year) / (end_year - start_year)
    expected = np.select(
        [rule["is_yes_no"], rule["is_step"], rule["is_geometric"]],
        [np.nan, start, np.where((start > 0) & (end > 0), start * (end / start) ** part, np.nan)],
        start + (end - start) * part,
    )
    within = (year >= start_year) & ~np.isnan(end_year)  # after the last target nothing is expected
    expected = np.where(within, expected, np.nan)
    return np.where(year == end_year, end, np.where(year == start_year, start, expected))
