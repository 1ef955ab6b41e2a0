"""What a drawing needs once it has left its page: a title above it, and its source below."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.charts.fitting import SIZE, in_lines

TITLE, LINE, TITLE_LINE, MARGIN = 19, 18.0, 24.0, 10.0


@dataclass(frozen=True)
class Text:
    """A line of text at its base; the title's are bigger."""

    y: float
    text: str
    is_title: bool = False


@dataclass(frozen=True)
class Frame:
    """The whole picture: texts, and the drawing from `top` on."""

    width: float
    height: float
    top: float
    texts: list[Text]


def framed(width: float, height: float, head: Sequence[str], foot: Sequence[str]) -> Frame:
    """Room for a title in at most three lines, with lines below it, and lines under the drawing."""
    texts, y, room = [], MARGIN, width - 2 * MARGIN
    for index, text in enumerate(head):
        size, step, most = (TITLE, TITLE_LINE, 3) if index == 0 else (SIZE, LINE, 2)
        for line in in_lines(text, room, size, most):
            y += step
            texts.append(Text(y, line, index == 0))
    top = y + MARGIN
    y = top + height
    for text in foot:
        for line in in_lines(text, room):
            y += LINE
            texts.append(Text(y, line))
    return Frame(width, y + MARGIN, top, texts)
