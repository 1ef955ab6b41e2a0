"""Bodies of requests: JSON that is taken exactly as it is meant, or refused with what is wrong and where."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import IO, Any

from django.http import UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from common.rest.problems import Flaw, Problem

MEDIA_TYPE = "application/json"
MOST_DIGITS = 200
_PLAIN = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]{{1,{MOST_DIGITS}}})?")


class BodyTooLarge(Problem):
    """A body that is not read."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"


class LengthRequired(Problem):
    """A body of unknown length, which is not read."""

    status_code = HTTPStatus.LENGTH_REQUIRED
    default_code = "length_required"


class BadValueError(Exception):
    """A value that cannot be taken; the arguments say what is wrong and what to send instead."""

    def __init__(self, detail: str, cure: str) -> None:
        super().__init__(detail)
        self.detail, self.cure = detail, cure


Reader = Callable[[Any], Any]
"""Takes a value of a JSON object as it was sent; raises `BadValueError`."""


@dataclass(frozen=True)
class Member:
    """A member of a JSON object: how it is read, and what stands for it where it is left out."""

    read: Reader
    default: Any = None
    is_required: bool = False


class StrictJsonParser(BaseParser):
    """JSON in UTF-8 with exact numbers; no NaN, no infinity, not deeper than Python reads.

    Leaves the SHA-256 of the body in the view's `body_digest`.
    """

    media_type = MEDIA_TYPE

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value; `Problem` where there is none."""
        view = (parser_context or {})["view"]
        try:
            body: bytes = stream.read(view.most_bytes + 1)
        except UnreadablePostError as error:
            raise _unreadable(str(error)) from error
        if len(body) > view.most_bytes:
            raise _too_large(len(body), view.most_bytes)
        view.body_digest = hashlib.sha256(body).hexdigest()
        try:
            return json.loads(body.decode(), parse_float=Decimal, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise _unreadable(str(error)) from error


def check_body(request: Request, most_bytes: int) -> None:
    """Refuses a body by its headers, before anybody reads it."""
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        detail = _("The body comes in chunks, without its length.")
        flaw = Flaw("length_required", "Content-Length", "", detail, _("Send the header Content-Length."))
        raise LengthRequired(flaw)
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    size = int(length) if length.isdecimal() and len(length) < 20 else 0
    if size > most_bytes:
        raise _too_large(size, most_bytes)
    sent = request.content_type.partition(";")[0].strip().lower()
    if size and sent != MEDIA_TYPE:
        raise UnsupportedMediaType(request.content_type)


def read_object(
    sent: object, members: Mapping[str, Member], at: str = ""
) -> tuple[dict[str, Any], list[Flaw]]:
    """The members of a JSON object, and what is wrong with them; `at` names the place of the object."""
    if not isinstance(sent, Mapping):
        detail, cure = _("This is not a JSON object."), _("Send an object: {…}.")
        return {}, [Flaw("bad_value", at or "body", shown(sent), detail, cure)]
    prefix = f"{at}." if at else ""
    flaws = [_unknown(prefix, name, sent[name], members) for name in sent if name not in members]
    found: dict[str, Any] = {}
    for name, member in members.items():
        if name not in sent:
            found[name] = member.default
            if member.is_required:
                detail, cure = _("This field is missing."), _("Send it.")
                flaws.append(Flaw("missing_field", prefix + name, "", detail, cure))
            continue
        try:
            found[name] = member.read(sent[name])
        except BadValueError as error:
            flaws.append(Flaw("bad_value", prefix + name, shown(sent[name]), error.detail, error.cure))
    return found, flaws


def text(most: int) -> Reader:
    """A text of at most so many characters, all of which PostgreSQL can hold."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise BadValueError(_("This is not a text."), _("Send it in quotation marks."))
        if len(value) > most:
            cure = _("At most %(count)s characters are kept: shorten it.") % {"count": most}
            raise BadValueError(_("The text is too long."), cure)
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise BadValueError(_("The text has characters that are none."), _("Remove them."))
        return value.strip()

    return read


def whole_number(value: object) -> int:
    """A whole number from 0 to 2 147 483 647."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise BadValueError(_("This is not a whole number from 0."), _("Send it as it was answered."))
    return value


def figure(value: object) -> Decimal | None:
    """An exact number, as a JSON number or as a text such as "12.50"; None for null."""
    if value is None:
        return None
    cure = _("Send a number such as 12.5, or null: with a point, without spaces.")
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BadValueError(_("This is not a number."), cure)
    exact = Decimal(value)
    if abs(exact.adjusted()) >= MOST_DIGITS or len(exact.as_tuple().digits) > MOST_DIGITS:
        raise BadValueError(_("The number is too long."), cure)
    return Decimal(f"{exact:f}")


def one_of(words: Collection[str]) -> Reader:
    """One of the words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            cure = _("One of: %(words)s.") % {"words": ", ".join(words)}
            raise BadValueError(_("This is none of the words."), cure)
        return value

    return read


def shown(value: object, most: int = 200) -> str:
    """What was sent, as a problem repeats it: not all of it, and only characters that can be written."""
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)[:most]
    return written[:most].encode("utf-8", "replace").decode()


def _unknown(prefix: str, name: str, value: object, members: Collection[str]) -> Flaw:
    cure = _("Fields of this object: %(names)s.") % {"names": ", ".join(members)}
    return Flaw("unknown_field", prefix + shown(name), shown(value), _("There is no such field."), cure)


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _too_large(size: int, most: int) -> BodyTooLarge:
    detail = _("The body has %(bytes)s bytes, and at most %(limit)s are read.") % {
        "bytes": size,
        "limit": most,
    }
    return BodyTooLarge(
        Flaw("body_too_large", "body", str(size), detail, _("Split it into several requests."))
    )


def _unreadable(reason: str) -> Problem:
    detail, cure = _("The body cannot be read as JSON."), _("Send JSON in UTF-8, without NaN and Infinity.")
    return Problem(Flaw("bad_json", "body", shown(reason), detail, cure))
