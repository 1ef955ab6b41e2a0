"""Points, ranges, categories and ranks of rural settlements; sub-criteria and thresholds are examples."""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.methods.rural_method import (
    BLOCK_POINTS,
    Block,
    Category,
    Criterion,
    Effect,
    Fault,
    GeospatialRule,
    Method,
    MethodError,
    MissingThresholdsError,
)
from programmes.methods.rural_scoring import Scope, Scores, classify, rank, score, sensitivity

GROWTH = Criterion("growth", Block.DEMOGRAPHY, 50, scale=(-10, 10))
WATER = Criterion("water", Block.INFRASTRUCTURE, 10, scale=(0, 100))
DISTANCE = Criterion("distance", Block.INFRASTRUCTURE, 20, is_better_higher=False, scale=(0, 100))
LIVESTOCK = Criterion("livestock", Block.ECONOMY, 20)
CRITERIA = (GROWTH, WATER, DISTANCE, LIVESTOCK)
THRESHOLDS = {Category.STRATEGIC: 80.0, Category.SUPPORT: 60.0, Category.SATELLITE: 40.0}
METHOD = Method(CRITERIA, thresholds=THRESHOLDS)
NEAR = "near"

BEST = {"growth": 10, "water": 100, "distance": 0, "livestock": 9}
MIDDLE = {"growth": 0, "water": 50, "distance": 50, "livestock": 5}
WORST = {"growth": -10, "water": 0, "distance": 100, "livestock": 1}


def settlements(**rows: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame.from_dict({name: dict(row) for name, row in rows.items()}, orient="index")


def ends(frame: pd.DataFrame, name: str) -> tuple[Any, ...]:
    return tuple(frame.loc[name])


def geospatial(effect: Effect, **kwargs: Any) -> Method:
    return replace(METHOD, geospatial=GeospatialRule(NEAR, effect, **kwargs))


def test_the_blocks_of_the_reply_make_a_hundred() -> None:
    assert dict(BLOCK_POINTS) == {"demography": 50, "infrastructure": 30, "economy": 20}


def test_points_run_from_nothing_to_the_whole_hundred() -> None:
    scores = score(settlements(best=BEST, middle=MIDDLE, worst=WORST), METHOD)
    assert scores.totals.to_dict("index") == {
        "best": {"low": 100, "high": 100},
        "middle": {"low": 50, "high": 50},
        "worst": {"low": 0, "high": 0},
    }
    assert scores.low.loc["middle"].to_dict() == {"demography": 25, "infrastructure": 15, "economy": 10}


def test_values_beyond_a_given_scale_earn_no_more_and_no_less_than_its_ends() -> None:
    scores = score(settlements(far={**WORST, "distance": 900}, high={**BEST, "growth": 99}), METHOD)
    assert scores.totals["low"].to_list() == [0, 100]


def test_a_missing_value_makes_the_score_a_range_and_is_named() -> None:
    scores = score(settlements(best=BEST, gap={**MIDDLE, "growth": None}, worst=WORST), METHOD)
    assert ends(scores.totals, "gap") == (25, 75)
    assert scores.missing.to_dict() == {"best": (), "gap": ("growth",), "worst": ()}
    assert scores.points["growth"].isna().to_list() == [False, True, False]


def test_zero_is_a_value_and_not_missing() -> None:
    scores = score(settlements(best=BEST, zero={**MIDDLE, "growth": 0, "water": 0}, worst=WORST), METHOD)
    assert ends(scores.totals, "zero") == (45, 45)
    assert scores.missing["zero"] == ()


def test_a_criterion_that_nobody_has_a_value_of_leaves_all_of_its_points_open() -> None:
    table = settlements(one={**BEST, "livestock": None}, two={**WORST, "livestock": None})
    assert score(table, METHOD).totals.to_numpy().tolist() == [[80, 100], [0, 20]]


@pytest.mark.parametrize(
    ("change", "fault", "about"),
    [
        ({"blocks": {**BLOCK_POINTS, Block.ECONOMY: 21}}, Fault.BLOCKS, ()),
        ({"blocks": {Block.DEMOGRAPHY: 100}}, Fault.BLOCKS, ()),
        ({"criteria": CRITERIA[:-1]}, Fault.CRITERIA, ("economy",)),
        ({"criteria": (*CRITERIA[:2], replace(DISTANCE, code="water"), LIVESTOCK)}, Fault.CODES, ("water",)),
        ({"geospatial": GeospatialRule("water", Effect.FILTER)}, Fault.CODES, ("water",)),
        ({"thresholds": {**THRESHOLDS, Category.SUPPORT: 80}}, Fault.THRESHOLDS, ()),
        ({"thresholds": {**THRESHOLDS, Category.STRATEGIC: 101}}, Fault.THRESHOLDS, ()),
        ({"thresholds": {**THRESHOLDS, Category.SATELLITE: 0}}, Fault.THRESHOLDS, ()),
        ({"thresholds": {**THRESHOLDS, Category.SATELLITE: math.nan}}, Fault.THRESHOLDS, ()),
        ({"thresholds": {**THRESHOLDS, Category.OTHER: 10}}, Fault.THRESHOLDS, ()),
    ],
)
def test_it_rejects_a_method_that_does_not_add_up(
    change: dict[str, Any], fault: Fault, about: tuple[str, ...]
) -> None:
    with pytest.raises(MethodError) as caught:
        replace(METHOD, **change)
    assert (caught.value.fault, caught.value.about) == (fault, about)


@pytest.mark.parametrize("scale", [(1, 1), (2, 1), (0, math.inf), (math.nan, 1)])
def test_it_rejects_a_scale_that_does_not_ascend(scale: tuple[float, float]) -> None:
    with pytest.raises(MethodError) as caught:
        replace(GROWTH, scale=scale)
    assert caught.value.fault == Fault.SCALE


@pytest.mark.parametrize("points", [0, -1, math.nan, math.inf])
def test_it_rejects_a_criterion_without_points(points: float) -> None:
    with pytest.raises(MethodError) as caught:
        replace(GROWTH, points=points)
    assert caught.value.fault == Fault.POINTS


@pytest.mark.parametrize(
    ("effect", "points", "category"),
    [
        (Effect.SCORE, 0, None),
        (Effect.SCORE, 10, Category.SUPPORT),
        (Effect.FILTER, 10, None),
        (Effect.OVERRIDE, 0, None),
        (Effect.FILTER, 0, Category.SUPPORT),
    ],
)
def test_it_rejects_a_geospatial_rule_that_does_not_say_what_it_does(
    effect: Effect, points: float, category: Category | None
) -> None:
    with pytest.raises(MethodError) as caught:
        GeospatialRule(NEAR, effect, points, category)
    assert caught.value.fault == Fault.RULE


@pytest.mark.parametrize(
    ("table", "method", "fault", "about"),
    [
        (settlements(a=BEST, b=WORST).drop(columns="water"), METHOD, Fault.COLUMN, "water"),
        (settlements(a={**BEST, "water": "many"}, b=WORST), METHOD, Fault.VALUE, "water"),
        (settlements(a={**BEST, "water": math.inf}, b=WORST), METHOD, Fault.VALUE, "water"),
        (settlements(a=BEST, b={**WORST, "livestock": 9}), METHOD, Fault.FLAT, "livestock"),
        (pd.concat([settlements(a=BEST, b=WORST)] * 2), METHOD, Fault.INDEX, "a"),
        (settlements(a={**BEST, NEAR: 2}, b=WORST), geospatial(Effect.FILTER), Fault.VALUE, NEAR),
    ],
)
def test_it_rejects_values_that_cannot_be_scored(
    table: pd.DataFrame, method: Method, fault: Fault, about: str
) -> None:
    with pytest.raises(MethodError) as caught:
        score(table, method)
    assert caught.value.fault == fault
    assert about in caught.value.about


def test_without_thresholds_it_scores_but_refuses_to_classify() -> None:
    scores = score(settlements(best=BEST, worst=WORST), Method(CRITERIA))
    assert scores.totals["low"].to_list() == [100, 0]
    with pytest.raises(MissingThresholdsError) as caught:
        classify(scores)
    assert caught.value.about == (Category.STRATEGIC, Category.SUPPORT, Category.SATELLITE)


def test_a_category_that_the_geospatial_rule_assigns_needs_no_threshold() -> None:
    rule = GeospatialRule(NEAR, Effect.OVERRIDE, category=Category.STRATEGIC)
    method = Method(CRITERIA, geospatial=rule, thresholds={Category.SUPPORT: 60, Category.SATELLITE: 40})
    table = settlements(best={**BEST, NEAR: 0}, worst={**WORST, NEAR: 1})
    found = classify(score(table, method))
    assert found["lowest"].to_list() == ["support", "strategic"]


def at(points: float) -> dict[str, Any]:
    """A settlement of so many points, from 20 up, by its growth alone; others are at their best or worst."""
    return {**WORST, "livestock": 9, "growth": (points - 20) / 50 * 20 - 10}


@pytest.mark.parametrize(
    ("points", "category"),
    [
        (20, "other"),
        (39.9, "other"),
        (40, "satellite"),
        (59.9, "satellite"),
        (60, "support"),
        (70, "support"),
    ],
)
def test_a_settlement_belongs_to_a_category_from_its_threshold_on(points: float, category: str) -> None:
    found = classify(score(settlements(it=at(points), worst=WORST), METHOD))
    assert ends(found, "it") == (category, category)


def test_a_missing_value_can_leave_the_category_open() -> None:
    table = settlements(open={**MIDDLE, "growth": None}, sure={**BEST, "water": None}, worst=WORST)
    found = classify(score(table, METHOD))
    assert ends(found, "open") == ("other", "support")
    assert ends(found, "sure") == ("strategic", "strategic")


@pytest.mark.parametrize(
    ("near", "total", "category"),
    [
        (1, (60, 60), ("support",) * 2),
        (0, (50, 50), ("satellite",) * 2),
        (None, (50, 60), ("satellite", "support")),
    ],
)
def test_a_rule_that_scores_adds_its_points_on_top(near: Any, total: Any, category: Any) -> None:
    table = settlements(it={**MIDDLE, NEAR: near}, best={**BEST, NEAR: 1}, worst={**WORST, NEAR: 0})
    scores = score(table, geospatial(Effect.SCORE, points=10))
    assert ends(scores.totals, "it") == total
    assert ends(classify(scores), "it") == category
    assert scores.totals.at["best", "high"] == 110


@pytest.mark.parametrize(
    ("near", "category", "place", "of_the_next"),
    [
        (1, ("satellite", "satellite"), [2, 2], [3, 3]),
        (0, ("other", "other"), [None, None], [2, 2]),
        (None, ("other", "satellite"), [2, 2], [2, 3]),
    ],
)
def test_a_rule_that_filters_shuts_out_where_it_does_not_hold(
    near: int | None, category: tuple[str, str], place: list[int | None], of_the_next: list[int]
) -> None:
    table = settlements(it={**MIDDLE, NEAR: near}, best={**BEST, NEAR: 1}, worst={**WORST, NEAR: 1})
    scores = score(table, geospatial(Effect.FILTER))
    assert ends(classify(scores), "it") == category
    places = rank(scores).astype(object).replace({pd.NA: None})
    assert list(ends(places, "it")) == place
    assert list(ends(places, "worst")) == of_the_next


@pytest.mark.parametrize(
    ("near", "category"),
    [(1, ("support",) * 2), (0, ("other",) * 2), (None, ("other", "support"))],
)
def test_a_rule_that_overrides_decides_whatever_the_score(near: Any, category: Any) -> None:
    table = settlements(it={**WORST, NEAR: near}, best={**BEST, NEAR: 0})
    found = classify(score(table, geospatial(Effect.OVERRIDE, category=Category.SUPPORT)))
    assert ends(found, "it") == category


def test_equal_scores_share_a_place() -> None:
    found = rank(score(settlements(a=BEST, b=MIDDLE, c=MIDDLE, d=WORST), METHOD))
    assert found["best"].to_list() == found["worst"].to_list() == [1, 2, 2, 4]


def test_settlements_are_ranked_within_their_district_oblast_or_the_nation() -> None:
    table = settlements(a=BEST, b=MIDDLE, c={**MIDDLE, "water": 40}, d=WORST).assign(
        oblast=["o1", "o1", "o1", "o2"], district=["d1", "d2", "d2", "d3"]
    )
    scores = score(table, METHOD)
    assert rank(scores, Scope.DISTRICT)["best"].to_list() == [1, 1, 2, 1]
    assert rank(scores, Scope.OBLAST)["best"].to_list() == [1, 2, 3, 1]
    assert rank(scores)["best"].to_list() == [1, 2, 3, 4]


@pytest.mark.parametrize(("districts", "fault"), [(None, Fault.COLUMN), (["d1", None], Fault.GROUP)])
def test_it_does_not_rank_within_districts_that_are_not_known(districts: Any, fault: Fault) -> None:
    table = settlements(a=BEST, b=WORST)
    scores = score(table if districts is None else table.assign(district=districts), METHOD)
    with pytest.raises(MethodError) as caught:
        rank(scores, Scope.DISTRICT)
    assert caught.value.fault == fault


CODES = ["growth", "water", "economy"]
GRID = st.sampled_from([None, 0, 25, 50, 100])
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(CODES, GRID)), min_size=1, max_size=4)
SIMPLE = Method(
    (
        Criterion("growth", Block.DEMOGRAPHY, 50, scale=(0, 100)),
        Criterion("water", Block.INFRASTRUCTURE, 30, is_better_higher=False, scale=(0, 100)),
        Criterion("economy", Block.ECONOMY, 20, scale=(0, 100)),
    )
)


def scored(rows: list[dict[str, Any]]) -> Scores:
    return score(pd.DataFrame(rows, columns=CODES, dtype="float64"), SIMPLE)


@given(ROWS)
def test_every_way_to_fill_the_gaps_stays_within_the_ranges(rows: list[dict[str, Any]]) -> None:
    scores = scored(rows)
    totals, places = scores.totals, rank(scores)
    gaps = [(at, code) for at, row in enumerate(rows) for code, value in row.items() if value is None]
    for filling in product((0, 100), repeat=min(len(gaps), 5)):
        whole = [{code: 50 if value is None else value for code, value in row.items()} for row in rows]
        for (position, code), value in zip(gaps, filling, strict=False):
            whole[position][code] = value
        filled = scored(whole)
        assert filled.totals["low"].between(totals["low"], totals["high"]).all()
        place = rank(filled)["best"]
        assert place.between(places["best"], places["worst"]).all()


@given(ROWS)
def test_the_range_of_ranks_is_no_wider_than_it_must_be(rows: list[dict[str, Any]]) -> None:
    scores = scored(rows)
    totals, places = scores.totals, rank(scores)
    for at in totals.index:
        others = totals.drop(index=at)
        assert places.at[at, "best"] == 1 + (others["low"] > totals.at[at, "high"]).sum()
        assert places.at[at, "worst"] == 1 + (others["high"] > totals.at[at, "low"]).sum()


@given(ROWS, st.permutations(range(4)))
def test_the_order_in_which_settlements_come_changes_nothing(
    rows: list[dict[str, Any]], order: list[int]
) -> None:
    table = scored(rows).settlements
    other = score(table.loc[[at for at in order if at in table.index]], SIMPLE)
    pd.testing.assert_frame_equal(rank(other).sort_index(), rank(scored(rows)))


def test_weights_shifted_towards_a_block_favour_those_who_are_good_at_it() -> None:
    young, rich = (60, 60, 40), (40, 60, 80)
    scores = scored([dict(zip(CODES, values, strict=True)) for values in (young, rich)])
    assert rank(scores)["best"].to_list() == [1, 2]
    found = sensitivity(scores, 10)
    assert found.ranks.to_dict("index") == {0: {"best": 1, "worst": 2}, 1: {"best": 1, "worst": 2}}
    by_shift = found.correlations.set_index(["block", "change"])["correlation"].to_dict()
    assert by_shift[("economy", 10)] == pytest.approx(-1)
    assert by_shift[("economy", -10)] == pytest.approx(1)
    assert set(found.correlations["settlements"]) == {2}


def test_sensitivity_counts_only_settlements_without_gaps_and_knows_when_it_is_undefined() -> None:
    rows: list[dict[str, Any]] = [dict.fromkeys(CODES, 60), {**dict.fromkeys(CODES, 0), "growth": None}]
    found = sensitivity(scored(rows), 5).correlations
    assert found["settlements"].to_list() == [1] * 6
    assert found["correlation"].isna().all()


def test_sensitivity_goes_by_district_too() -> None:
    table = settlements(a=BEST, b=MIDDLE, c=WORST).assign(district=["d1", "d1", "d2"])
    found = sensitivity(score(table, METHOD), 10, Scope.DISTRICT)
    assert ends(found.ranks, "c") == (1, 1)
    assert found.correlations.groupby("group")["settlements"].max().to_dict() == {"d1": 2, "d2": 1}


@pytest.mark.parametrize("shift", [0, -1, 20.5, math.nan])
def test_it_rejects_a_shift_that_leaves_a_weight_below_nothing(shift: float) -> None:
    with pytest.raises(MethodError) as caught:
        sensitivity(score(settlements(a=BEST, b=WORST), METHOD), shift)
    assert caught.value.fault == Fault.SHIFT


@given(ROWS, st.floats(0.5, 20))
def test_ranks_by_the_own_weights_lie_within_those_of_all_weights(
    rows: list[dict[str, Any]], shift: float
) -> None:
    scores = scored(rows)
    own, found = rank(scores), sensitivity(scores, shift)
    assert (found.ranks["best"] <= own["best"]).all()
    assert (found.ranks["worst"] >= own["worst"]).all()
    assert found.correlations["correlation"].dropna().between(-1.000001, 1.000001).all()
