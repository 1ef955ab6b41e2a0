"""What holds of the checks for every input."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from programmes.quality import FINDINGS, Check, check
from programmes.quality.codes import Check as Code
from tests.examples import examples
from tests.programmes.quality.cases import Line, indicator, inputs_of, promise, targets

wild = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1.0, 1e300, -1e300, 1e-300, 5e-324, float("inf"), float("nan")]),
)
calm = st.one_of(st.none(), st.integers(1, 400).map(float), st.integers(1, 40).map(lambda n: n * 1000.0))
lines = st.builds(
    Line,
    values=st.lists(wild, max_size=14),
    start=st.integers(1990, 2000),
    territory=st.integers(1, 3),
    breakdown=st.sampled_from(["", "SEX=F", "SEX=M", "SEX=F&AGE=Y1", "AGE=Y1"]),
    source=st.integers(1, 3),
    rank=st.sampled_from([0, 3, 5]),
    frequency=st.sampled_from(["A", "Q", "M"]),
    digits=st.integers(0, 20),
)
FORMS = ["level", "multiple", "change_pct", "change_abs", "change_per_year", "growth_pct", "range", "rank"]
numbers = wild.filter(lambda number: number is not None)
kpis = st.fixed_dictionaries(
    {
        "comparator": st.sampled_from(["at_least", "at_most", "within", "reach"]),
        "form": st.sampled_from(FORMS),
        "path": st.sampled_from(["linear", "geometric"]),
        "minimum": st.sampled_from([float("nan"), 0.0]),
    }
)  # fmt: skip
RULES = [indicator(is_sum=True, minimum=0.0), indicator(is_share=True, maximum=100.0), indicator()]
PARTS = [{"whole": 1, "part": part, "since": float("nan"), "until": float("nan")} for part in (2, 3)]
PLACES = [{"kpi": 1, "territory": 1}]


@settings(max_examples=examples(30), deadline=None)
@given(
    st.lists(lines, max_size=10, unique_by=lambda line: (line.territory, line.breakdown, line.source)),
    st.sampled_from(RULES), numbers, st.integers(1990, 2030), kpis,
    st.dictionaries(st.integers(1990, 2040), numbers, max_size=4),
)  # fmt: skip
def test_no_input_raises_and_every_finding_is_whole(
    given_lines: list[Line],
    rule: dict[str, object],
    baseline: float,
    year: int,
    kpi: dict[str, object],
    by_year: dict[int, float],
) -> None:
    found = check(
        inputs_of(
            *given_lines, indicators=[rule], kpis=[promise(baseline, year, **kpi)], parts=PARTS,
            places=PLACES, targets=targets(by_year),
        )
    )  # fmt: skip
    assert list(found.columns) == list(FINDINGS)
    assert set(found["check"]) <= set(Code)
    assert ((found["series"] >= 0) != (found["kpi"] >= 0)).all()
    assert (found["territory"] >= 0).all()
    of_figures = found[
        found["check"].isin([Check.UNIT_SLIP, Check.OUTLIER, Check.JUMP]) & (found["series"] >= 0)
    ]
    assert not of_figures.duplicated(["series", "month"]).any()


@settings(max_examples=examples(10), deadline=None)
@given(st.lists(st.tuples(st.lists(calm, max_size=16), st.sampled_from([0.25, 2.0, 64.0])), max_size=12))
def test_the_unit_of_a_series_makes_no_difference(given: list[tuple[list[float | None], float]]) -> None:
    one, two = (
        check(
            inputs_of(
                *(
                    Line(
                        [None if value is None else value * factor**power for value in values],
                        indicator=number,
                        digits=12,
                    )
                    for number, (values, factor) in enumerate(given)
                )
            )
        )
        for power in (0, 1)
    )
    key = ["series", "check", "month"]
    pd.testing.assert_frame_equal(one[key], two[key])


@settings(max_examples=examples(12), deadline=None)
@given(st.lists(lines, min_size=1, max_size=6), st.lists(lines, min_size=1, max_size=6))
def test_other_indicators_change_nothing(here: list[Line], there: list[Line]) -> None:
    own = [Line(**{**vars(line), "source": number}) for number, line in enumerate(here)]
    others = [Line(**{**vars(line), "source": number, "indicator": 2}) for number, line in enumerate(there)]
    alone, together = check(inputs_of(*own)), check(inputs_of(*own, *others))
    mine = together[together["series"] < len(own)].reset_index(drop=True)
    key = ["check", "series", "month", "subject"]
    pd.testing.assert_frame_equal(
        alone.sort_values(key, ignore_index=True), mine.sort_values(key, ignore_index=True)
    )
