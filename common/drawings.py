"""Drawings as SVG text, through the templates in `drawings/`, and those of `common.charts`.

The templates are Jinja's, which compiles them: a drawing is loops over points, for which Django's own take
several times as long (docs/decisions/0006-charts.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.charts import bars, multiples
from common.charts.frames import framed

Write = Callable[[float], str]


@dataclass(frozen=True)
class Layout:
    """How wide a drawing is, and how many panels stand side by side in it."""

    name: str
    width: int
    columns: int


WIDE, NARROW = Layout("wide", 720, 4), Layout("narrow", 350, 2)


@dataclass(frozen=True)
class Drawing:
    """SVG text with its size in px."""

    svg: SafeString
    width: float
    height: float


@dataclass(frozen=True)
class Pair:
    """The same drawing for wide and for narrow screens; CSS shows one of the two."""

    wide: Drawing
    narrow: Drawing


@dataclass(frozen=True)
class Wording:
    """`key` makes the ids within the page its own; `title` and `text` are for those who cannot see it."""

    key: str
    title: str
    text: str
    write: Write


def svg(template: str, context: Mapping[str, object]) -> SafeString:
    """What the template makes of the context, whose texts it escapes."""
    drawn = render_to_string(template, dict(context), using="drawings")
    return mark_safe(drawn)  # noqa: S308 - our own template


def panels(lines: Sequence[multiples.Line], wording: Wording) -> Pair | None:
    """Small multiples; None without any figure."""

    def drawn(layout: Layout) -> Drawing | None:
        chart = multiples.draw(lines, wording.write, layout.width, layout.columns)
        return _rendered("charts/multiples.svg", chart, wording, layout) if chart else None

    return _pair(drawn)


def bar_chart(rows: Sequence[bars.Row], wording: Wording, mark: float | None = None) -> Pair | None:
    """Horizontal bars, and a level to compare them with; None without any figure."""

    def drawn(layout: Layout) -> Drawing | None:
        chart = bars.draw(rows, wording.write, _("no figure"), layout.width, mark)
        return _rendered("charts/bars.svg", chart, wording, layout) if chart else None

    return _pair(drawn)


def standing_alone(drawing: Drawing, head: Sequence[str], foot: Sequence[str]) -> SafeString:
    """The drawing on white with a title and lines above it, and its source below, as one SVG document."""
    frame = framed(drawing.width, drawing.height, head, foot)
    context = {"frame": frame, "drawing": drawing.svg}
    return svg("charts/framed.svg", context)


def _pair(drawn: Callable[[Layout], Drawing | None]) -> Pair | None:
    wide, narrow = drawn(WIDE), drawn(NARROW)
    return Pair(wide, narrow) if wide and narrow else None


def _rendered(
    template: str, chart: multiples.Multiples | bars.Bars, wording: Wording, layout: Layout
) -> Drawing:
    context = {
        "chart": chart, "size": layout.name, "id": wording.key, "title": wording.title,
        "description": wording.text, "missing": _("no figure"),
    }  # fmt: skip
    return Drawing(svg(template, context), chart.width, chart.height)
