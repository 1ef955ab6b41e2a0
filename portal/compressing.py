"""Compressing what is kept for everybody, once for all who ask: by brotli, or by gzip for older clients.

An answer for everybody holds no secret, so that nobody can learn one from its length (the attack of BREACH).
All other answers are left to Django's middleware, which hides their lengths.
"""

import gzip
from functools import lru_cache

import brotli
from django.http import HttpResponse
from django.utils.http import parse_header_parameters

CODINGS = ("br", "gzip")
"""The best first."""
LEAST_BYTES = 200
"""Shorter ones hardly become shorter."""
BROTLI_QUALITY = 5
GZIP_LEVEL = 6


@lru_cache(maxsize=256)
def coding_of(accepted: str) -> str:
    """The best coding that a client accepts by its Accept-Encoding (RFC 9110, 12.5.3), or nothing."""
    try:
        told = dict(parse_header_parameters(each) for each in accepted.lower().split(","))
    except ValueError:  # parameters that are none
        return ""
    return next((coding for coding in CODINGS if coding in told and not _is_refused(told[coding])), "")


def _is_refused(parameters: dict[str, str]) -> bool:
    return parameters.get("q", "1").strip("0.") == ""


def compress(response: HttpResponse, coding: str) -> None:
    """Replaces the body, where that helps, by a compressed one: the same for the same body."""
    if len(response.content) < LEAST_BYTES or response.has_header("Content-Encoding"):
        return
    content = response.content
    if coding == "br":
        response.content = brotli.compress(content, brotli.MODE_TEXT, BROTLI_QUALITY)
    elif coding == "gzip":
        response.content = gzip.compress(content, GZIP_LEVEL, mtime=0)
    else:
        return
    response.headers["Content-Encoding"] = coding
    response.headers["Content-Length"] = str(len(response.content))
