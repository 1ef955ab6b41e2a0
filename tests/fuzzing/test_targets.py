"""Each target over good inputs that were damaged, and over any bytes; longer by `python -m tests.fuzzing`."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.fuzzing.targets import TARGETS, seeds

FINDS = Path(__file__).parent / "finds"


@st.composite
def damaged(draw: Any, good: list[bytes]) -> bytes:
    """A good input after some cuts, copies, insertions and changed bytes."""
    data: bytes = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        until = min(at + draw(st.integers(0, 64)), len(data))
        piece = draw(st.sampled_from([b"", data[at:until] * 2]) | st.binary(max_size=8))
        data = data[:at] + piece + data[until:]
    return data


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_ends_in_a_value_or_a_stated_refusal(name: str, data: Any) -> None:
    TARGETS[name](data.draw(damaged(seeds(name)) | st.binary(max_size=200)))


@pytest.mark.parametrize("name", TARGETS)
def test_good_inputs_are_taken(name: str) -> None:
    for good in seeds(name):
        TARGETS[name](good)


@pytest.mark.parametrize("find", sorted(FINDS.glob("*.bin")), ids=lambda path: path.stem)
def test_what_was_found_once_is_refused(find: Path) -> None:
    TARGETS[find.stem.partition("-")[0]](find.read_bytes())
