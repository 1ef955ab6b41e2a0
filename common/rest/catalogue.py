"""Every flaw that a client can hear of, with a number that never changes and what it means.

Numbers: 1xxx the request, 2xxx uploads, 3xxx entries and reports, 4xxx keys and limits, 5xxx jobs. A new flaw
takes the next number of its thousand; the number of one that is no longer used is not given again.
"""

from collections.abc import Mapping
from typing import NamedTuple


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
BODIES: Mapping[str, Entry] = {
    "bad_json": Entry(1013, "The body is not JSON in UTF-8, is nested too deeply, or has NaN or Infinity."),
    "body_too_large": Entry(1014, "The body is larger than the address reads."),
    "unknown_field": Entry(1015, "An object has a field that means nothing there."),
    "missing_field": Entry(1016, "A field is missing."),
    "length_required": Entry(1017, "The body comes in chunks; the header Content-Length is missing."),
}
ENTRIES: Mapping[str, Entry] = {
    "unknown_place": Entry(
        3001, "The form does not exist, or is not the caller's to fill in for the territory."
    ),
    "bad_period": Entry(3002, "The text is no period."),
    "period_not_covered": Entry(3003, "The form does not ask for the period."),
    "period_not_begun": Entry(3004, "The period has not begun yet."),
    "line_not_in_form": Entry(3005, "The form does not ask for the indicator with the breakdown."),
    "out_of_range": Entry(3006, "The figure lies outside the indicator's possible range."),
    "conflict": Entry(3007, "Somebody else has saved the figure since it was read."),
    "version_required": Entry(3008, "A figure is there, and the request does not say which version it saw."),
    "duplicate_row": Entry(3009, "An earlier row is about the same figure."),
    "report_is_closed": Entry(3010, "The report is submitted or approved."),
    "report_is_empty": Entry(3011, "The report says nothing yet."),
    "report_not_submitted": Entry(3012, "The report is not waiting for a decision."),
    "report_not_approved": Entry(3013, "Only an approved report is reopened."),
    "own_report": Entry(3014, "The caller typed or submitted the report himself."),
    "change_needs_reason": Entry(3015, "A published figure would change without a comment that says why."),
    "change_needs_evidence": Entry(
        3016,
        "A published figure would change without the file that the form asks for.",
    ),
    "warning_needs_comment": Entry(3017, "A doubtful figure has no comment."),
    "figures_busy": Entry(3018, "Somebody else is saving or publishing the figures just now."),
}
KEYS: Mapping[str, Entry] = {
    "request_under_way": Entry(
        4001, "A request with the same idempotency key is being carried out just now."
    ),
    "key_of_another_request": Entry(4002, "The idempotency key was used for another request."),
    "too_many_requests": Entry(4003, "More requests came in a minute than the limit allows."),
}
JOBS: Mapping[str, Entry] = {
    "recomputation_under_way": Entry(5001, "A recomputation is under way already."),
    "recomputation_ended": Entry(5002, "The recomputation has ended and cannot be cancelled."),
    "publishing_paused": Entry(5003, "An administrator has paused publishing; nothing becomes public."),
    "not_allowed": Entry(5004, "To order papers takes a mandate."),
    "too_many": Entry(5005, "So many papers were ordered in this hour that no more are made."),
}
CATALOGUE: Mapping[str, Entry] = {**REQUEST, **UPLOADS, **BODIES, **ENTRIES, **KEYS, **JOBS}
UNLISTED = 1000
"""The number of a flaw that is not in the catalogue."""

PROBLEMS: Mapping[str, str] = {
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
    "length_required": "411: the header Content-Length is missing.",
    "precondition_failed": "412: what is there is no longer what the client saw.",
    "body_too_large": "413: the body is larger than the address reads.",
    "unsupported_media_type": "415: the address does not read bodies of this media type.",
    "unprocessable": "422: the request cannot be carried out; nothing was stored.",
    "precondition_required": "428: something is there, and the request does not say which version it saw.",
    "throttled": "429: too many requests; `Retry-After` says when to ask again.",
    "read_only": "503: nothing can be written just now, and nothing was; `Retry-After` says when.",
}
"""What a whole answer can be about, by its `code`."""


def number_of(code: str) -> int:
    """The number of a flaw."""
    return CATALOGUE[code].number if code in CATALOGUE else UNLISTED
