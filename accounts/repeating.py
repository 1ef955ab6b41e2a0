"""`Idempotency-Key`: what a client sends again because it did not hear the answer is not done again."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.services.repeating import Once, OtherRequestError, UnderWayError, keep_answer, take_up
from common.rest.problems import Conflict, Flaw, Problem, Unprocessable
from common.rest.rendering import OrjsonRenderer

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEPT_HEADERS = ("ETag", "Location")
PARAMETER = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER,
    description="A text of your own, up to 255 characters, for this request alone. Repeated with it within "
    "24 hours, the request is answered as before and not carried out again.",
)  # fmt: skip
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

Handler = Callable[..., HttpResponseBase]


def once(handler: Handler) -> Handler:
    """Carries out the request in one transaction, and once for each idempotency key.

    Answers that changed nothing, problems, are not kept: the repetition is looked at anew.
    """

    @wraps(handler)
    def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            if (this := _request_of(view, request)) is None:
                return handler(view, request, *args, **kwargs)
            if (before := _before(this)) is not None:
                return before
            response = handler(view, request, *args, **kwargs)
            if isinstance(response, Response):
                headers = {name: response[name] for name in KEPT_HEADERS if name in response}
                body = OrjsonRenderer().render(response.data)
                keep_answer(this, status=response.status_code, headers=headers, body=body)
        return response

    return answered


def _request_of(view: Any, request: Request) -> Once | None:
    """The key and the request that it stands for; None without a key."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        cure = _("Send up to 255 visible ASCII characters, such as a UUID.")
        flaw = Flaw("bad_value", HEADER, key[:200], _("This is no idempotency key."), cure)
        raise Problem(flaw)
    read = request.data is not None and view.body_digest
    said = "\n".join([str(request.method), request.get_full_path(), read or ""])
    return Once(request.user, key, hashlib.sha256(said.encode()).hexdigest())  # type: ignore[arg-type]


def _before(this: Once) -> HttpResponse | None:
    """The answer that was given before, if the request was carried out."""
    try:
        kept = take_up(this)
    except UnderWayError as error:
        detail = _("The same request is being carried out just now.")
        raise Conflict(
            Flaw(
                "request_under_way", HEADER, this.key, detail, _("Ask again in a moment, with the same key.")
            )
        ) from error
    except OtherRequestError as error:
        detail = _("This idempotency key was used for another request.")
        raise Unprocessable(
            Flaw("key_of_another_request", HEADER, this.key, detail, _("Take a new key for a new request."))
        ) from error
    if kept is None:
        return None
    headers = {**kept.headers, REPLAYED: "true"}
    return HttpResponse(
        bytes(kept.body), status=kept.status, headers=headers, content_type=OrjsonRenderer.media_type
    )
