"""What a paper says, in its reader's language and without any layout: blocks in order, and the sources that
their notes point at. Pure; PDF, DOCX and XLSX are made from it, and it is kept as JSON beside them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

Json = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """A cell as it is read; `number` is its exact figure with `unit` and `period`, `day` its day, for those
    who calculate.

    `tone` colours a judgement (good, risk, bad, none) and `mark` is its shape, both beside the word;
    `is_missing` marks a cell that says why there is no figure; `notes` are the numbers of sources.
    """

    text: str
    number: str = ""
    decimals: int = 0
    unit: str = ""
    period: str = ""
    day: str = ""
    tone: str = ""
    mark: str = ""
    is_missing: bool = False
    notes: Sequence[int] = ()

    @property
    def marked(self) -> str:
        """The text with its shape as a sign, for files that draw none."""
        return f"{self.mark} {self.text}" if self.mark else self.text


@dataclass(frozen=True)
class Column:
    """A column: its title, its share of the width, and whether figures stand in it."""

    title: str
    weight: float = 1
    is_number: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading; the title of the paper stands above level 1."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph: what comes first (`lead`), usual text, or small print (`note`)."""

    kind: ClassVar[str] = "text"
    text: str
    style: str = "body"
    notes: Sequence[int] = ()


@dataclass(frozen=True)
class Bullets:
    """A list of short sentences."""

    kind: ClassVar[str] = "bullets"
    items: Sequence[Text]


@dataclass(frozen=True)
class Table:
    """Rows as wide as the columns. `sheet` names the sheet of a workbook on which it stands, below others of
    the same name and columns; `part` is then written before each of its rows."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    sheet: str
    part: str = ""
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, what it shows in words, and its figures as a table."""

    kind: ClassVar[str] = "picture"
    svg: str
    caption: str
    description: str
    figures: Table


Block = Heading | Text | Bullets | Table | Picture


@dataclass(frozen=True)
class Source:
    """Where figures come from; notes give its number."""

    number: int
    text: str
    url: str = ""


@dataclass(frozen=True)
class Document:
    """A paper: its kind in words, title, facts for the title page, blocks, and numbered sources."""

    language: str
    kind: str
    title: str
    summary: str
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    sources: Sequence[Source]

    @property
    def tables(self) -> list[Table]:
        """Every table, those of drawings too, in order."""
        found = (
            block.figures if isinstance(block, Picture) else block
            for block in self.blocks
            if isinstance(block, Table | Picture)
        )
        return list(found)

    def as_json(self) -> Json:
        """As JSON keeps it; every block says its kind."""
        blocks = [{"kind": block.kind, **asdict(block)} for block in self.blocks]
        return {**asdict(self), "blocks": blocks}


def from_json(kept: Mapping[str, Any]) -> Document:
    """The paper that `as_json` wrote down."""
    return Document(
        language=kept["language"],
        kind=kept["kind"],
        title=kept["title"],
        summary=kept["summary"],
        facts=[(name, text) for name, text in kept["facts"]],
        blocks=[block_from_json(block) for block in kept["blocks"]],
        sources=[Source(**source) for source in kept["sources"]],
    )


def block_from_json(kept: Mapping[str, Any]) -> Block:
    """The block that `as_json` wrote down."""
    fields = {name: value for name, value in kept.items() if name != "kind"}
    return _READERS[kept["kind"]](fields)


def _table(fields: Json) -> Table:
    columns = [Column(**column) for column in fields["columns"]]
    rows = [[Cell(**cell) for cell in row] for row in fields["rows"]]
    return Table(**{**fields, "columns": columns, "rows": rows})


_READERS: dict[str, Callable[[Json], Block]] = {
    Heading.kind: lambda fields: Heading(**fields),
    Text.kind: lambda fields: Text(**fields),
    Bullets.kind: lambda fields: Bullets([Text(**item) for item in fields["items"]]),
    Table.kind: _table,
    Picture.kind: lambda fields: Picture(**{**fields, "figures": _table(fields["figures"])}),
}
