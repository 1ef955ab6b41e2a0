"""From inputs to results: the one way through the arithmetic, for one KPI and for a million rows."""

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from programmes.progress.facts import add_facts
from programmes.progress.forecasts import forecasts_of
from programmes.progress.groups import apart, say_why, with_groups
from programmes.progress.inputs import Inputs, in_blocks, typed
from programmes.progress.paths import eras_of, key_of, knots_of, places_of
from programmes.progress.standings import rollups_of, standings_of
from programmes.progress.words import spell

BLOCK = 100_000  # actuals: more at once fall out of the processor's cache, fewer cost a call each


@dataclass(frozen=True)
class Results:
    """What follows from the inputs, as of a day.

    progress: a row per pair and year with an actual or a target. standings: a row per pair. forecasts: a row
    per pair and coming target. rollups: a row per KPI. group_progress, group_standings: the same for groups
    as a whole, with `members` and `members_total` for the territory.
    """

    progress: pd.DataFrame
    standings: pd.DataFrame
    forecasts: pd.DataFrame
    rollups: pd.DataFrame
    group_progress: pd.DataFrame
    group_standings: pd.DataFrame


def compute(inputs: Inputs, today: dt.date) -> Results:
    """Progress, standings and forecasts of every pair in `inputs.places`, and of groups, as of the day.

    KPI by KPI nothing depends on another: many are computed in blocks, whose intermediate results stay small.
    """
    with np.errstate(all="ignore"):
        results = [_of_block(block, today) for block in in_blocks(typed(inputs), BLOCK)]
    return Results(
        **{
            each.name: pd.concat([getattr(result, each.name) for result in results], ignore_index=True)
            for each in fields(Results)
        }
    )


def _of_block(inputs: Inputs, today: dt.date) -> Results:
    inputs, members = with_groups(inputs)
    results = _of_places(inputs, today)
    (progress, group_progress), (standings, group_standings), (forecasts, _) = map(apart, results)
    group_progress = group_progress.merge(members, on=["kpi", "year"], how="left")
    known = group_progress[["kpi", "year", "members", "members_total"]]
    say_why(group_progress, group_standings, inputs.kpis)
    group_standings = group_standings.merge(known, on=["kpi", "year"], how="left")
    rollups = rollups_of(standings)
    return Results(*map(spell, (progress, standings, forecasts, rollups, group_progress, group_standings)))


def _of_places(inputs: Inputs, today: dt.date) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Progress, standings and forecasts of the pairs, with words as numbers."""
    places = places_of(inputs)
    knots = knots_of(places, inputs.targets)
    rows = _rows(places, knots, inputs.actuals)
    breaks = inputs.breaks.merge(places[["kpi", "territory", "place"]], on=["kpi", "territory"])
    _add_comparability(rows, places, knots, breaks)
    add_facts(rows, places, knots, today)
    return rows, standings_of(rows, places, knots, today), forecasts_of(rows, places, knots, today)


def _rows(places: pd.DataFrame, knots: pd.DataFrame, actuals: pd.DataFrame) -> pd.DataFrame:
    """One row per pair and year that has an actual or a target."""
    index = places[["kpi", "territory", "place"]]
    measured = actuals.merge(index, on=["kpi", "territory"], how="inner")
    due = knots[["place", "year"]].merge(index, on="place")
    rows = pd.concat([measured, due.assign(value=np.nan, months=np.nan)], ignore_index=True)
    rows["key"] = key_of(rows["place"], rows["year"])
    # A measured row comes before the due row of the same year and wins.
    rows = rows.drop_duplicates("key", keep="first").sort_values("key", kind="stable")
    return rows.rename(columns={"value": "actual"}).reset_index(drop=True)


def _add_comparability(
    rows: pd.DataFrame, places: pd.DataFrame, knots: pd.DataFrame, breaks: pd.DataFrame
) -> None:
    """Adds `is_comparable`: no break of the series lies between the row's year and the promise's.

    A promise speaks in terms of its baseline's year, without one of its first target's.
    """
    place = rows["place"].to_numpy()
    own = eras_of(place, rows["year"].to_numpy("float64"), breaks)
    first = knots.drop_duplicates("place").set_index("place")["year"].reindex(places["place"])
    promised = places["baseline_year"].fillna(first.reset_index(drop=True).astype("float64"))
    era = eras_of(places["place"].to_numpy(), promised.to_numpy("float64"), breaks)[place]
    unknown = promised.isna().to_numpy()[place]
    rows["is_comparable"] = (own == era) | unknown
