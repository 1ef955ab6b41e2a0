"""What holds of the arithmetic of progress for every input."""

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from programmes.codes import Course, Outlook, Reason, StandingCode, Verdict
from programmes.progress import Inputs, Results, compute
from tests.examples import examples
from tests.programmes.progress.cases import (
    NAN,
    RATIOS,
    TODAY,
    WORDS,
    YEAR,
    Case,
    inputs_of,
    judge,
    judge_all,
    only,
    targets_of,
)

COURSES = [Course.REVERSED, Course.OFF_TRACK, Course.AT_RISK, Course.ON_TRACK]
FORMS = [
    "level", "multiple", "change_pct", "change_abs", "change_per_year", "growth_pct", "rank", "range",
    "yes_no",
]  # fmt: skip

years = st.integers(2000, 2040)
wild = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e-300, -1e300, 1e300, 100.0]),
)
calm = st.integers(-500, 500).map(float)
wild_series, calm_series = (st.dictionaries(years, each, min_size=1, max_size=6) for each in (wild, calm))
starts = st.tuples(st.integers(1999, 2020), calm)
rules = st.fixed_dictionaries(
    {
        "comparator": st.sampled_from(["at_least", "at_most", "within", "reach"]),
        "form": st.sampled_from(FORMS),
        "path": st.sampled_from(["linear", "step", "geometric"]),
        "over_time": st.sampled_from(["none", "last", "sum", "mean"]),
        "aggregation": st.sampled_from(["", "none", "sum", "mean", "ratio"]),
        "minimum": st.sampled_from([NAN, 0.0]),
        "maximum": st.sampled_from([NAN, 100.0]),
    }
)
ordered = st.fixed_dictionaries(
    {"comparator": st.sampled_from(["at_least", "at_most"]), "path": st.sampled_from(["linear", "step"])}
)
cases = st.builds(Case, calm_series, calm_series, starts, ordered)


def many(*each: "st.SearchStrategy[Any]") -> "st.SearchStrategy[list[Any]]":
    """Lists of tuples: a dozen cases are judged in the time of one."""
    return st.lists(st.tuples(*each), min_size=1, max_size=24)


@st.composite
def inputs(draw: st.DrawFn, numbers: "st.SearchStrategy[float]" = wild) -> Inputs:
    """Five KPIs of any rule in up to three places each, with gaps everywhere."""
    some = st.dictionaries(years, numbers, max_size=5)
    absent = st.one_of(numbers, st.just(NAN))
    kpis: list[int] = draw(st.permutations([4, 7, 9, 10, 2]))
    pairs = [(kpi, place) for kpi in kpis for place in range(draw(st.integers(0, 3)))]
    start = {kpi: (draw(absent), draw(st.one_of(years, st.just(NAN)))) for kpi in kpis}
    return inputs_of(
        kpis=[{"kpi": kpi, **draw(rules)} for kpi in kpis],
        places=[(*pair, *start[pair[0]]) for pair in pairs],
        targets=[
            (kpi, year, value, draw(absent), draw(st.booleans()))
            for kpi in kpis
            for year, value in draw(some).items()
        ],
        actuals=[
            (*pair, year, value, draw(st.sampled_from([YEAR, YEAR, 9])))
            for pair in pairs
            for year, value in draw(some).items()
        ],
        breaks=[(*pair, year) for pair in pairs for year in draw(st.sets(years, max_size=1))],
        parts=[(*pair, year, value, draw(numbers)) for pair in pairs for year, value in draw(some).items()],
    )


def frames(results: Results, **only: int) -> list[pd.DataFrame]:
    """The five tables in the order of their keys, without what numbers the rows inside."""
    found = []
    for table in vars(results).values():
        rows = table
        for name, value in only.items():
            rows = rows[rows[name] == value] if name in rows else rows.iloc[:0]
        keys = [name for name in ("kpi", "territory", "year") if name in rows]
        rows = rows.drop(columns=["place", "key"], errors="ignore")
        found.append(rows.sort_values(keys, ignore_index=True))
    return found


def assert_same(one: Results, other: Results, **only: int) -> None:
    for left, right in zip(frames(one, **only), frames(other, **only), strict=True):
        pd.testing.assert_frame_equal(left, right, check_dtype=False, check_like=True)


@settings(max_examples=examples(36))
@given(inputs())
def test_no_input_raises_or_gives_anything_but_a_number_or_a_reason(given: Inputs) -> None:
    results = compute(given, TODAY)
    known = [(*pair, year) for *pair, year in given.actuals[["kpi", "territory", "year"]].to_numpy().tolist()]
    assert set(map(tuple, known)) <= set(
        map(tuple, results.progress[["kpi", "territory", "year"]].to_numpy().tolist())
    )
    for table in (results.progress, results.group_progress):
        for ratio in RATIOS:
            values, reasons = table[ratio], table[f"{ratio}_reason"]
            assert (values.notna() == (reasons == "")).all()
            assert values.dropna().map(math.isfinite).all()
            assert reasons.isin(["", *Reason]).all()
        assert table["verdict"].isin(["", *Verdict]).all()
        assert ((table["verdict"] == "") <= (table["verdict_reason"] != "")).all()
        assert table["course"].isin(["", *Course]).all()
        assert (table["course"].isin(["", Course.NOT_COMPUTABLE]) == (table["course_reason"] != "")).all()
    for table in (results.standings, results.group_standings):
        judged = table["standing"].isin([*COURSES, Verdict.MET, Verdict.MISSED])
        assert table["standing"].isin(list(StandingCode)).all()
        assert (judged == (table["reason"] == "")).all()
        assert table.loc[judged, ["year", "actual"]].notna().all(axis=None)
    forecasts = results.forecasts
    assert (forecasts["outlook"].isin(list(Outlook)) == (forecasts["reason"] == "")).all()
    known_ends = forecasts.dropna(subset=["low", "high"])
    assert (known_ends["low"] <= known_ends["high"]).all()


@settings(max_examples=examples(15))
@given(inputs(calm), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(given: Inputs, random: Any) -> None:
    shuffled = Inputs(
        **{
            name: frame.sample(frac=1, random_state=random.randrange(2**32)).reset_index(drop=True)
            for name, frame in vars(given).items()
        }
    )
    assert_same(compute(given, TODAY), compute(shuffled, TODAY))


@settings(max_examples=examples(8))
@given(inputs(calm))
def test_each_kpi_alone_gives_what_all_give_together(given: Inputs) -> None:
    together = compute(given, TODAY)
    for kpi in given.kpis["kpi"]:
        alone = Inputs(**{name: frame[frame["kpi"] == kpi] for name, frame in vars(given).items()})
        assert_same(compute(alone, TODAY), together, kpi=kpi)


@settings(max_examples=examples(15))
@given(inputs(calm), st.data())
def test_a_missing_figure_changes_no_other_place(given: Inputs, data: st.DataObject) -> None:
    assume(len(given.actuals))
    place = ["kpi", "territory"]
    lost = given.actuals.iloc[data.draw(st.integers(0, len(given.actuals) - 1))]
    kept = given.actuals.drop(index=lost.name)
    before, after = compute(given, TODAY), compute(Inputs(**{**vars(given), "actuals": kept}), TODAY)
    for one, other in zip(frames(before)[:3], frames(after)[:3], strict=True):
        left, right = (
            rows[(rows[place] != lost[place]).any(axis=1)].reset_index(drop=True) for rows in (one, other)
        )
        pd.testing.assert_frame_equal(left, right, check_dtype=False, check_like=True)


@settings(max_examples=examples(12))
@given(many(cases, st.sampled_from([0.001, 0.5, 2.0, 7.0, 1e6])))
def test_the_unit_of_measure_does_not_matter(given: list[tuple[Case, float]]) -> None:
    ones = judge_all(case for case, _ in given).progress
    others = judge_all(case.changed(times=unit) for case, unit in given).progress
    assert_equal_facts(ones, others, (*RATIOS,))
    assert list(ones["verdict"]) == list(others["verdict"])
    assert list(ones["attainment_reason"]) == list(others["attainment_reason"])


@settings(max_examples=examples(12))
@given(many(cases, calm))
def test_a_constant_added_to_all_figures_changes_neither_distance_nor_pace(
    given: list[tuple[Case, float]],
) -> None:
    ones = judge_all(case for case, _ in given).progress
    others = judge_all(case.changed(plus=constant) for case, constant in given).progress
    assert_equal_facts(ones, others, ("distance", "pace"))


@settings(max_examples=examples(12))
@given(
    many(
        cases,
        st.sampled_from(["level", "change_abs", "change_per_year"]),
        st.sampled_from(["linear", "step"]),
    )
)
def test_mirrored_figures_give_the_mirrored_result(given: list[tuple[Case, str, str]]) -> None:
    upright, mirrored = (
        judge_all(
            case.changed(times=sign, form=form, path=path, comparator=comparator)
            for case, form, path in given
        )
        for sign, comparator in ((1, "at_least"), (-1, "at_most"))
    )
    assert_equal_facts(upright.progress, mirrored.progress, ("distance", "pace"))
    assert list(upright.progress["verdict"]) == list(mirrored.progress["verdict"])
    assert list(upright.standings["standing"]) == list(mirrored.standings["standing"])
    assert list(upright.forecasts["outlook"]) == list(mirrored.forecasts["outlook"])


def assert_equal_facts(ones: pd.DataFrame, others: pd.DataFrame, ratios: tuple[str, ...]) -> None:
    """The ratios with their reasons and the course with its own are the same."""
    for name in ("kpi", "year", "course", "course_reason", "distance_reason", "pace_reason"):
        assert list(ones[name]) == list(others[name])
    for ratio in ratios:
        assert ones[ratio].to_list() == pytest.approx(others[ratio].to_list(), nan_ok=True, abs=1e-9)


@settings(max_examples=examples(12))
@given(many(cases, years, calm, st.integers(0, 300)))
def test_a_better_figure_never_makes_it_worse(given: list[tuple[Case, int, float, int]]) -> None:
    gains = [gain if case.rule["comparator"] == "at_least" else -gain for case, _, _, gain in given]
    worse, better = (
        judge_all(
            replace(case, actuals={year: actual + part * gain})
            for (case, year, actual, _), gain in zip(given, gains, strict=True)
        ).progress
        for part in (0, 1)
    )
    for kpi, (_, year, _, _) in enumerate(given):
        worse_row, better_row = (
            only(rows[(rows["kpi"] == kpi) & (rows["year"] == year)]) for rows in (worse, better)
        )
        assert_no_worse(better_row, worse_row)


def assert_no_worse(better: dict[str, Any], worse: dict[str, Any]) -> None:
    assert (worse["verdict"] == Verdict.MET) <= (better["verdict"] == Verdict.MET)
    for ratio in ("distance", "pace"):
        assert math.isnan(better[ratio]) == math.isnan(worse[ratio])
        assert not better[ratio] < worse[ratio]
    if worse["course"] in COURSES and better["course"] in COURSES:
        assert COURSES.index(better["course"]) >= COURSES.index(worse["course"])


@pytest.mark.parametrize("size", [1, 7, 40, 1_000])
def test_blocks_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    given = inputs_of(
        kpis=[
            {"kpi": kpi, "aggregation": rule}
            for kpi, rule in zip((5, 1, 9, 3), ("", "sum", "mean", ""), strict=True)
        ],
        places=[(kpi, place, 10.0 * kpi, 2020) for kpi in (9, 1, 3) for place in (2, 1)],
        targets=[
            each
            for kpi in (1, 3, 5, 9)
            for each in targets_of(kpi, {2025: 25.0, 2030: 30.0}, additional={2030})
        ],
        actuals=[
            (kpi, place, year, kpi + year / 100, YEAR)
            for year in range(2019, 2024)
            for kpi in (9, 1)
            for place in (1, 2)
        ],
        breaks=[(9, 1, 2022)],
    )
    whole = compute(given, TODAY)
    monkeypatch.setattr("programmes.progress.computing.BLOCK", size)
    assert_same(whole, compute(given, TODAY))


def test_words_are_those_that_the_tables_have() -> None:
    assert set(WORDS) <= set(judge({2025: 1.0}, {2025: 2.0}).progress)
