"""Each request has an id: it is on every line of the log that the request causes, and in its answer."""

import re
import uuid

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from common.logs import set_ids
from common.metering import GetResponse

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def request_ids(get_response: GetResponse) -> GetResponse:
    """The middleware; it stands outside all others.

    A proxy that is trusted may have given the id already. The id is not taken back when the answer leaves:
    an answer that streams is still being made then, and the next request brings its own.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXY else ""
        request_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        set_ids(request_id=request_id)
        response = get_response(request)
        response.headers[HEADER] = request_id
        return response

    return respond
