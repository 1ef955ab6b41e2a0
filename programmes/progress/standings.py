"""One word for each pair: how its promise stands on the day."""

import datetime as dt

import numpy as np
import pandas as pd

from programmes.codes import KEPT, SLIPPED, Reason, StandingCode
from programmes.progress.inputs import Bools, Floats, Ints
from programmes.progress.words import Words, first_of, is_word

WORDS = ("verdict", "verdict_reason", "course", "course_reason")
USED = ["year", "actual", "months", "distance", *WORDS]


def standings_of(
    rows: pd.DataFrame, places: pd.DataFrame, knots: pd.DataFrame, today: dt.date
) -> pd.DataFrame:
    """The last verdict once all targets are due, before that the latest course.

    Parts of years that say nothing yet are passed over. `year`, `actual`, `distance` and `months` are of the
    row that the word rests on.
    """
    last_year = knots.groupby("place")["year"].max().reindex(places["place"]).to_numpy("float64")
    ahead = knots[knots["year"] >= today.year].groupby("place")["year"].min().reindex(places["place"])
    latest = _latest(rows, len(places))
    final = _of_year(rows, np.nan_to_num(last_year), len(places))
    measured_until = (latest["year"].to_numpy("float64") * 12) + latest["months"].to_numpy("float64")
    age = (today.year * 12 + today.month - 1) - measured_until
    stale = age >= places["tolerance_months"].to_numpy("float64")
    standing, reason = _judge(latest, final, np.isnan(last_year), ahead.isna().to_numpy(), stale)
    by_verdict = is_word(standing, StandingCode.MET, StandingCode.MISSED)

    def resting_on(name: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return np.where(by_verdict, final[name].to_numpy("float64"), latest[name].to_numpy("float64"))

    return pd.DataFrame(
        {
            "kpi": places["kpi"].to_numpy(),
            "territory": places["territory"].to_numpy(),
            "standing": standing,
            "reason": reason,
            **{name: resting_on(name) for name in ("year", "actual", "distance")},
            "next_target_year": ahead.to_numpy("float64"),
        }
    )


def rollups_of(standings: pd.DataFrame) -> pd.DataFrame:
    """A row per KPI: under each standing's word, how many of its pairs stand so; and `way`.

    `way` is the mean of the distances of those that can be judged, each kept between 0 and 1; a gap where
    none is known.
    """
    words, kpi = standings["standing"].to_numpy("int8"), standings["kpi"].to_numpy()
    found = {word.value: is_word(words, word) for word in StandingCode}
    rollups = pd.DataFrame(found).groupby(kpi).sum()
    judged = standings["distance"].clip(0, 1).where(is_word(words, *KEPT, *SLIPPED))
    return rollups.assign(way=judged.groupby(kpi).mean()).rename_axis("kpi").reset_index()


def _latest(rows: pd.DataFrame, places: int) -> pd.DataFrame:
    """Each pair's last row with an actual that says something; a row of gaps where there is none."""
    usable = np.flatnonzero(~np.isnan(rows["actual"].to_numpy()) & rows["is_usable"].to_numpy())
    at = np.full(places, -1)
    at[rows["place"].to_numpy()[usable]] = usable  # rows are in the order of years: the last one stays
    return _taken(rows, at)


def _of_year(rows: pd.DataFrame, year: Floats, places: int) -> pd.DataFrame:
    """Each pair's row of the year; a row of gaps where there is none."""
    key, wanted = rows["key"].to_numpy(), np.arange(places) * 10_000 + year.astype("int64")
    at = np.searchsorted(key, wanted)
    own = (at < len(key)) & (key[np.minimum(at, len(key) - 1)] == wanted) if len(key) else at < 0
    return _taken(rows, np.where(own, at, -1))


def _taken(rows: pd.DataFrame, at: Ints) -> pd.DataFrame:
    """The rows at these positions, with gaps and no words where the position is −1."""
    known = at >= 0
    taken = rows[USED].iloc[np.where(known, at, 0)] if len(rows) else rows[USED].reindex(range(len(at)))
    return pd.DataFrame(
        {name: np.where(known, taken[name].to_numpy(), 0 if name in WORDS else np.nan) for name in USED}
    )


def _judge(
    latest: pd.DataFrame, final: pd.DataFrame, no_target: Bools, all_due: Bools, stale: Bools
) -> tuple[Words, Words]:
    """The standing of each pair and, where it is not a judgement, its reason."""

    unmeasured = latest["year"].isna().to_numpy()
    course, course_reason = latest["course"].to_numpy("int8"), latest["course_reason"].to_numpy("int8")
    verdict, verdict_reason = final["verdict"].to_numpy("int8"), final["verdict_reason"].to_numpy("int8")
    unjudged = all_due & (verdict == 0)
    no_final_figure = unjudged & is_word(verdict_reason, Reason.NO_OBSERVATION)
    cases: tuple[tuple[Bools, str | Words, str | Words], ...] = (
        (no_target, StandingCode.NOT_COMPUTABLE, Reason.NO_TARGET),
        (unmeasured | no_final_figure, StandingCode.NO_DATA, Reason.NO_OBSERVATION),
        (unjudged, StandingCode.NOT_COMPUTABLE, verdict_reason),
        (all_due, verdict, ""),
        (stale, StandingCode.STALE, Reason.STALE),
        (course == 0, StandingCode.NOT_COMPUTABLE, course_reason),
        (course != 0, course, course_reason),
    )
    nobody = np.zeros(len(latest), dtype=np.int8)
    masks = [mask for mask, _, _ in cases]
    standing = np.select(masks, [_numbers(word, nobody) for _, word, _ in cases], nobody)
    reason = np.select(masks, [_numbers(word, nobody) for _, _, word in cases], nobody)
    return standing.astype("int8"), reason.astype("int8")


def _numbers(word: "str | Words", nobody: Words) -> Words:
    """A word's number in every row; numbers as they are."""
    return first_of((nobody == 0, word)) if isinstance(word, str) else word
