"""One word for each pair: how its promise stands on the day."""

import datetime as dt

import numpy as np
import pandas as pd

from programmes.codes import Reason, StandingCode
from programmes.progress.inputs import Bools
from programmes.progress.words import Words, first_of, is_word


def standings_of(
    rows: pd.DataFrame, places: pd.DataFrame, knots: pd.DataFrame, today: dt.date
) -> pd.DataFrame:
    """The last verdict once all targets are due, before that the latest course.

    Parts of years that say nothing yet are passed over. `year`, `actual`, `distance` and `months` are of the
    row that the word rests on.
    """
    measured = rows[rows["actual"].notna() & rows["is_usable"]]
    latest = measured.drop_duplicates("place", keep="last").set_index("place").reindex(places["place"])
    last_year = knots.groupby("place")["year"].max().reindex(places["place"]).to_numpy("float64")
    ahead = knots[knots["year"] >= today.year].groupby("place")["year"].min().reindex(places["place"])
    due = pd.DataFrame({"place": places["place"], "year": last_year}).dropna()
    final = rows.merge(due, on=["place", "year"]).set_index("place").reindex(places["place"])
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


def _judge(
    latest: pd.DataFrame, final: pd.DataFrame, no_target: Bools, all_due: Bools, stale: Bools
) -> tuple[Words, Words]:
    """The standing of each pair and, where it is not a judgement, its reason."""

    def words(frame: pd.DataFrame, name: str) -> Words:
        return frame[name].fillna(0).to_numpy("int8")

    unmeasured = latest["year"].isna().to_numpy()
    course, verdict = words(latest, "course"), words(final, "verdict")
    course_reason, verdict_reason = words(latest, "course_reason"), words(final, "verdict_reason")
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
