"""Counts by period as bars of several kinds on one another: upright for wide screens, lying for narrow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.charts.fitting import width_of

HEIGHT, HEAD, FOOT = 150.0, 22.0, 24.0  # px of the highest bar, of the sum above it, of the names below
ROW, THICK = 28.0, 18.0  # px of a lying bar with its gap, and without
GAP, WIDEST = 4.0, 44.0  # px between upright bars, and of the widest
LEAST = 14.0  # px of a segment that has room for its number


@dataclass(frozen=True)
class Slot:
    """A period and how many of each kind fall into it; `is_now` where today does."""

    name: str
    counts: Mapping[str, int]
    is_now: bool = False

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Segment:
    """The rectangle of one kind; its number is written at its middle where it `is_labelled`."""

    kind: str
    count: int
    x: float
    y: float
    width: float
    height: float
    is_labelled: bool

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return round(self.x + self.width / 2, 1), round(self.y + self.height / 2, 1)


@dataclass(frozen=True)
class Bar:
    """A slot's segments; `at` is the middle of the bar across, `end` where its sum is written."""

    slot: Slot
    segments: Sequence[Segment]
    at: float
    end: float
    is_named: bool = True


@dataclass(frozen=True)
class Timeline:
    """The whole drawing; `base` is where bars begin."""

    width: float
    height: float
    base: float
    bars: Sequence[Bar]


def upright(slots: Sequence[Slot], kinds: Sequence[str], width: float) -> Timeline | None:
    """A bar for every slot, in the order of the slots, kinds from the base up. None without any count.

    Names are left out evenly where they would touch; today's is always written.
    """
    most = max((slot.total for slot in slots), default=0)
    if not most:
        return None
    edge = max(width_of(slots[0].name), width_of(slots[-1].name)) / 2
    step = (width - 2 * edge) / len(slots)
    thick = min(max(step - GAP, 1), WIDEST)
    base = HEAD + HEIGHT
    every = _every(slots, step)
    now = next((place for place, slot in enumerate(slots) if slot.is_now), None)
    bars = []
    for place, slot in enumerate(slots):
        at, y, segments = edge + step * (place + 0.5), base, []
        for kind, count in _in_order(slot, kinds):
            height = HEIGHT * count / most
            y -= height
            has_room = height >= LEAST and thick >= width_of(str(count), 11)
            segments.append(
                Segment(
                    kind,
                    count,
                    round(at - thick / 2, 1),
                    round(y, 1),
                    round(thick, 1),
                    round(height, 1),
                    has_room,
                )
            )
        is_free = now is None or abs(place - now) >= every
        bars.append(
            Bar(slot, segments, round(at, 1), round(y, 1), (place % every == 0 and is_free) or slot.is_now)
        )
    return Timeline(width, base + FOOT, base, bars)


def lying(slots: Sequence[Slot], kinds: Sequence[str], width: float) -> Timeline | None:
    """A row for every slot that has a count, kinds from the base to the right. None without any count."""
    counted = [slot for slot in slots if slot.total]
    if not counted:
        return None
    base = round(max(width_of(slot.name) for slot in counted) + 8, 1)
    most = max(slot.total for slot in counted)
    room = width - base - width_of(str(most)) - 8
    bars = []
    for place, slot in enumerate(counted):
        at, x, segments = ROW * (place + 0.5), base, []
        for kind, count in _in_order(slot, kinds):
            length = room * count / most
            has_room = length >= width_of(str(count), 11)
            segments.append(
                Segment(kind, count, round(x, 1), round(at - THICK / 2, 1), round(length, 1), THICK, has_room)
            )
            x += length
        bars.append(Bar(slot, segments, round(at, 1), round(x, 1)))
    return Timeline(width, ROW * len(counted), base, bars)


def _in_order(slot: Slot, kinds: Iterable[str]) -> list[tuple[str, int]]:
    return [(kind, slot.counts[kind]) for kind in kinds if slot.counts.get(kind)]


def _every(slots: Sequence[Slot], step: float) -> int:
    """Of how many names one is written."""
    widest = max(width_of(slot.name) for slot in slots) + GAP
    return next(every for every in range(1, len(slots) + 1) if every * step >= widest or every == len(slots))
