"""What a client hears when a request cannot be answered: problem details (RFC 9457)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django import forms
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, Throttled
from rest_framework.views import exception_handler

from common.rest.catalogue import number_of
from common.rest.rendering import encode

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one part of a request, and what to send instead.

    Its code is one of the catalogue's (common/rest/catalogue.py).
    """

    code: str
    field: str
    value: str
    detail: str
    cure: str


class Problem(APIException):
    """A request that cannot be answered, with its flaws."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "invalid_request"
    wait: float | None = None
    """After how many seconds it is worth asking again, where that is known."""

    def __init__(self, *flaws: Flaw, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(" ".join(flaw.detail for flaw in flaws))
        self.flaws, self.more = flaws, more or {}

    def response(self) -> HttpResponse:
        """The problem as a response."""
        return _respond(self.status_code, self.detail, self.flaws, {}, self.more)


class UnknownAddress(Problem):
    """A code in the path that names nothing, or a path that leads nowhere."""

    status_code = HTTPStatus.NOT_FOUND
    default_code = "not_found"


class NotAcceptable(Problem):
    """A format in which the address does not answer."""

    status_code = HTTPStatus.NOT_ACCEPTABLE
    default_code = "not_acceptable"


class Conflict(Problem):
    """What is asked for is at odds with how things stand."""

    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"


class Forbidden(Problem):
    """What is asked for is not the client's to decide."""

    status_code = HTTPStatus.FORBIDDEN
    default_code = "permission_denied"


class PreconditionFailed(Problem):
    """What the client would change is no longer what it saw."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "precondition_failed"


class PreconditionRequired(Problem):
    """The client does not say what it saw before it changed it."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_code = "precondition_required"


class Unprocessable(Problem):
    """A request that is well written, and still cannot be carried out."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "unprocessable"


class TooManyRequests(Problem):
    """More requests than the client's limit allows."""

    status_code = HTTPStatus.TOO_MANY_REQUESTS
    default_code = "throttled"


class ServiceUnavailable(Problem):
    """A request that needs a database which is away."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "read_only"

    def __init__(self, detail: str) -> None:
        super().__init__()
        self.detail = ErrorDetail(detail, self.default_code)


class FlawSerializer(serializers.Serializer[Flaw]):
    """One flaw of a request."""

    number = serializers.SerializerMethodField(help_text="Stable number of the flaw.")
    code = serializers.CharField(help_text="Stable code of the flaw.")
    field = serializers.CharField(help_text="The parameter, or the part of the path, that it concerns.")
    value = serializers.CharField(help_text="What was sent.")
    detail = serializers.CharField(help_text="What is wrong, in the language of the request.")
    cure = serializers.CharField(help_text="What to send instead, in the language of the request.")

    def get_number(self, flaw: Flaw) -> int:
        """From the catalogue."""
        return number_of(flaw.code)


class ProblemSerializer(serializers.Serializer[Problem]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField(help_text="Where the catalogue explains the problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable code of the problem.")
    detail = serializers.CharField()
    errors = FlawSerializer(many=True)  # type: ignore[assignment]


def problem_response(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The problem as a response; None for an error of ours, which Django reports and logs."""
    if isinstance(exc, SuspiciousOperation):
        exc = APIException(str(exc), "bad_request")
        exc.status_code = HTTPStatus.BAD_REQUEST
    response = exception_handler(exc, dict(context))
    if response is None:
        return None
    if isinstance(exc, Throttled):
        exc = _too_many(exc)
        response.data = {"detail": exc.detail}
    kept = {name: response[name] for name in ("Retry-After", "WWW-Authenticate") if name in response}
    flaws, more = (exc.flaws, exc.more) if isinstance(exc, Problem) else ((), {})
    return _respond(response.status_code, response.data["detail"], flaws, kept, more)


def _too_many(refused: Throttled) -> "TooManyRequests":
    seconds = round(getattr(refused, "wait", None) or 1)
    cure = _("Ask again in %(seconds)s seconds, and less often.") % {"seconds": seconds}
    detail = _("More requests came in a minute than the limit allows.")
    return TooManyRequests(Flaw("too_many_requests", "", "", detail, cure))


def _respond(
    status: int, detail: Any, flaws: Iterable[Flaw], headers: Mapping[str, str], more: Mapping[str, Any]
) -> HttpResponse:
    problem = {
        "type": f"{reverse('api-problems')}#{detail.code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": detail.code,
        "detail": str(detail),
        "errors": [flaw_json(flaw) for flaw in flaws],
        **more,
    }
    return HttpResponse(
        orjson.dumps(problem, default=encode), content_type=MEDIA_TYPE, status=status, headers=headers
    )


def flaw_json(flaw: Flaw) -> dict[str, Any]:
    """The flaw as it is answered."""
    return {"number": number_of(flaw.code), **asdict(flaw)}


def flaws_of(form: forms.BaseForm) -> list[Flaw]:
    """The flaws of a form's fields; each field's help text says what it takes, and so is the cure."""
    data = form.data if isinstance(form.data, QueryDict) else QueryDict()
    return [
        Flaw(
            code="unknown_code" if _names_nothing(form.fields[name], error) else "bad_value",
            field=name,
            value=str((error.params or {}).get("value", data.get(name, ""))),
            detail=" ".join(error.messages),
            cure=str(form.fields[name].help_text),
        )
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]


def _names_nothing(field: forms.Field, error: forms.ValidationError) -> bool:
    return isinstance(field, forms.ModelChoiceField) and error.code == "invalid_choice"


def check_parameters(query: QueryDict, allowed: Collection[str], repeatable: Collection[str]) -> None:
    """Raises `Problem` where a parameter is unknown, empty, or given twice though it takes one value."""
    flaws = []
    for name, values in query.lists():
        sent = ", ".join(values)
        if name not in allowed:
            cure = _("Parameters of this address: %(names)s.") % {"names": ", ".join(sorted(allowed)) or "–"}
            flaws.append(Flaw("unknown_parameter", name, sent, _("There is no such parameter."), cure))
        elif len(values) > 1 and name not in repeatable:
            flaws.append(Flaw("repeated_parameter", name, sent, _("It takes one value."), _("Send it once.")))
        elif not all(values):
            flaws.append(Flaw("empty_parameter", name, sent, _("It has no value."), _("Leave it out.")))
        elif "\0" in sent:
            detail = _("The null character is not allowed.")
            flaws.append(Flaw("bad_value", name, sent, detail, _("Remove the null character.")))
    if flaws:
        raise Problem(*flaws)
