"""Every flaw that a client can hear of, with a number that never changes and what it means.

Numbers: 1xxx the request, 2xxx uploads, 3xxx entries and reports, 4xxx keys and limits, 5xxx jobs. A new flaw
takes the next number of its thousand; the number of one that is no longer used is not given again.
"""

from collections.abc import Mapping
from typing import NamedTuple

from common.rest.catalogue_writing import PROBLEMS as OF_WRITING
from common.rest.catalogue_writing import WRITING


class Entry(NamedTuple):
    """A flaw's number and meaning; the cure comes with the answer."""

    number: int
    meaning: str


REQUEST: Mapping[str, Entry] = {
    "unknown_parameter": Entry(1001, "The address has no such parameter."),
    "repeated_parameter": Entry(1002, "A parameter that takes one value was sent several times."),
    "empty_parameter": Entry(1003, "A parameter was sent without a value."),
    "bad_value": Entry(1004, "A value is not of the kind, or not within the bounds, that is asked for."),
    "unknown_code": Entry(1005, "Nothing has the code or id that was sent."),
    "unknown_path": Entry(1006, "Nothing is at the address."),
    "bad_cursor": Entry(1007, "The cursor was issued for another list, filter or order, or is damaged."),
    "as_of_names_no_kpi": Entry(1008, "An earlier day was asked for without naming KPIs or programmes."),
    "unsuitable_format": Entry(1009, "The address answers in none of the media types that are accepted."),
    "selection_too_large": Entry(1010, "More rows were selected than the format can hold."),
    "contradictory_parameters": Entry(1011, "Two parameters cannot be combined."),
    "sync_too_old": Entry(
        1012, "What has changed since the sync can no longer be told: fetch the list anew."
    ),
}
UPLOADS: Mapping[str, Entry] = {
    "not_now": Entry(2001, "The upload is in a state in which this cannot be done."),
    "busy": Entry(2002, "A worker has the upload just now."),
    "foreign_source": Entry(2003, "The organisation does not speak for the source."),
    "nothing_to_apply": Entry(2004, "The file changes nothing."),
    "outside_mandate": Entry(2005, "The mandate does not cover a territory."),
    "reason_required": Entry(2006, "Something public changes, or is returned, and no reason was sent."),
    "newer_figures": Entry(2007, "Figures have been changed since by something else."),
    "changed_meanwhile": Entry(2008, "Somebody else has corrected the upload meanwhile."),
    "name_is_known": Entry(2009, "A name already means something else."),
    "nothing_meant": Entry(2010, "What was chosen for a name does not exist."),
    "published_nothing": Entry(2011, "A template was sent back that would publish nothing."),
}
LIMITS: Mapping[str, Entry] = {
    "too_many_requests": Entry(4003, "More requests came in a minute than the limit allows."),
}
JOBS: Mapping[str, Entry] = {
    "recomputation_under_way": Entry(5001, "A recomputation is under way already."),
    "recomputation_ended": Entry(5002, "The recomputation has ended and cannot be cancelled."),
}
CATALOGUE: Mapping[str, Entry] = {
    **REQUEST,
    **UPLOADS,
    **{code: Entry(*entry) for code, entry in WRITING.items()},
    **LIMITS,
    **JOBS,
}
UNLISTED = 1000
"""The number of a flaw that is not in the catalogue."""

PROBLEMS: Mapping[str, str] = {
    **OF_WRITING,
    "invalid_request": "400: parameters or fields cannot be used; `errors` says which and why.",
    "bad_request": "400: the request is malformed.",
    "parse_error": "400: the body is not what its media type says.",
    "not_authenticated": "401: the address needs a key or a session.",
    "authentication_failed": "401: the key opens nothing, or not any more.",
    "permission_denied": "403: what is asked for is not the client's to decide.",
    "not_found": "404: nothing has this code, or nothing is at the address.",
    "method_not_allowed": "405: the address does not answer this method; `Allow` lists those that it does.",
    "not_acceptable": "406: no media type that is accepted suits the address.",
    "conflict": "409: what is asked for is at odds with how things stand.",
    "sync_too_old": "410: the list has to be fetched anew.",
    "unsupported_media_type": "415: the address does not read bodies of this media type.",
    "throttled": "429: too many requests; `Retry-After` says when to ask again.",
}
"""What a whole answer can be about, by its `code`."""


def number_of(code: str) -> int:
    """The number of a flaw."""
    return CATALOGUE[code].number if code in CATALOGUE else UNLISTED
