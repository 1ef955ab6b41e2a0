"""Whether a Word template can be used: an ordinary document, whose placeholders are known and well written.

What is wrong is named with its place, so that the person who wrote the template finds it.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from jinja2 import TemplateSyntaxError, nodes

from papers.docx.environment import environment

LARGEST, LARGEST_UNPACKED, MOST_PARTS = 5 * 1024 * 1024, 50 * 1024 * 1024, 1_000
ACTIVE = re.compile(r"vbaProject|vbaData|activeX|oleObject|/embeddings/", re.IGNORECASE)
FETCHED = re.compile(rb'<Relationship\b(?=[^>]*TargetMode="External")(?![^>]*/hyperlink")[^>]*>')
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
STATEMENT = re.compile(r"\{%-?\s*(?:(?:p|tr|tc|r)\s+)?(\w+)\b(.*?)-?%\}", re.DOTALL)
VALUE = re.compile(r"\{\{-?\s*(?:(?:p|r)\s+)?(.*?)-?\}\}", re.DOTALL)
ENDS = {"endfor": "for", "endif": "if"}
ALLOWED = (
    nodes.Template, nodes.Output, nodes.Name, nodes.Getattr, nodes.Const, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.For, nodes.If, nodes.TemplateData,
)  # fmt: skip

Schema = Mapping[str, Any]
"""Names of placeholders: a text, members under a mapping, or a list of things with members."""


@dataclass(frozen=True)
class Flaw:
    """What is wrong: `code` says it, `name` is the part of the template, `place` where it stands."""

    code: str
    name: str = ""
    place: str = ""


@dataclass
class Reader:
    """Goes through the tags of one part of a template, with the names that are known at each of them."""

    schema: Schema
    open: list[tuple[str, str, Schema]] = field(default_factory=list)

    def read(self, tag: str, place: str) -> Iterator[Flaw]:
        """The flaws of one tag."""
        if value := VALUE.fullmatch(tag):
            yield from self._flaws(f"{{{{ {value[1]} }}}}", tag, place)
        elif statement := STATEMENT.fullmatch(tag):
            yield from self._statement(statement[1], statement[2], tag, place)
        else:
            yield Flaw("syntax", tag, place)

    def _statement(self, word: str, rest: str, tag: str, place: str) -> Iterator[Flaw]:
        if word in ENDS:
            if not self.open or self.open[-1][0] != ENDS[word]:
                yield Flaw("not_open", tag, place)
            else:
                self.open.pop()
        elif word in {"for", "if"}:
            yield from self._flaws(f"{{% {word} {rest} %}}{{% end{word} %}}", tag, place)
            self.open.append((word, f"{tag} – {place}", self._bound(word, rest)))
        elif word in {"elif", "else"}:
            if not self.open or self.open[-1][0] != "if":
                yield Flaw("not_open", tag, place)
            if word == "elif":
                yield from self._flaws(f"{{% if {rest} %}}{{% endif %}}", tag, place)
        else:
            yield Flaw("not_allowed", tag, place)

    def _flaws(self, source: str, tag: str, place: str) -> Iterator[Flaw]:
        try:
            tree = environment().parse(source)
        except TemplateSyntaxError:
            yield Flaw("syntax", tag, place)
            return
        if any(not _is_allowed(node) for node in tree.find_all(nodes.Node)):
            yield Flaw("not_allowed", tag, place)
            return
        inner = {name.name for loop in tree.find_all(nodes.For) for name in loop.target.find_all(nodes.Name)}
        inner |= {
            loop.target.name for loop in tree.find_all(nodes.For) if isinstance(loop.target, nodes.Name)
        }
        for path in _paths(tree):
            if path.split(".")[0] not in inner and self._member(path) is None:
                yield Flaw("unknown", path, place)

    def _member(self, path: str) -> Any:
        """What the path leads to; None where it leads nowhere."""
        first, *rest = path.split(".")
        scopes = [*(bound for _word, _place, bound in reversed(self.open)), self.schema]
        found: Any = next((scope[first] for scope in scopes if first in scope), None)
        for name in rest:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def _bound(self, word: str, rest: str) -> Schema:
        """What a loop gives a name to."""
        match = re.fullmatch(r"\s*(\w+)\s+in\s+([\w.]+)\s*", rest)
        if word != "for" or match is None:
            return {}
        several = self._member(match[2])
        return {match[1]: several[0]} if isinstance(several, list) else {}


def _paths(tree: nodes.Template) -> Iterator[str]:
    """Every name with its members, as it is written: `fact.name`."""
    within = {id(node.node) for node in tree.find_all(nodes.Getattr)}
    for node in [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Name)]:
        if id(node) not in within and (path := _path(node)):
            yield path


def _is_allowed(node: nodes.Node) -> bool:
    """Whether a template may do this: names and members of names, compared, looped over and asked for."""
    return isinstance(node, ALLOWED) and (not isinstance(node, nodes.Getattr) or bool(_path(node)))


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and (before := _path(node.node)):
        return f"{before}.{node.attr}"
    return ""


def flaws_of(template: bytes, schema: Schema) -> list[Flaw]:
    """Everything that is wrong with the template; nothing where it can be used."""
    if flaw := _flaw_of_file(template):
        return [flaw]
    try:
        word = Document(io.BytesIO(template))
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError):
        return [Flaw("not_docx")]
    found: list[Flaw] = []
    for part in _parts(word):
        reader = Reader(schema)
        for place, text in part:
            found += [flaw for tag in TAG.findall(text) for flaw in reader.read(tag, place)]
            if re.search(r"\{\{|\{%|%\}|\}\}", TAG.sub("", text)):
                found.append(Flaw("syntax", text.strip()[:80], place))
        found += [Flaw("not_closed", tag) for _word, tag, _bound in reader.open]
    return found


def _flaw_of_file(template: bytes) -> Flaw | None:
    """What forbids even to open it."""
    if len(template) > LARGEST:
        return Flaw("too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                return Flaw("too_large")
            kinds = packed.read("[Content_Types].xml")
            if b"macroEnabled" in kinds or any(ACTIVE.search(part.filename) for part in parts):
                return Flaw("macros")
            for part in parts:
                if part.filename.endswith(".rels") and FETCHED.search(packed.read(part)):
                    return Flaw("fetches", part.filename)
    except (zipfile.BadZipFile, KeyError, RuntimeError):
        return Flaw("not_docx")
    return None


def _parts(word: WordDocument) -> Iterator[list[tuple[str, str]]]:
    """The paragraphs of the body, and of each header and footer, as (place, text)."""
    yield _texts(word.element.body, "body")
    for relation in word.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES:
            yield _texts(parse_xml(relation.target_part.blob), "footnotes")
    for section in word.sections:
        for name in ("header", "footer", "first_page_header", "first_page_footer"):
            part = getattr(section, name)
            if not part.is_linked_to_previous:
                yield _texts(part._element, name)


def _texts(part: BaseOxmlElement, name: str) -> list[tuple[str, str]]:
    paragraphs = enumerate(part.iter(qn("w:p")), start=1)
    return [
        (f"{name} {number}", "".join(text.text or "" for text in paragraph.iter(qn("w:t"))))
        for number, paragraph in paragraphs
    ]
