"""Reads the files of `data/`: YAML against its schema, CSV against its columns."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import yaml
from referencing import Registry, Resource
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from programmes.packages.complaints import complain
from programmes.packages.problems import PackageError, did_you_mean
from programmes.packages.records import Path, Record, error_at

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


class Loader(yaml.CSafeLoader):
    """YAML as JSON understands it: text, exact numbers, true, false, null; a field is written once."""

    yaml_implicit_resolvers = {}


def _mapping(loader: Loader, node: MappingNode) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str) or key in result:
            problem = f"{key!r} is written twice" if isinstance(key, str) else f"put {key!r} in quotes"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=key_node.start_mark)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _decimal(loader: Loader, node: ScalarNode) -> Decimal:
    return Decimal(node.value)


Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|)$"), ["~", "n", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), ["t", "f"])
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9]\d*)$"), list("-0123456789"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?\d+\.\d+([eE][-+]?\d+)?$"), list("-0123456789")
)
Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


@dataclass(frozen=True)
class YamlFile:
    """A YAML file. Lines are looked up by composing it again, which only an error needs."""

    name: str
    text: str = field(repr=False)

    def line(self, path: Path) -> int:
        """The line where the deepest existing part of the path begins."""
        node: Node | None = yaml.compose(self.text, Loader=Loader)
        line = 1
        for step in path:
            found = _step(node, step)
            if found is None:
                break
            line, node = found
        return line


def _step(node: Node | None, step: str | int) -> tuple[int, Node] | None:
    """One step down: the line of the key or the item, and the node there."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, SequenceNode) and isinstance(step, int):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


@dataclass(frozen=True)
class CsvFile:
    """A CSV file; the path of a row is its line."""

    name: str

    def line(self, path: Path) -> int:
        """The row's line."""
        return int(path[0])


@dataclass(frozen=True)
class Reader:
    """The files below a data folder, read on demand."""

    root: FilePath

    @cached_property
    def schemas(self) -> dict[str, Any]:
        """The schemas of `schema/` by name."""
        folder = self.root / "schema"
        return {
            path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))
            for path in folder.glob("*.schema.json")
        }

    @cached_property
    def registry(self) -> Registry[Any]:
        """The schemas by their identifiers, so that they can refer to one another."""
        resources = ((schema["$id"], Resource.from_contents(schema)) for schema in self.schemas.values())
        return Registry[Any]().with_resources(resources)

    def name(self, path: FilePath) -> str:
        """The path as people know it: `data/catalogue/units.yaml`."""
        return f"{self.root.name}/{path.relative_to(self.root).as_posix()}"

    def text(self, path: FilePath) -> str:
        """The file's text, which must be UTF-8."""
        try:
            return path.read_text("utf-8-sig")
        except FileNotFoundError:
            raise PackageError(self.name(path), None, "", "the file is missing") from None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            message = "this is not UTF-8: save the file in that encoding"
            raise PackageError(self.name(path), line, "", message) from None

    def entry(self, path: FilePath, schema: str) -> Record:
        """The one mapping that a YAML file holds."""
        file, data = self._yaml(path, schema)
        return Record(file, (), data)

    def entries(self, path: FilePath, schema: str) -> list[Record]:
        """The mappings that a YAML file lists."""
        file, data = self._yaml(path, schema)
        return [Record(file, (index,), item) for index, item in enumerate(data)]

    def table(self, path: FilePath, columns: Sequence[str]) -> list[Record]:
        """The rows of a CSV file that has exactly these columns, in any order."""
        file = CsvFile(self.name(path))
        rows = csv.reader(io.StringIO(self.text(path), newline=""), strict=True)
        records = []
        try:
            header = next(rows, [])
            _check_columns(file, header, columns)
            for cells in rows:
                if len(cells) != len(header) and cells:
                    message = f"the row has {len(cells)} cells, the header {len(header)}: check the commas"
                    raise error_at(file, (rows.line_num,), message)
                if cells:
                    records.append(Record(file, (rows.line_num,), dict(zip(header, cells, strict=True))))
        except csv.Error as error:
            raise error_at(file, (rows.line_num,), f"{error}: check the quotes") from None
        return records

    def _yaml(self, path: FilePath, schema: str) -> tuple[YamlFile, Any]:
        file = YamlFile(self.name(path), self.text(path))
        try:
            data = yaml.load(file.text, Loader=Loader)  # noqa: S506 – derived from the safe loader
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise PackageError(file.name, line, "", f"this is not YAML: {error.problem}") from None
        except yaml.YAMLError as error:
            raise PackageError(file.name, None, "", f"this is not YAML: {error}") from None
        if worst := self._worst(data, schema):
            where, message = complain(worst, self.schemas["common"])
            raise error_at(file, where, message)
        return file, data

    def _worst(self, data: object, schema: str) -> "ValidationError | None":
        # Slow to import where optional formats are installed, and few processes ever read a package.
        from jsonschema import Draft202012Validator  # noqa: PLC0415
        from jsonschema.exceptions import best_match  # noqa: PLC0415

        validator = Draft202012Validator(self.schemas[schema], registry=self.registry)
        worst: ValidationError | None = best_match(validator.iter_errors(data))
        return worst


def _check_columns(file: CsvFile, header: Sequence[str], columns: Sequence[str]) -> None:
    for column in columns:
        if column not in header:
            raise error_at(file, (1, column), f"the column is missing: the header is {','.join(columns)}")
    for column in header:
        if column not in columns or header.count(column) > 1:
            cure = did_you_mean(column, set(columns) - set(header), f"the header is {','.join(columns)}")
            raise error_at(file, (1, column), f"no such column is expected: {cure}")
