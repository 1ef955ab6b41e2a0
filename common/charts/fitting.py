"""Texts that fit: cut to a width, broken into lines, and placed where they cover nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from common.charts.lines import Point

Box = tuple[float, float, float, float]  # left, top, right, bottom

SIZE = 13  # px: the usual size of a chart's text
LETTER = 8.0  # px: the usual width of a Cyrillic letter of Golos at that size
ELLIPSIS = "…"


def width_of(text: str, size: float = SIZE) -> float:
    """About how wide a text is, in px."""
    return len(text) * LETTER * size / SIZE


def shortened(text: str, width: float, size: float = SIZE) -> str:
    """The text, or as much of it as fits into the width, with an ellipsis."""
    if width_of(text, size) <= width:
        return text
    room = max(int(width / width_of("x", size)) - 1, 1)
    return text[:room].rstrip() + ELLIPSIS


def in_lines(text: str, width: float, size: float = SIZE, most: int = 2) -> list[str]:
    """The text in at most so many lines; words that are too long, and what is left over, are cut."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size) <= width:
            line += f" {words.pop(0)}"
        lines.append(shortened(line, width, size))
    return [*lines, shortened(" ".join(words), width, size)] if words else lines


@dataclass(frozen=True)
class Label:
    """A text beside a mark, centred at x; `kind` is the class that colours it."""

    x: float
    y: float
    text: str
    kind: str


class Wish(NamedTuple):
    """A label that would be good to have: where its mark is, and on which side of it the text should stand.

    A named one may stand farther off than a mere number, to which it is cut where it fits nowhere.
    """

    x: float
    y: float
    text: str
    kind: str
    above: bool
    named: bool = False
    number: str = ""


def placed(wishes: Iterable[Wish], room: Box, marks: Iterable[Point]) -> Iterator[Label]:
    """Labels that neither leave the room nor cover a mark or one another; the rest are left out."""
    taken = [(x - 3, y - 3, x + 3, y + 3) for x, y in marks]
    for wish in wishes:
        label = _fit(wish, room, taken)
        if label is None and wish.number:
            label = _fit(wish._replace(text=wish.number, named=False), room, taken)
        if label is not None:
            taken.append(_box(label.x, label.y, label.text))
            yield label


def _fit(wish: Wish, room: Box, taken: Sequence[Box]) -> Label | None:
    """The label at the first offset where it stays inside and clear of what is taken."""
    left, top, right, bottom = room
    half = width_of(wish.text) / 2
    for dx, dy in _offsets(half, wish.above, far=wish.named):
        centre, base = min(max(wish.x + dx, left + half), right - half), wish.y + dy
        box = _box(centre, base, wish.text)
        inside = box[0] >= 0 and box[1] >= top and box[3] <= bottom
        if inside and _is_clear(box, taken):
            return Label(round(centre, 1), round(base, 1), wish.text, wish.kind)
    return None


def _box(centre: float, base: float, text: str) -> Box:
    half = width_of(text) / 2
    return centre - half, base - 11, centre + half, base + 3


def _offsets(half: float, above: bool, *, far: bool) -> Iterator[Point]:
    """Where to try a text that is 2 × `half` wide, from its mark: the wished side first, then beside it."""
    for distance in (0, 10, 20, 30) if far else (0,):
        up, down = -10.0 - distance, 20.0 + distance
        for dy in (up, down) if above else (down, up):
            yield from ((0, dy), (half + 4, dy), (-half - 4, dy))
        yield from ((half + 12, 4), (-half - 12, 4))


def _is_clear(box: Box, taken: Sequence[Box]) -> bool:
    """Whether it covers none of them."""
    left, top, right, bottom = box
    for other_left, other_top, other_right, other_bottom in taken:
        if left < other_right and other_left < right and top < other_bottom and other_top < bottom:
            return False
    return True
