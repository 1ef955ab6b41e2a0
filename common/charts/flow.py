"""A flow from column to column: amounts as bands whose thickness is in proportion (a Sankey diagram)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from common.charts.fitting import in_lines

THICK, GAP, LINE = 12.0, 10.0, 16.0  # px: a node's bar, the least between two nodes, a line of its text
TALL = 320.0  # px of all amounts together
TOLERANCE = 1e-6


class LeakError(ValueError):
    """A node between two columns does not pass on as much as it takes in."""


@dataclass(frozen=True)
class Link:
    """An amount that flows from a node to one of the next column; nodes are known by their keys."""

    source: Hashable
    target: Hashable
    amount: float


@dataclass(frozen=True)
class Name:
    """What is written beside a node: its name and its amount; `is_missing` for what is not known."""

    text: str
    amount: str
    is_missing: bool = False


@dataclass
class Node:
    """A node's bar in px, its text beside it: lines of the name, then the amount."""

    key: Hashable
    amount: float
    lines: list[str]
    figure: str
    is_missing: bool
    x: float = 0
    y: float = 0
    height: float = 0
    text_x: float = 0
    anchor: str = "start"

    @property
    def text_y(self) -> float:
        """The baseline of the first line, so that the text is centred on the bar."""
        return round(self.y + self.height / 2 - LINE * len(self.lines) / 2 + 4, 1)


@dataclass
class Band:
    """A link's band: from its place on the source's right edge to its place on the target's left edge."""

    source: Node
    target: Node
    amount: float
    y0: float
    y1: float
    height: float

    @property
    def path(self) -> str:
        """The outline as SVG path data."""
        x0, x1 = self.source.x + THICK, self.target.x
        bend = round((x0 + x1) / 2, 1)
        return (
            f"M{x0} {self.y0}C{bend} {self.y0} {bend} {self.y1} {x1} {self.y1}"
            f"V{round(self.y1 + self.height, 1)}"
            f"C{bend} {round(self.y1 + self.height, 1)} {bend} {round(self.y0 + self.height, 1)} "
            f"{x0} {round(self.y0 + self.height, 1)}Z"
        )


@dataclass
class Flow:
    """The whole drawing."""

    width: float
    height: float
    columns: list[list[Node]] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)


def draw(
    columns: Sequence[Sequence[tuple[Hashable, Name]]], links: Iterable[Link], width: float, beside: float
) -> Flow | None:
    """The nodes of each column from above, in the order given, and the bands between; None without amounts.

    `beside` is the room in px for the text of a node: to the left of the first column, to the right of all
    others. Nodes without an amount are left out. Raises `LeakError` where a node between two columns passes
    on more or less than it takes in.
    """
    links = [link for link in links if link.amount > 0]
    if not links:
        return None
    amounts = _amounts(links)
    total = max(sum(amounts.get(key, 0) for key, _name in column) for column in columns)
    places = _columns_x(len(columns), width, beside)
    drawn = [
        [
            _node(key, name, amounts[key], x, beside, is_first=not index)
            for key, name in column
            if key in amounts
        ]
        for index, (x, column) in enumerate(zip(places, columns, strict=True))
    ]
    height = max(_stack(nodes, total) for nodes in drawn)
    return Flow(width, height, drawn, _bands(drawn, links, total))


def _amounts(links: Iterable[Link]) -> dict[Hashable, float]:
    """What each node takes in, or passes on where it takes in nothing."""
    taken: defaultdict[Hashable, float] = defaultdict(float)
    given: defaultdict[Hashable, float] = defaultdict(float)
    for link in links:
        given[link.source] += link.amount
        taken[link.target] += link.amount
    for key in taken.keys() & given.keys():
        if abs(taken[key] - given[key]) > TOLERANCE * taken[key]:
            raise LeakError(f"{key}: {taken[key]} in, {given[key]} out")
    return {**given, **taken}


def _columns_x(count: int, width: float, beside: float) -> list[float]:
    first, last = beside, width - beside - THICK
    step = (last - first) / max(count - 1, 1)
    return [round(first + step * index, 1) for index in range(count)]


def _node(key: Hashable, name: Name, amount: float, x: float, beside: float, *, is_first: bool) -> Node:
    node = Node(key, amount, in_lines(name.text, beside - 2 * GAP), name.amount, name.is_missing, x)
    node.text_x, node.anchor = (x - GAP, "end") if is_first else (x + THICK + GAP, "start")
    return node


def _stack(nodes: Sequence[Node], total: float) -> float:
    """Places the nodes below one another, each with room for its text; the px that they take."""
    y = 0.0
    for node in nodes:
        node.height = round(max(TALL * node.amount / total, 1), 1)
        text = LINE * (len(node.lines) + 1)
        room = max(node.height, text)
        node.y = round(y + (room - node.height) / 2, 1)
        y += room + GAP
    return round(y - GAP, 1) if nodes else 0.0


def _bands(columns: Sequence[Sequence[Node]], links: Iterable[Link], total: float) -> list[Band]:
    """Bands leave a node in the order of their targets and reach one in the order of their sources."""
    order = {node.key: (node, place) for column in columns for place, node in enumerate(column)}
    bands = [
        Band(order[link.source][0], order[link.target][0], link.amount, 0, 0, TALL * link.amount / total)
        for link in links
    ]
    left = {key: node.y for key, (node, _place) in order.items()}
    right = dict(left)
    for band in sorted(bands, key=lambda band: order[band.target.key][1]):
        band.y0 = round(left[band.source.key], 1)
        left[band.source.key] += band.height
    for band in sorted(bands, key=lambda band: order[band.source.key][1]):
        band.y1 = round(right[band.target.key], 1)
        right[band.target.key] += band.height
    for band in bands:
        band.height = round(max(band.height, 0.5), 1)
    return bands
