"""The geometry of flows: nothing is lost, nothing overlaps, what is missing is a node of its own."""

from collections.abc import Hashable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts.flow import GAP, LINE, TALL, Flow, LeakError, Link, Name, Node, draw

SOURCES, GOALS, YEARS = ("budget", "private", None), ("I", "II"), (2024, 2025)


def drawing(amounts: dict[tuple[str | None, str], float], wide: float = 960) -> Flow | None:
    """From sources through goals to years, each goal's money halved between two years."""
    links = [Link(("source", source), ("goal", goal), amount) for (source, goal), amount in amounts.items()]
    for goal in GOALS:
        whole = sum(amount for (_source, to), amount in amounts.items() if to == goal)
        links += [Link(("goal", goal), ("year", year), whole / 2) for year in YEARS]
    columns: list[list[tuple[Hashable, Name]]] = [
        [(("source", key), Name(str(key or "not stated"), "", is_missing=key is None)) for key in SOURCES],
        [(("goal", key), Name(f"Goal {key} with a long name that needs two lines", "")) for key in GOALS],
        [(("year", key), Name(str(key), "")) for key in YEARS],
    ]
    return draw(columns, links, wide, 170)


AMOUNTS = st.dictionaries(
    st.tuples(st.sampled_from(SOURCES), st.sampled_from(GOALS)),
    st.floats(min_value=0.01, max_value=1e9, allow_nan=False),
    min_size=1,
)


@given(AMOUNTS)
def test_every_column_carries_the_whole_amount(amounts: dict[tuple[str | None, str], float]) -> None:
    flow = drawing(amounts)
    assert flow
    for column in flow.columns:
        assert sum(node.amount for node in column) == pytest.approx(sum(amounts.values()))


@given(AMOUNTS)
def test_nodes_and_their_texts_do_not_overlap(amounts: dict[tuple[str | None, str], float]) -> None:
    flow = drawing(amounts)
    assert flow
    for column in flow.columns:
        for above, below in pairwise(column):
            assert below.y - (above.y + above.height) > 0
            assert top_of_text(below) - bottom_of_text(above) >= GAP - 1
        assert bottom_of_text(column[-1]) <= flow.height + 1


def top_of_text(node: Node) -> float:
    return node.y + node.height / 2 - LINE * (len(node.lines) + 1) / 2


def bottom_of_text(node: Node) -> float:
    return node.y + node.height / 2 + LINE * (len(node.lines) + 1) / 2


@given(AMOUNTS)
def test_the_bands_of_a_node_fill_it_one_under_another(amounts: dict[tuple[str | None, str], float]) -> None:
    flow = drawing(amounts)
    assert flow
    for node in (node for column in flow.columns[1:] for node in column):
        bands = sorted((b for b in flow.bands if b.target is node), key=lambda b: (b.y1, b.amount))
        assert bands[0].y1 == pytest.approx(node.y, abs=0.11)
        for above, below in pairwise(bands):
            assert below.y1 >= above.y1 + TALL * above.amount / sum(amounts.values()) - 0.2
        assert sum(band.amount for band in bands) == pytest.approx(node.amount)


def test_what_is_missing_is_a_node_of_its_own() -> None:
    flow = drawing({(None, "I"): 5, ("budget", "II"): 5})
    assert flow
    assert [(node.lines, node.is_missing) for node in flow.columns[0]] == [
        (["budget"], False), (["not stated"], True)
    ]  # fmt: skip


def test_a_node_without_an_amount_is_left_out() -> None:
    flow = drawing({("budget", "I"): 5})
    assert flow
    assert [len(column) for column in flow.columns] == [1, 1, 2]


def test_without_amounts_there_is_no_drawing() -> None:
    assert drawing({}) is None
    assert drawing({("budget", "I"): 0}) is None


def test_a_node_that_loses_money_is_refused() -> None:
    columns = [[(key, Name(key, ""))] for key in "abc"]
    with pytest.raises(LeakError):
        draw(columns, [Link("a", "b", 5), Link("b", "c", 4)], 900, 100)


def test_texts_stand_outside_the_first_column_and_after_the_others() -> None:
    flow = drawing({("budget", "I"): 5})
    assert flow
    first, second, third = (column[0] for column in flow.columns)
    assert (first.anchor, second.anchor, third.anchor) == ("end", "start", "start")
    assert first.text_x < first.x < second.x < second.text_x < third.x
