"""The geometry of bars over time: in proportion, on one another, with numbers where there is room."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts.fitting import width_of
from common.charts.timeline import HEIGHT, Bar, Slot, lying, upright

KINDS = ("done", "overdue", "coming")
COUNTS = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 5000))
SLOTS = st.lists(COUNTS, min_size=1, max_size=60).map(
    lambda found: [Slot(str(2000 + n), counts, n == 5) for n, counts in enumerate(found)]
)


@given(SLOTS)
def test_segments_stand_on_one_another_in_proportion(slots: list[Slot]) -> None:
    drawn = upright(slots, KINDS, 720)
    assert (drawn is None) == (not any(slot.total for slot in slots))
    for bar in drawn.bars if drawn else []:
        most = max(slot.total for slot in slots)
        for below, above in pairwise(bar.segments):
            assert above.y + above.height == pytest.approx(below.y, abs=0.3)
        height = sum(segment.height for segment in bar.segments)
        assert height == pytest.approx(HEIGHT * bar.slot.total / most, abs=0.3)


@given(SLOTS)
def test_names_never_touch(slots: list[Slot]) -> None:
    drawn = upright(slots, KINDS, 720)
    named = [bar for bar in drawn.bars if bar.is_named] if drawn else []
    for left, right in pairwise(named):
        assert right.at - left.at >= width_of(right.slot.name)


@given(SLOTS)
def test_lying_bars_leave_out_what_is_empty_and_stay_inside(slots: list[Slot]) -> None:
    drawn = lying(slots, KINDS, 350)
    if drawn is None:
        return
    assert [bar.slot for bar in drawn.bars] == [slot for slot in slots if slot.total]
    assert all(bar.end + width_of(str(bar.slot.total)) <= 350.2 for bar in drawn.bars)


def test_a_number_is_written_only_where_it_fits() -> None:
    drawn = upright([Slot("2024", {"done": 1, "overdue": 99})], KINDS, 720)
    assert drawn
    assert labels(drawn.bars[0]) == [(1, False), (99, True)]


def test_a_period_in_which_nothing_is_due_keeps_its_place() -> None:
    drawn = upright([Slot("2023", {"done": 1}), Slot("2024", {}), Slot("2025", {"done": 1})], KINDS, 720)
    assert drawn
    assert [len(bar.segments) for bar in drawn.bars] == [1, 0, 1]


def labels(bar: Bar) -> list[tuple[int, bool]]:
    return [(segment.count, segment.is_labelled) for segment in bar.segments]
