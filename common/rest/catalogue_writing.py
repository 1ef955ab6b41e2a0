"""The flaws of writing: what is wrong with a body, an entry, a report, a key. Numbers never change.

1xxx the request, 3xxx entries and reports, 4xxx keys; meanings are in English, as the documentation is.
"""

from collections.abc import Mapping

BODIES: Mapping[str, tuple[int, str]] = {
    "bad_json": (1013, "The body is not JSON in UTF-8, is nested too deeply, or has NaN or Infinity."),
    "body_too_large": (1014, "The body is larger than the address reads."),
    "unknown_field": (1015, "An object has a field that means nothing there."),
    "missing_field": (1016, "A field is missing."),
    "length_required": (1017, "The body comes in chunks; the header Content-Length is missing."),
}
ENTRIES: Mapping[str, tuple[int, str]] = {
    "unknown_place": (3001, "The form does not exist, or is not the caller's to fill in for the territory."),
    "bad_period": (3002, "The text is no period."),
    "period_not_covered": (3003, "The form does not ask for the period."),
    "period_not_begun": (3004, "The period has not begun yet."),
    "line_not_in_form": (3005, "The form does not ask for the indicator with the breakdown."),
    "out_of_range": (3006, "The figure lies outside the indicator's possible range."),
    "conflict": (3007, "Somebody else has saved the figure since it was read."),
    "version_required": (3008, "A figure is there, and the request does not say which version it saw."),
    "duplicate_row": (3009, "An earlier row is about the same figure."),
    "report_is_closed": (3010, "The report is submitted or approved."),
    "report_is_empty": (3011, "The report says nothing yet."),
    "report_not_submitted": (3012, "The report is not waiting for a decision."),
    "report_not_approved": (3013, "Only an approved report is reopened."),
    "own_report": (3014, "The caller typed or submitted the report himself."),
    "change_needs_reason": (3015, "A published figure would change without a comment that says why."),
    "change_needs_evidence": (
        3016,
        "A published figure would change without the file that the form asks for.",
    ),
    "warning_needs_comment": (3017, "A doubtful figure has no comment."),
    "figures_busy": (3018, "Somebody else is saving or publishing the figures just now."),
}
KEYS: Mapping[str, tuple[int, str]] = {
    "request_under_way": (4001, "A request with the same idempotency key is being carried out just now."),
    "key_of_another_request": (4002, "The idempotency key was used for another request."),
}
WRITING: Mapping[str, tuple[int, str]] = {**BODIES, **ENTRIES, **KEYS}
PROBLEMS: Mapping[str, str] = {
    "precondition_failed": "412: what is there is no longer what the client saw.",
    "length_required": "411: the header Content-Length is missing.",
    "body_too_large": "413: the body is larger than the address reads.",
    "unprocessable": "422: the request cannot be carried out; nothing was stored.",
    "precondition_required": "428: something is there, and the request does not say which version it saw.",
}
"""What a whole answer can be about, by its `code`."""
