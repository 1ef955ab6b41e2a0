"""What a schema finds wrong, in words with a cure."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from programmes.packages.problems import FORMS, did_you_mean
from programmes.packages.records import Path

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping of fields",
    "string": "text",
}


def complain(error: "ValidationError", common: Mapping[str, Any]) -> tuple[Path, str]:
    """Where the error lies, and a sentence about it; `common` is the schema of shared definitions."""
    path: Path = tuple(error.absolute_path)
    value: Any = error.instance
    schema: Any = error.schema
    rule: Any = error.validator_value
    match error.validator:
        case "required":
            missing = next(name for name in rule if name not in value)
            return (*path, missing), "the field is missing: add it"
        case "additionalProperties":
            known = schema["properties"]
            extra = next(name for name in value if name not in known)
            cure = did_you_mean(extra, set(known) - set(value), f"remove it or use one of {', '.join(known)}")
            return (*path, extra), f"there is no such field: {cure}"
        case "type":
            kinds = [rule] if isinstance(rule, str) else rule
            return path, f"{_show(value)} is not {' or '.join(TYPES[kind] for kind in kinds)}"
        case "enum":
            return path, f"{_show(value)} is not one of {', '.join(_show(word) for word in rule)}"
        case "pattern":
            return path, f"{_show(value)} is not written as expected: {_form(rule, common)}"
    return path, error.message


def _form(pattern: str, common: Mapping[str, Any]) -> str:
    """How to write what matches the pattern."""
    for name, definition in common["$defs"].items():
        if definition.get("pattern") == pattern and name in FORMS:
            return FORMS[name]
    return f"it has to match {pattern}"


def _show(value: object) -> str:
    """A value as a person recognises it in the file."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return repr(value) if isinstance(value, str) else str(value)
