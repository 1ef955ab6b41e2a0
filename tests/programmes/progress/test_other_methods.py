"""Where other methods fail, as docs/progress.md says."""

import re

import pytest

from tests.programmes.progress.document import TEXT, number
from tests.programmes.progress.other_methods import (
    Point,
    akvo_rsr_percentage,
    dhis2_indicator,
    open_sdg_ratio,
    open_sdg_status,
    plan_fact,
    unicef_prp_progress,
)


def test_a_growth_rate_underrates_a_fall_towards_zero() -> None:
    [printed] = re.findall(r"40 after 8 of 15 years, .+?scores R = ([\d.]+)\.", TEXT, flags=re.DOTALL)
    base, current, target = Point(2015, 100), Point(2023, 40), Point(2030, 0)
    ratio = open_sdg_ratio(base, current, target, rising=False)
    assert ratio == pytest.approx(number(printed), abs=0.005)
    assert open_sdg_status(ratio, current, target, rising=False) == "limited_progress"
    assert current.value < 100 + (0 - 100) * 8 / 15


def test_a_growth_rate_knows_no_change_of_sign_and_no_single_year() -> None:
    target = Point(2030, 6)
    assert open_sdg_ratio(Point(2020, -4), Point(2025, 1), target, rising=True) is None
    assert open_sdg_ratio(Point(2025, 4), Point(2025, 5), target, rising=True) is None
    assert open_sdg_status(None, Point(2025, 5), target, rising=True) == "not_available"


def test_a_growth_rate_divides_by_zero_where_the_target_equals_the_base() -> None:
    with pytest.raises(ZeroDivisionError):
        open_sdg_ratio(Point(2020, 7), Point(2024, 8), Point(2030, 7), rising=True)


def test_an_indicator_and_a_plan_divide_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        dhis2_indicator(5, 0)
    with pytest.raises(ZeroDivisionError):
        plan_fact(0, 5, rising=False)


def test_others_say_zero_or_nothing() -> None:
    assert akvo_rsr_percentage(2, 0) is None
    assert akvo_rsr_percentage(None, 5) is None
    assert unicef_prp_progress(8, 2, 0) == 0
    assert unicef_prp_progress(5, 5, 5) == 0
    assert unicef_prp_progress(5, None, 10) == 0
