"""What a line of the log says, and what it never says (docs/monitoring.md)."""

import logging
import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.orjson import OrjsonFormatter

_ids: ContextVar[Mapping[str, str]] = ContextVar("ids")

HIDDEN = (
    # What PostgreSQL adds to a refusal is the row itself.
    (re.compile(r"(DETAIL|CONTEXT):.*?(?=\n(?:\S+:|\s*$)|\Z)", re.DOTALL), r"\1: (not logged)"),
    (re.compile(r"://[^/\s@]{1,256}@"), "://(hidden)@"),
    (
        re.compile(r"[^\s@<>\"'(),;:=/?&%]{1,64}(?:@|%40)[^\s@<>\"'(),;:/?&]{1,255}\.[^\s@<>\"'(),;:/?&.]+"),
        "(e-mail)",
    ),
    (re.compile(r"\b[0-9a-f]{10}\.[\w-]{40,}"), "(key)"),
    # One-time links: a password's reset, a subscription.
    (re.compile(r"(?<=[/=])(?=[\w:.-]*\d)[\w:.-]{24,}(?=[/&?\s]|$)"), "(secret)"),
)
"""What is never logged, wherever a message has it from, and what stands there instead.

Lengths are bounded, so that a letter of a long line takes no longer than one of a short line.
"""

SHOWN = (
    "at", "level", "logger", "message", "request_id", "job_id", "task", "process", "exc_info", "stack_info",
    "view", "method", "status", "milliseconds", "queries",
)  # fmt: skip
"""The members of a JSON line, in their order; what else a library hangs on a record stays out."""


def set_ids(**ids: str) -> None:
    """From here on each line of this thread has these; those that are empty are left out."""
    _ids.set({name: value for name, value in ids.items() if value})


def current_ids() -> Mapping[str, str]:
    """`request_id`; of a job `job_id` and `task` too."""
    return _ids.get({})


def hide(text: str) -> str:
    """The text without e-mail addresses, keys, passwords in addresses, and rows of the database."""
    for pattern, instead in HIDDEN:
        text = pattern.sub(instead, text)
    return text


def _ids_of(record: logging.LogRecord) -> dict[str, str]:
    """Of the request or job at work; where Celery speaks of a job before it begins, of that one."""
    about = getattr(record, "data", None)
    if not isinstance(about, dict) or "job_id" in current_ids():
        return dict(current_ids())
    named = {"job_id": about.get("id"), "task": about.get("name")}
    return {**current_ids(), **{name: str(value) for name, value in named.items() if value}}


class LineFormatter(logging.Formatter):
    """Lines for people, with the ids at the end of the first."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """The line with its ids, which look like secrets and are none; then what was raised."""
        ids = " ".join(f"{name}={value}" for name, value in _ids_of(record).items())
        first, *rest = hide(super().format(record)).split("\n", 1)
        return "\n".join([f"{first} [{ids}]" if ids else first, *rest])


class JsonFormatter(OrjsonFormatter):
    """A JSON object a line, for machines."""

    def __init__(self) -> None:
        super().__init__("%(message)s", timestamp="at", json_default=str)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """The members that are shown, in their order, without what is never logged."""
        return {
            name: hide(value) if isinstance(value := log_data[name], str) else value
            for name in SHOWN
            if log_data.get(name) not in {None, ""}
        }

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """What the library writes, and the names that we give."""
        super().add_fields(log_data, record, message_dict)
        own = {"level": record.levelname, "logger": record.name, "process": record.process}
        log_data.update(own | _ids_of(record))
